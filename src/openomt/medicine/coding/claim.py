"""What stands against the claim as a whole: other services of the day, diagnoses, signature; and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.coding.evaluation import (
    MAJOR_SURGERY,
    SEPARATE_EVALUATION,
    charted_diagnoses,
    elements,
    family,
    is_obstetric,
)
from openomt.medicine.coding.result import Basis, CodingWarning, EvaluationLine, TreatmentLine
from openomt.medicine.coding.rules import (
    Terms,
    basis,
    claim_number,
    claim_text,
    named,
    place,
    rules,
    warning,
)
from openomt.medicine.visit import EmMethod, SameDayService, Visit

if TYPE_CHECKING:
    from openomt.knowledge.coding import SameDayKind

_PREVENTIVE = "preventive"
_BILATERAL = "50"


def claim_warnings(
    visit: Visit,
    regions: tuple[Region, ...],
    treatment: TreatmentLine,
    evaluation: EvaluationLine,
    terms: Terms,
) -> tuple[CodingWarning, ...]:
    """Warnings about the claim as a whole. `regions` are those that count."""
    found = [] if visit.is_signed else [warning("UNSIGNED")]
    found += _same_day_warnings(visit, regions, treatment, evaluation)
    if _duplicate(visit):
        found.append(warning("DUPLICATE_OMT"))
    found += _diagnosis_warnings(visit, treatment, evaluation, terms)
    return tuple(found)


# Other services of the day --------------------------------------------------------------------------


def kind_of(service: SameDayService) -> SameDayKind | None:
    """The family of a service, by its number, else by its words."""
    for kind in rules().same_day:
        if service.code and any(_in_run(service.code, run) for run in kind.codes):
            return kind
    if service.code:
        return None
    return next(
        (kind for kind in rules().same_day if any(named(name, service.name) for name in kind.names)), None
    )


def _in_run(code: str, run: str) -> bool:
    first, _, last = run.partition("-")
    return len(code) == len(first) and first <= code <= (last or first)


def _same_day_warnings(
    visit: Visit, regions: tuple[Region, ...], treatment: TreatmentLine, evaluation: EvaluationLine
) -> list[CodingWarning]:
    """A service matters only beside the line it collides with."""
    found: dict[str, list[str]] = {}
    for service in visit.billing.same_day:
        kind = kind_of(service)
        name = _collision(service, kind, regions) if kind else ""
        beside = _is_beside(visit, name, treatment, evaluation)
        if kind and name and beside:
            found.setdefault(name, []).append(kind.words)
    return [warning(name, ", ".join(dict.fromkeys(words))) for name, words in found.items()]


def _is_beside(visit: Visit, name: str, treatment: TreatmentLine, evaluation: EvaluationLine) -> bool:
    if name != "G2211_WITH_25":
        return treatment.code is not None
    preventive = any(named(_PREVENTIVE, service.name) for service in visit.billing.same_day)
    separate = rules().modifiers[SEPARATE_EVALUATION].words
    return not preventive and any(modifier.words == separate for modifier in evaluation.modifiers)


def _collision(service: SameDayService, kind: SameDayKind, regions: tuple[Region, ...]) -> str:
    """The warning a service raises beside treatment; empty where it raises none."""
    marked = any(modifier in kind.apart_modifiers for modifier in service.modifiers)
    if kind.for_treatment:
        presumed = kind.for_treatment == "always" and not marked
        related = presumed if service.for_omt is None else service.for_omt
        return kind.warning if related else ""
    if service.other_discipline:
        return kind.other_discipline
    return "" if marked and _apart(service, regions) else kind.warning


def _apart(service: SameDayService, regions: tuple[Region, ...]) -> bool:
    """Whether a service was given in another region or session."""
    if service.other_session or service.regions_differ:
        return True
    return service.regions_differ is None and service.region is not None and service.region not in regions


def _duplicate(visit: Visit) -> bool:
    return len(visit.billing.entered_treatment) > 1


# Diagnoses ------------------------------------------------------------------------------------------


def _diagnosis_warnings(
    visit: Visit, treatment: TreatmentLine, evaluation: EvaluationLine, terms: Terms
) -> list[CodingWarning]:
    from openomt.knowledge import icd

    found = []
    if len(evaluation.icd) > terms.pointer_limit:
        found.append(warning("DX_POINTERS_OVER_4", ", ".join(code.shown for code in evaluation.icd)))
    charted = charted_diagnoses(visit)
    on_claim = (*charted, *(code.shown for code in treatment.icd))
    pairs = [f"{pair.first} and {pair.second} ({pair.note})" for pair in icd.exclusions(on_claim)]
    if pairs:
        found.append(warning("ICD_EXCLUDES1", "; ".join(pairs)))
    if _pregnancy_misplaced(visit, charted):
        found.append(warning("OB_CODE_FIRST", ", ".join(charted) or "no code charted"))
    return found


def _pregnancy_misplaced(visit: Visit, charted: tuple[str, ...]) -> bool:
    """A pregnancy code that does not lead, or a pregnancy without one."""
    if any(is_obstetric(code) for code in charted):
        return not is_obstetric(charted[0])
    return bool(visit.billing.pregnant) and claim_text("incidental-pregnancy") not in charted


# Remarks --------------------------------------------------------------------------------------------


def claim_remarks(
    visit: Visit, treatment: TreatmentLine, evaluation: EvaluationLine, terms: Terms
) -> tuple[Basis, ...]:
    """What deserves a word and has no warning in the vocabulary."""
    found = [*_code_remarks(visit, treatment, evaluation), *_entry_remarks(visit, treatment)]
    found += _evaluation_remarks(visit, evaluation)
    unplaced = [part.technique or "method not said" for part in visit.treatments if part.region is None]
    if unplaced:
        found.append(basis("note-unplaced", technique=", ".join(dict.fromkeys(unplaced))))
    if visit.billing.maintenance and not terms.rule_set.advance_notice:
        found.append(basis("note-private-maintenance"))
    return tuple(found)


def _code_remarks(visit: Visit, treatment: TreatmentLine, evaluation: EvaluationLine) -> list[Basis]:
    from openomt.knowledge import icd

    found = []
    for code in charted_diagnoses(visit):
        if icd.lookup(code) is None:
            found.append(basis("note-unknown-code", code=code))
        elif not icd.is_billable(code):
            found.append(basis("note-not-billable", code=code))
    total = len({code.shown for code in (*treatment.icd, *evaluation.icd)})
    limit = claim_number("diagnoses")
    if total > limit:
        found.append(basis("note-diagnoses", count=total, limit=limit))
    return found


def _entry_remarks(visit: Visit, treatment: TreatmentLine) -> list[Basis]:
    billing = visit.billing
    found = []
    if not entered_matches(visit, treatment):
        found.append(basis("note-entered"))
    if _BILATERAL in billing.entered_treatment_modifiers:
        found.append(basis("note-bilateral"))
    if visit.evaluation and MAJOR_SURGERY in (visit.evaluation.entered_modifiers or ()):
        found.append(basis("note-major-surgery"))
    return found


def entered_matches(visit: Visit, treatment: TreatmentLine) -> bool:
    """Whether a code of treatment that somebody entered is the one for the regions counted."""
    entered = set(visit.billing.entered_treatment)
    if not entered:
        return True
    words = treatment.code.words if treatment.code else ""
    return entered <= {level.number for level in rules().omt_levels if level.words == words}


def _evaluation_remarks(visit: Visit, line: EvaluationLine) -> list[Basis]:
    evaluation = visit.evaluation
    if evaluation is None or line.code is None:
        return []
    found = []
    chosen = family(visit)
    if place(visit) is None:
        found.append(basis("note-place", place=visit.setting.place_of_service, family=chosen.title))
    if chosen.status_by == "stay" and evaluation.first_of_stay is None:
        found.append(basis("note-stay"))
    if evaluation.method is EmMethod.DECISION_MAKING:
        names = ("problems", "data", "risk")
        silent = [name for name, value in zip(names, elements(evaluation), strict=True) if value is None]
        found += [basis("note-element", element=name) for name in silent]
    if not line.icd:
        found.append(basis("note-no-diagnosis"))
    return found
