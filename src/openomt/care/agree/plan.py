"""The techniques a patient can be asked about: those the draft charts, and those advised for its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openomt.care.visits.around import around
from openomt.care.visits.drafts import draft_from, value
from openomt.care.visits.judging import refusals_known
from openomt.care.visits.live import short_name_of_code, suggestions
from openomt.care.visits.models import Visit
from openomt.care.visits.rule_settings import settings_of
from openomt.medicine.findings import Finding
from openomt.medicine.safety.plan import plan_of, technique_named
from openomt.medicine.safety.tables import tables
from openomt.medicine.techniques import Standing
from openomt.medicine.visit import Visit as VisitValue

_OF_EACH = 2
_MOST_ADVISED = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A technique that may be asked about. `charted`: the draft plans it; `never`: the patient never wants it."""

    code: str
    title: str
    charted: bool
    never: bool = False


def choices(visit: Visit, *, advice: bool = True) -> tuple[Choice, ...]:
    """Charted techniques in their order, then advised ones (which take longer to find)."""
    draft = draft_from(visit.draft)
    surroundings = around(visit, cpt=False, settings=settings_of())
    told = value(draft, surroundings.circumstances)
    charted = [item.technique for item in plan_of(told) if item.technique in tables().cards]
    advised = _advised(
        suggestions(told, draft, surroundings, list(_untreated(told))).targets
        if advice and told.findings
        else ()
    )
    never = {
        code
        for one in refusals_known(draft, surroundings.always_refused)
        for code in technique_named(one.technique).codes
        if one.technique in surroundings.always_refused
    }
    planned = dict.fromkeys(charted)
    rest = [code for code in dict.fromkeys(advised) if code not in planned][:_MOST_ADVISED]
    return tuple(
        Choice(code, short_name_of_code(code), code in planned, code in never) for code in (*planned, *rest)
    )


def usual(found: Iterable[Choice]) -> tuple[str, ...]:
    """What is asked where nobody chose: what is charted, or else what is advised."""
    found = tuple(found)
    return tuple(one.code for one in found if one.charted) or tuple(one.code for one in found)


def _untreated(told: VisitValue) -> Iterator[Finding]:
    treated = {one.region for one in told.treatments}
    for finding in told.findings:
        if finding.is_dysfunction and finding.region not in treated:
            yield finding


def _advised(targets: Iterable[object]) -> Iterator[str]:
    for target in targets:
        offered = [one.technique for one in target.options if one.standing is Standing.OFFERED]  # type: ignore[attr-defined]
        yield from offered[:_OF_EACH]
