"""What the rules say of a draft, and which warnings still want the physician's reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openomt.care.visits.around import Around, with_draft
from openomt.care.visits.drafts import Draft
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.closing import joined
from openomt.medicine.safety.plan import examined, plan_of
from openomt.medicine.safety.values import Alerts, ItemAlert, PatientFacts, Verdict
from openomt.medicine.visit import Visit as VisitValue

WHOLE_PLAN = "*"
"""Stands for technique and region in an override of a rule that holds for any plan."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: for a planned item, or for the whole plan (`item` None), and the reason it was kept with."""

    technique: str
    region: str
    verdict: Verdict
    item: ItemAlert | None
    reason: str = ""


def judge(value: VisitValue, draft: Draft, around: Around) -> Alerts:
    """What the safety rules say of this visit for this patient."""
    return check(facts_of(value, draft, around), plan_of(value), around.settings)


def facts_of(value: VisitValue, draft: Draft, around: Around) -> PatientFacts:
    """The patient's facts, with what the draft and the examination add."""
    present, absent = examined(value)
    return joined(with_draft(around.facts, draft), PatientFacts(present=present, absent=absent))


def warned(alerts: Alerts, draft: Draft) -> tuple[Warned, ...]:
    """Every item at relative or worse, worst first, each with the reason it was kept with, where there is one."""
    reasons = {(one.technique, one.region): one.reason for one in draft.overrides}
    found = [*_gates(alerts), *_items(alerts)]
    found.sort(key=lambda one: -one.verdict.rank)
    return tuple(
        Warned(one.technique, one.region, one.verdict, one.item, reasons.get((one.technique, one.region), ""))
        for one in found
    )


def _gates(alerts: Alerts) -> Iterator[Warned]:
    if any(rule.level == "stop" for rule in alerts.gates):
        yield Warned(WHOLE_PLAN, WHOLE_PLAN, Verdict.STOP, None)


def _items(alerts: Alerts) -> Iterator[Warned]:
    gated = bool(list(_gates(alerts)))
    for alert in alerts.items:
        if alert.verdict is Verdict.CLEAR or (gated and alert.verdict is Verdict.STOP):
            continue
        yield Warned(alert.item.technique, region_word(alert.item.region), alert.verdict, alert)


def region_word(region: Region | None) -> str:
    return region.value if region is not None else ""
