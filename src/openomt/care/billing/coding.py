"""A visit as a claim: what the medicine says of its codes, laid out in diagnoses and lines with fees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from openomt.care.billing.values import (
    LETTERS,
    AppliedRules,
    AuditRow,
    ClaimLine,
    Coded,
    Diagnosis,
    Modifier,
    Reason,
    Warned,
)
from openomt.medicine.coding import (
    Basis,
    Code,
    CodingResult,
    EvaluationLine,
    TreatmentLine,
    code,
)
from openomt.medicine.coding.evaluation import charted_diagnoses, is_obstetric
from openomt.medicine.coding.rules import claim_number, icd_code, rules
from openomt.medicine.visit import Visit

Price = Callable[[str], Decimal | None]


@dataclass(frozen=True, slots=True)
class PayerTerms:
    """How the payer wants its claims. `rules` None: the default for its kind."""

    rules: str | None = None
    pointer_limit: int | None = None
    dysfunction_first: bool = False


@dataclass(frozen=True, slots=True)
class RuleSetChoice:
    """A rule set, for a form."""

    id: str
    title: str
    explanation: str


def rule_sets() -> tuple[RuleSetChoice, ...]:
    """The rule sets there are."""
    return tuple(RuleSetChoice(one.id, one.title, one.explanation) for one in rules().rule_sets.values())


def code_visit(visit: Visit, terms: PayerTerms, *, cpt: bool, price: Price) -> Coded:
    """The claim of a visit. Raises ValueError for a rule set that does not exist."""
    result = code(
        visit,
        rules=terms.rules,
        cpt=cpt,
        pointer_limit=terms.pointer_limit,
        dysfunction_first=terms.dysfunction_first,
    )
    diagnoses = tuple(_diagnoses(visit, result, dysfunction_first=terms.dysfunction_first))
    letters = {one.number: one.letter for one in diagnoses}
    lines = tuple(_lines(result, letters, terms, price))
    return Coded(
        diagnoses=diagnoses,
        lines=lines,
        warnings=tuple(
            Warned(
                id=one.id,
                title=one.title,
                message=one.message,
                todo=one.todo,
                severity=one.severity,
                about=one.about,
                sources=one.sources,
                confidence=one.confidence,
            )
            for one in result.warnings
        ),
        checklist=tuple(
            AuditRow(
                number=row.number, element=row.element, state=row.state, add=row.add, sources=row.sources
            )
            for row in result.checklist
        ),
        remarks=tuple(_reason(one) for one in result.remarks),
        rules=AppliedRules(
            id=result.rules.id,
            title=result.rules.title,
            explanation=result.rules.explanation,
            reason=_reason(result.rules.basis),
        ),
        nothing=() if lines else (_reason(result.treatment.basis), _reason(result.evaluation.basis)),
    )


def _diagnoses(visit: Visit, result: CodingResult, *, dysfunction_first: bool) -> Iterable[Diagnosis]:
    """Pregnancy codes lead; then symptoms and diseases, then dysfunction, or the other way where a payer wants it.

    A claim holds twelve: those a line points to are kept before the others.
    """
    charted = list(result.evaluation.icd)
    seen = {one.number for one in charted}
    charted += [
        one
        for one in (icd_code(number, _why(number)) for number in charted_diagnoses(visit))
        if one.number not in seen
    ]
    treated = list(result.treatment.icd)
    ordered = [*treated, *charted] if dysfunction_first else [*charted, *treated]
    ordered.sort(key=lambda one: not is_obstetric(one.number or ""))
    distinct = list({one.number: one for one in ordered}.values())
    pointed = {one.number for one in (*result.treatment.pointers, *result.evaluation.icd)}
    while len(distinct) > len(LETTERS):
        spare = [one for one in distinct if one.number not in pointed]
        distinct.remove((spare or distinct)[-1])
    for letter, one in zip(LETTERS, distinct, strict=False):
        yield Diagnosis(letter=letter, number=one.number or "", words=one.words, reason=_reason(one.basis))


def _why(number: str) -> str:
    return "icd-obstetric" if is_obstetric(number) else "icd-evaluation"


def _lines(
    result: CodingResult, letters: dict[str, str], terms: PayerTerms, price: Price
) -> Iterable[ClaimLine]:
    """The evaluation first, as on paper, then the treatment."""
    limit = claim_number("pointers") if terms.pointer_limit is None else terms.pointer_limit
    yield from _line("evaluation", result.evaluation, result.evaluation.icd[:limit], letters, price)
    yield from _line("treatment", result.treatment, result.treatment.pointers, letters, price)


def _line(
    about: str,
    line: EvaluationLine | TreatmentLine,
    pointers: Iterable[Code],
    letters: dict[str, str],
    price: Price,
) -> Iterable[ClaimLine]:
    if line.code is None:
        return
    number = line.code.number or ""
    why = line.code.basis
    reason = _reason(why) if why.reason == line.basis.reason else _joined(why, line.basis)
    yield ClaimLine.model_validate(
        {
            "about": about,
            "number": number,
            "words": line.code.words,
            "modifiers": tuple(
                Modifier(number=one.number or "", words=one.words, reason=_reason(one.basis))
                for one in line.modifiers
            ),
            "pointers": tuple(letters[one.number] for one in pointers if one.number in letters),
            "fee": price(number) if number else None,
            "reason": reason,
        }
    )


def _reason(basis: Basis) -> Reason:
    return Reason(text=basis.reason, sources=basis.sources, confidence=basis.confidence)


def _joined(first: Basis, second: Basis) -> Reason:
    return Reason(
        text=f"{first.reason}. {second.reason}",
        sources=tuple(dict.fromkeys((*first.sources, *second.sources))),
        confidence=first.confidence,
    )
