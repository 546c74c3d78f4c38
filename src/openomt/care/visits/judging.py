"""What the rules say of a draft, and which warnings still want the physician's reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openomt.care.visits.around import Around, with_draft
from openomt.care.visits.drafts import Draft, refusals
from openomt.care.visits.models import Order
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.closing import joined
from openomt.medicine.safety.plan import examined, plan_of, technique_named
from openomt.medicine.safety.tables import tables
from openomt.medicine.safety.values import Alerts, ItemAlert, PatientFacts, Verdict
from openomt.medicine.techniques import Refusal, Scope
from openomt.medicine.visit import Visit as VisitValue

WHOLE_PLAN = "*"
ORDER = "order"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning, and the reason it was kept with.

    technique, region   of the planned item; `*` where it is about the whole plan; `order` and its uid where an
                        order holds the treatment; `refused` in place of a region where the patient refuses it
    words               what it is about, for people
    """

    technique: str
    region: str
    verdict: Verdict
    item: ItemAlert | None = None
    words: str = ""
    reason: str = ""


def judge(value: VisitValue, draft: Draft, around: Around) -> Alerts:
    """What the safety rules say of this visit for this patient."""
    return check(facts_of(value, draft, around), plan_of(value), around.settings)


def facts_of(value: VisitValue, draft: Draft, around: Around) -> PatientFacts:
    """The patient's facts, with what the draft and the examination add."""
    present, absent = examined(value)
    return joined(with_draft(around.facts, draft), PatientFacts(present=present, absent=absent))


def warned(
    alerts: Alerts, draft: Draft, holding: Sequence[Order] = (), always: tuple[str, ...] = ()
) -> tuple[Warned, ...]:
    """Every warning at relative or worse, worst first, each with the reason it was kept with, where there is one.

    holding  orders whose results must be read before anything is treated; they warn once something is planned
    always   techniques the patient never wants
    """
    reasons = {(one.technique, one.region): one.reason for one in draft.overrides}
    found = [
        *_gates(alerts),
        *(_holds(holding) if alerts.items else ()),
        *_refused(alerts, refusals_known(draft, always)),
        *_items(alerts),
    ]
    found.sort(key=lambda one: -one.verdict.rank)
    return tuple(replace(one, reason=reasons.get((one.technique, one.region), "")) for one in found)


def _holds(holding: Sequence[Order]) -> Iterator[Warned]:
    for order in holding:
        yield Warned(ORDER, str(order.uid), Verdict.STOP, words=f"Treatment waits for: {order.text}")


def _gates(alerts: Alerts) -> Iterator[Warned]:
    if any(rule.level == "stop" for rule in alerts.gates):
        yield Warned(WHOLE_PLAN, WHOLE_PLAN, Verdict.STOP, words="No treatment yet")


def refusals_known(draft: Draft, always: tuple[str, ...]) -> tuple[Refusal, ...]:
    """What the patient does not want, today or at all, as far as its words name techniques."""
    known: list[Refusal] = []
    for refusal in refusals(draft, always):
        try:
            technique_named(refusal.technique)
        except ValueError:
            continue
        known.append(refusal)
    return tuple(known)


def _refused(alerts: Alerts, refused: Sequence[Refusal]) -> Iterator[Warned]:
    """A technique that is planned though the patient refuses it; once for each."""
    scopes = {code: one.scope for one in refused for code in technique_named(one.technique).codes}
    for code in dict.fromkeys(alert.item.technique for alert in alerts.items):
        if code not in scopes:
            continue
        card = tables().cards.get(code)
        when = "at all" if scopes[code] is Scope.ALWAYS else "today"
        words = f"The patient does not want this {when}: {card.title if card else code}"
        yield Warned(code, REFUSED, Verdict.ABSOLUTE, words=words)


def _items(alerts: Alerts) -> Iterator[Warned]:
    gated = bool(list(_gates(alerts)))
    for alert in alerts.items:
        if alert.verdict is Verdict.CLEAR or (gated and alert.verdict is Verdict.STOP):
            continue
        region = region_word(alert.item.region)
        words = f"{alert.item.technique} {region.replace('_', ' ')}".strip()
        yield Warned(alert.item.technique, region, alert.verdict, alert, words)


def region_word(region: Region | None) -> str:
    return region.value if region is not None else ""
