"""A visit in codes: ICD-10-CM and CPT with the reason for each, warnings, and what an auditor would miss.

    result = code(visit)                     # in words
    result = code(visit, cpt=True)           # with CPT numbers, for a practice that has confirmed its licence

Regions count only where a finding and a treatment meet. Nothing here blocks: a warning says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openomt.medicine.coding.checklist import checklist
from openomt.medicine.coding.claim import claim_remarks, claim_warnings
from openomt.medicine.coding.evaluation import evaluation_line
from openomt.medicine.coding.regions import account_regions
from openomt.medicine.coding.result import (
    Answer,
    AppliedRules,
    Basis,
    ChecklistRow,
    Code,
    CodeSystem,
    CodingResult,
    CodingWarning,
    EvaluationLine,
    RegionAccount,
    RegionState,
    RowState,
    TreatmentLine,
)
from openomt.medicine.coding.rules import Terms, basis, claim_number, named
from openomt.medicine.coding.rules import rules as known_rules
from openomt.medicine.coding.treatment import treatment_line, treatment_warnings
from openomt.medicine.visit import Visit

if TYPE_CHECKING:
    from openomt.knowledge.coding import RuleSet

__all__ = [
    "Answer",
    "AppliedRules",
    "Basis",
    "ChecklistRow",
    "Code",
    "CodeSystem",
    "CodingResult",
    "CodingWarning",
    "EvaluationLine",
    "RegionAccount",
    "RegionState",
    "RowState",
    "TreatmentLine",
    "code",
]


def code(
    visit: Visit,
    *,
    rules: str | None = None,
    cpt: bool = False,
    pointer_limit: int | None = None,
    dysfunction_first: bool = False,
) -> CodingResult:
    """The codes of a visit.

    rules              id of a rule set; None: the payer's default
    cpt                whether CPT numbers are shown (the practice has confirmed its licence); else words
    pointer_limit      diagnoses a claim line points to; None: the claim form's number
    dysfunction_first  a payer that wants somatic dysfunction first on the evaluation line

    Raises ValueError for a rule set that does not exist.
    """
    rule_set, reason = _rule_set(visit, rules)
    limit = claim_number("pointers") if pointer_limit is None else pointer_limit
    terms = Terms(rule_set, cpt, limit, dysfunction_first)
    accounts = account_regions(visit)
    treatment = treatment_line(visit, accounts, terms)
    evaluation, evaluation_warnings = evaluation_line(visit, treatment, terms)
    counted = tuple(account.region for account in accounts if account.state is RegionState.COUNTED)
    return CodingResult(
        regions=accounts,
        treatment=treatment,
        evaluation=evaluation,
        rules=AppliedRules(rule_set.id, rule_set.title, rule_set.explanation, reason),
        warnings=_distinct(
            *treatment_warnings(visit, accounts, treatment, terms),
            *evaluation_warnings,
            *claim_warnings(visit, counted, treatment, evaluation, terms),
        ),
        remarks=claim_remarks(visit, treatment, evaluation, terms),
        checklist=checklist(visit, accounts, treatment, evaluation),
    )


def _distinct(*warnings: CodingWarning) -> tuple[CodingWarning, ...]:
    """One warning of each kind, the first."""
    found: dict[str, CodingWarning] = {}
    for warning in warnings:
        found.setdefault(warning.id, warning)
    return tuple(found.values())


def _rule_set(visit: Visit, chosen: str | None) -> tuple[RuleSet, Basis]:
    """The rule set chosen, else the payer's, else the default; and why."""
    known = known_rules().rule_sets
    if chosen is not None:
        if chosen not in known:
            raise ValueError(f"rules: {chosen!r} is not one of {', '.join(known)}")
        return known[chosen], basis("rules-chosen")
    payer = visit.setting.payer
    default = next(record for record in known.values() if record.default)
    record = next((record for record in known.values() if _pays(record, payer)), default)
    return record, basis("rules-payer", payer=payer)


def _pays(record: RuleSet, payer: str) -> bool:
    return any(named(name, payer) for name in record.payers)
