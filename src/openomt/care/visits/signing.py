"""Makes the document that is signed: what was found, what safety said, the codes, the note as it reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from openomt.care.accounts.models import User
from openomt.care.visits.around import Around
from openomt.care.visits.documents import SCHEMA, canonical
from openomt.care.visits.drafts import Draft, to_data, value
from openomt.care.visits.judging import Warned, facts_of, judge, warned
from openomt.care.visits.models import Visit, VisitRegion
from openomt.medicine.anatomy import Region
from openomt.medicine.coding import Code, CodingResult, code
from openomt.medicine.narrative import CodeLine, note, to_text
from openomt.medicine.notation import write
from openomt.medicine.safety.values import Alerts, FiredRule, KnownFact
from openomt.medicine.visit import ExamState, Signature
from openomt.medicine.visit import Visit as VisitValue
from openomt.medicine.visit_json import to_json


@dataclass(frozen=True, slots=True)
class Made:
    """A document ready to be signed. `unanswered`: warnings kept without a reason, in words."""

    data: dict[str, Any]
    text: str
    note: str
    regions: list[VisitRegion]
    unanswered: tuple[str, ...]


def document(user: User, visit: Visit, draft: Draft, around: Around, at: dt.datetime) -> Made:
    """The document of a visit as it would be signed by this person at this time."""
    told = value(draft, around.circumstances)
    signed = replace(told, signature=Signature(user.name, user.credentials, at))
    alerts = judge(signed, draft, around)
    warnings = warned(alerts, draft, around.holding, around.always_refused)
    codes = code(signed, cpt=around.cpt)
    data = {
        "schema": SCHEMA,
        "visit": {"uid": str(visit.uid), "number": visit.number, "date": visit.date.isoformat()},
        "patient": _patient(visit),
        "clinician": {
            "name": visit.clinician.name,
            "credentials": visit.clinician.credentials,
            "npi": visit.clinician.npi,
        },
        "location": visit.location.name if visit.location else "",
        "draft": to_data(draft),
        "value": to_json(signed),
        "facts": [_fact(one) for one in facts_of(told, draft, around).present],
        "alerts": _alerts(alerts, warnings),
        "codes": _codes(codes),
        "orders": [{"kind": order.kind, "text": order.text} for order in visit.orders.all()],
    }
    return Made(
        data=data,
        text=canonical(data),
        note=to_text(note(signed, codes=code_lines(codes))),
        regions=list(region_rows(visit, signed)),
        unanswered=tuple(one.words for one in warnings if not one.reason),
    )


def _patient(visit: Visit) -> dict[str, str]:
    patient = visit.patient
    return {
        "uid": str(patient.uid),
        "family_name": patient.family_name,
        "given_names": patient.given_names,
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
    }


def _fact(known: KnownFact) -> dict[str, Any]:
    return {
        "fact": str(known.fact),
        "from": [{"kind": origin.kind.value, "words": origin.source} for origin in known.origins],
    }


def _alerts(alerts: Alerts, warnings: Iterable[Warned]) -> dict[str, Any]:
    return {
        "verdict": alerts.verdict.value,
        "rules": [_rule(rule) for rule in alerts.fired],
        "kept": [
            {
                "technique": one.technique,
                "region": one.region,
                "words": one.words,
                "verdict": one.verdict.value,
                "reason": one.reason,
            }
            for one in warnings
        ],
        "not known": [one.code for one in alerts.unknown],
    }


def _rule(rule: FiredRule) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "level": rule.level,
        "why": rule.why,
        "sources": list(rule.sources),
        "confidence": rule.confidence,
        "review": rule.review_state,
        "setting": rule.setting,
    }


def _codes(result: CodingResult) -> dict[str, Any]:
    def plain(one: Code | None) -> dict[str, str] | None:
        return (
            None
            if one is None
            else {"code": one.number or "", "words": one.words, "reason": one.basis.reason}
        )

    return {
        "regions": [region.value for region in result.regions_counted],
        "treatment": plain(result.treatment.code),
        "diagnoses": [plain(one) for one in result.treatment.icd],
        "evaluation": plain(result.evaluation.code),
        "rules": result.rules.id,
        "warnings": list(result.warning_ids),
    }


def code_lines(result: CodingResult) -> tuple[CodeLine, ...]:
    """The codes as the note prints them."""
    lines = [result.treatment.code, *result.treatment.modifiers, *result.treatment.icd]
    lines += [result.evaluation.code, *result.evaluation.modifiers]
    return tuple(CodeLine(one.number or "", one.words, one.basis.reason) for one in lines if one is not None)


def region_rows(visit: Visit, told: VisitValue) -> Iterable[VisitRegion]:
    """A row for each region that was examined or treated, from the head down."""
    responses = dict(told.responses)
    for region in Region:
        state = told.state_of(region)
        treated = list(dict.fromkeys(t.technique or "" for t in told.treatments if t.region is region))
        if state is ExamState.NOT_EXAMINED and not treated:
            continue
        found = [one for one in told.findings if one.region is region and not one.absent]
        severities = [one.severity for one in found if one.severity is not None]
        response = responses.get(region)
        yield VisitRegion(
            visit=visit,
            region=region.value,
            state=state.value,
            findings=write(found)[:300],
            severity=max(severities, default=None),
            techniques=",".join(treated)[:200],
            response=response.value if response else "",
        )
