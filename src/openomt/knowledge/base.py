"""What every record of `knowledge/data` carries. A record without a source does not load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from openomt.knowledge.marks import AWAITING_REVIEW, Confidence

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+/ -]*$")]


class Frozen(BaseModel):
    """A value that cannot change and takes no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Review(Frozen):
    """Who checked a record, and when."""

    by: str = Field(min_length=1)
    on: dt.date


class Record(Frozen):
    """One fact. `kind` is the name of its table in the TOML files."""

    kind: ClassVar[str] = ""

    id: Id
    sources: tuple[str, ...] = Field(min_length=1, description="ids of [[source]] records")
    confidence: Confidence
    reviewed: Review | None = None

    @property
    def review_state(self) -> str:
        """`reviewed by NAME on DATE`, or that a physician has yet to read it."""
        if self.reviewed is None:
            return AWAITING_REVIEW
        return f"reviewed by {self.reviewed.by} on {self.reviewed.on.isoformat()}"

    def summary(self) -> str:
        """One line for lists."""
        return self.id

    @classmethod
    def cross_check(cls, records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:  # noqa: ARG003
        """What is wrong between records of this kind and others, a line each."""
        return ()

    def points_to(self) -> Iterable[tuple[str, str]]:
        """Kind and id of every record this one names. The loader refuses one that is not there."""
        return ()


class Source(Frozen):
    """A text that facts were taken from. `retrieved` False: named by the research, its text was not read."""

    kind: ClassVar[str] = "source"

    id: Id
    title: str = Field(min_length=1)
    where: str = ""
    retrieved: bool
    note: str = ""
