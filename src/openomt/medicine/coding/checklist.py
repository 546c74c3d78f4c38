"""The thirteen rows an auditor looks for, each met, missing with what to add, or not applicable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from openomt.medicine.anatomy import Region
from openomt.medicine.coding.claim import entered_matches
from openomt.medicine.coding.evaluation import charted_diagnoses, elements
from openomt.medicine.coding.regions import is_evidence, reach
from openomt.medicine.coding.result import (
    ChecklistRow,
    EvaluationLine,
    RegionAccount,
    RegionState,
    RowState,
    TreatmentLine,
)
from openomt.medicine.coding.rules import rules
from openomt.medicine.coding.treatment import (
    titles,
    treated_regions,
    without_response,
    without_technique,
)
from openomt.medicine.findings import Finding
from openomt.medicine.visit import EmMethod, Visit

Lacks = Mapping[str, str] | None
"""Parts that are missing, with the regions they are missing for; None: the row does not apply."""


def checklist(
    visit: Visit,
    accounts: tuple[RegionAccount, ...],
    treatment: TreatmentLine,
    evaluation: EvaluationLine,
) -> tuple[ChecklistRow, ...]:
    """The rows in their order, for this visit."""
    found = {
        "audit-01": _history(visit),
        "audit-02": _absent(safety=visit.safety_screen),
        "audit-03": _structural_exam(visit, accounts),
        "audit-04": _absent(related_exam=visit.related_exam) if evaluation.code else None,
        "audit-05": _assessment(visit, accounts),
        "audit-06": _decision(visit),
        "audit-07": _consent(visit),
        "audit-08": _procedure(visit, accounts),
        "audit-09": _recheck(visit, accounts),
        "audit-10": _plan(visit),
        "audit-11": _aftercare(visit),
        "audit-12": _signature(visit),
        "audit-13": _agreement(visit, accounts, treatment),
    }
    return tuple(
        _row(place, None if (lacks := found[record.id]) is None else tuple(lacks.items()))
        for place, record in enumerate(rules().audit)
    )


@lru_cache(maxsize=2048)
def _row(place: int, lacking: tuple[tuple[str, str], ...] | None) -> ChecklistRow:
    """The row at this place of the list. While somebody writes, most rows stay as they were."""
    record = rules().audit[place]
    lacks = None if lacking is None else dict(lacking)
    state = RowState.NOT_APPLICABLE if lacks is None else RowState.MISSING if lacks else RowState.MET
    add = tuple(part.add.format(what=lacks[part.id]) for part in record.parts if lacks and part.id in lacks)
    return ChecklistRow(record.number, record.element, state, add, record.sources, record.confidence.value)


def _absent(**parts: object) -> dict[str, str]:
    """The parts that are empty. `related_exam` is the part `related-exam`."""
    return {name.replace("_", "-"): "" for name, value in parts.items() if not value}


def _for_regions(**parts: Iterable[Region]) -> dict[str, str]:
    """The parts that are missing for some region."""
    named = {name.replace("_", "-"): titles(regions) for name, regions in parts.items()}
    return {name: regions for name, regions in named.items() if regions}


def _history(visit: Visit) -> Lacks:
    return _absent(
        complaint=visit.chief_complaint,
        history=visit.history,
        function=visit.function,
        function_change=visit.function_change,
    )


def _structural_exam(visit: Visit, accounts: tuple[RegionAccount, ...]) -> Lacks:
    if not accounts:
        return None
    evidence = [finding for finding in visit.findings if is_evidence(finding)]

    def lacking(regions: Iterable[Region], holds: Callable[[Finding], bool]) -> list[Region]:
        return [
            region
            for region in regions
            if not any(holds(part) for part in evidence if region in reach(part.region, part.level))
        ]

    found = [account.region for account in accounts if account.findings]
    return _for_regions(
        finding=[account.region for account in accounts if not account.findings],
        tart=lacking(found, lambda part: bool(part.tart)),
        place=lacking(found, lambda part: part.level is not None or part.side is not None),
        severity=lacking(found, lambda part: part.severity is not None),
    )


def _assessment(visit: Visit, accounts: tuple[RegionAccount, ...]) -> Lacks:
    symptom = visit.assessment or charted_diagnoses(visit)
    return _absent(symptom=symptom, dysfunction=any(account.findings for account in accounts))


def _decision(visit: Visit) -> Lacks:
    evaluation = visit.evaluation
    if evaluation is None:
        return None
    if evaluation.method is EmMethod.DECISION_MAKING:
        return _absent(decision=all(element is not None for element in elements(evaluation)))
    return _absent(
        total_time=evaluation.total_minutes is not None,
        treatment_time=evaluation.omt_minutes is not None or not visit.treatments,
    )


def _consent(visit: Visit) -> Lacks:
    if not visit.treatments:
        return None
    return _absent(consent=visit.consent.given, discussed=visit.consent.discussed)


def _procedure(visit: Visit, accounts: tuple[RegionAccount, ...]) -> Lacks:
    if not visit.treatments:
        return None
    lacks = _for_regions(technique=without_technique(visit, accounts))
    return lacks | _absent(position=visit.positions, tolerance=visit.tolerance)


def _recheck(visit: Visit, accounts: tuple[RegionAccount, ...]) -> Lacks:
    if not visit.treatments:
        return None
    lacks = _for_regions(response=without_response(visit, accounts))
    return lacks | _absent(complications=visit.complications or visit.complications_asked)


def _plan(visit: Visit) -> Lacks:
    plan = visit.plan
    return _absent(
        goal=plan.has_goal,
        frequency=plan.frequency,
        exercise=plan.home_exercise,
        review=plan.next_review,
        stop=plan.stop_when,
    )


def _aftercare(visit: Visit) -> Lacks:
    if not visit.treatments:
        return None
    return _absent(aftercare=visit.plan.aftercare, **{"return": visit.plan.return_precautions})


def _signature(visit: Visit) -> Lacks:
    signed = visit.signature
    return _absent(signature=visit.is_signed, credentials=signed is not None and signed.credentials)


def _agreement(visit: Visit, accounts: tuple[RegionAccount, ...], treatment: TreatmentLine) -> Lacks:
    if not accounts:
        return None
    states = {account.region: account.state for account in accounts}
    lacks = _for_regions(
        treated_not_found=[
            region for region in treated_regions(accounts) if states[region] is not RegionState.COUNTED
        ],
        found_not_treated=[region for region, state in states.items() if state is RegionState.NOT_TREATED],
    )
    return lacks | _absent(entered=entered_matches(visit, treatment))
