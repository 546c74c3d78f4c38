"""What a patient reads before they answer, out of the records, with the hash by which a text is known again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache

from openomt.care.visits.documents import canonical, digest
from openomt.knowledge.base import Record
from openomt.knowledge.consent import ConsentPoint
from openomt.knowledge.learning import TechniquePage
from openomt.knowledge.loader import load
from openomt.knowledge.marks import Confidence
from openomt.knowledge.redflags import Aftercare
from openomt.medicine.learning import TECHNIQUES, Page, page
from openomt.medicine.learning.values import Line

_UNSURE = (Confidence.TEACHING, Confidence.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class TechniqueText:
    """A technique as the patient reads of it. `rare`: what is its own beside what is told of every plan."""

    code: str
    language: str
    name: str
    does: tuple[Line, ...]
    feel: tuple[Line, ...]
    do: tuple[Line, ...]
    after: tuple[Line, ...]
    rare: tuple[Line, ...]
    pose: str
    hands: str

    @property
    def sha256(self) -> str:
        return digest(canonical(self.as_data()))

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    @property
    def marks(self) -> tuple[str, ...]:
        return marks(*self.does, *self.feel, *self.do, *self.after, *self.rare)


@dataclass(frozen=True, slots=True)
class PlanText:
    """What holds of the whole plan: what to expect, counts, rare harms, other ways, what one may do, when to call."""

    language: str
    expect: tuple[Line, ...]
    common: tuple[Line, ...]
    rare: tuple[Line, ...]
    other_ways: tuple[Line, ...]
    rights: tuple[Line, ...]
    call: tuple[Line, ...]

    @property
    def sha256(self) -> str:
        return digest(canonical(self.as_data()))

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    @property
    def marks(self) -> tuple[str, ...]:
        return marks(*self.expect, *self.common, *self.rare, *self.other_ways, *self.rights, *self.call)


def marks(*lines: Line) -> tuple[str, ...]:
    """The marks that some line has."""
    return tuple(mark for mark in ("K", "?") if any(line.mark == mark for line in lines))


@cache
def technique_text(code: str, language: str) -> TechniqueText:
    """Raises KeyError for a code without a page."""
    record = next((one for one in load().all(TechniquePage) if one.code == code), None)
    found = page(TECHNIQUES, record.id, language) if record else None
    if found is None:
        raise KeyError(code)
    return TechniqueText(
        code=code,
        language=language,
        name=found.title,
        does=_part(found, "does"),
        feel=_part(found, "feel"),
        do=_part(found, "do"),
        after=_part(found, "after"),
        rare=_points("rare", language, code=code),
        pose=found.poses[0],
        hands=found.hands,
    )


@cache
def plan_text(language: str, audiences: frozenset[str] = frozenset({"all"})) -> PlanText:
    """`audiences`: all, and child or pregnant where that is so."""
    return PlanText(
        language=language,
        expect=_aftercare("expect", language),
        common=_points("common", language, audiences),
        rare=_points("rare", language, audiences),
        other_ways=_points("other_ways", language, audiences),
        rights=_points("rights", language, audiences),
        call=_aftercare("call", language, pregnant="pregnant" in audiences),
    )


def _part(found: Page, name: str) -> tuple[Line, ...]:
    return next((part.lines for part in found.parts if part.name == name), ())


def _points(
    group: str, language: str, audiences: frozenset[str] = frozenset({"all"}), code: str = ""
) -> tuple[Line, ...]:
    """Lines of a group: those of one technique, or those of every plan."""
    fitting = [
        one
        for one in load().all(ConsentPoint)
        if one.group == group
        and (code in one.techniques if code else not one.techniques and one.audience in audiences)
    ]
    return _lines(sorted(fitting, key=lambda one: one.order), language)


def _aftercare(group: str, language: str, *, pregnant: bool = False) -> tuple[Line, ...]:
    found = [one for one in load().all(Aftercare) if one.group == group]
    if not pregnant:
        found = [one for one in found if one.id != "call-pregnant"]
    return _lines(sorted(found, key=lambda one: one.order), language)


def _lines(records: Iterable[ConsentPoint | Aftercare], language: str) -> tuple[Line, ...]:
    return tuple(Line(one.es if language == "es" else one.en, mark_of(one)) for one in records)


def mark_of(record: Record) -> str:
    """The mark of a record that is less sure than the rest."""
    return record.confidence.value if record.confidence in _UNSURE else ""


def in_language(record: Record, language: str, field: str = "") -> str:
    """What a record says: `field_en` or `field_es`, or `en` and `es`."""
    return str(getattr(record, f"{field}_{language}" if field else language))
