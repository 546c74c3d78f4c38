"""What a claim holds: diagnoses, lines, warnings and checklist, each with its reason. Stored as JSON."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

CENT = Decimal("0.01")
LETTERS = "ABCDEFGHIJKL"
"""The diagnoses of a claim form."""
MUST_ANSWER = ("stop", "fix")
"""Severities that keep a claim from going out until somebody answers them."""


def money(amount: Decimal) -> Decimal:
    """An amount in cents; half a cent goes up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(Value):
    """Why, and what it rests on."""

    text: str
    sources: tuple[str, ...] = ()
    confidence: str = ""


class Modifier(Value):
    """A modifier; its number is empty while it may not be shown."""

    number: str
    words: str
    reason: Reason

    @property
    def shown(self) -> str:
        return self.number or self.words


class Diagnosis(Value):
    """A diagnosis with its letter on the claim."""

    letter: str
    number: str
    words: str
    reason: Reason


class Change(Value):
    """A field of a line changed by hand."""

    field: Literal["code", "modifiers", "units", "fee", "left out"]
    was: str
    now: str
    words: str
    by: str
    at: str


class ClaimLine(Value):
    """One line. `number` is empty while CPT is off; `fee` is for one unit, None where the practice has none.

    off     left off the claim by hand
    """

    about: Literal["treatment", "evaluation"]
    number: str
    words: str
    modifiers: tuple[Modifier, ...] = ()
    pointers: tuple[str, ...] = ()
    units: int = 1
    fee: Decimal | None = None
    reason: Reason
    off: bool = False
    changes: tuple[Change, ...] = ()

    @property
    def shown(self) -> str:
        return self.number or self.words

    @property
    def total(self) -> Decimal:
        return money((self.fee or Decimal(0)) * self.units)


class Warned(Value):
    """A warning of coding. `settled`: why it does not stand in the way, in somebody's words."""

    id: str
    title: str
    message: str
    todo: str
    severity: str
    about: str
    sources: tuple[str, ...]
    confidence: str
    settled: str = ""
    settled_by: str = ""

    @property
    def is_open(self) -> bool:
        return self.severity in MUST_ANSWER and not self.settled


class AuditRow(Value):
    """One row of the checklist."""

    number: int
    element: str
    state: str
    add: tuple[str, ...]
    sources: tuple[str, ...]


class AppliedRules(Value):
    """The payer's reading that was applied, and why this one."""

    id: str = ""
    title: str = ""
    explanation: str = ""
    reason: Reason = Reason(text="")


class Coded(Value):
    """A visit as a claim. `nothing`: why there is no line, where there is none."""

    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[ClaimLine, ...] = ()
    warnings: tuple[Warned, ...] = ()
    checklist: tuple[AuditRow, ...] = ()
    remarks: tuple[Reason, ...] = ()
    rules: AppliedRules = AppliedRules()
    nothing: tuple[Reason, ...] = ()

    @property
    def billed(self) -> tuple[ClaimLine, ...]:
        """The lines that go on the claim."""
        return tuple(line for line in self.lines if not line.off)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.billed), Decimal("0.00"))

    @property
    def open_warnings(self) -> tuple[Warned, ...]:
        return tuple(one for one in self.warnings if one.is_open)
