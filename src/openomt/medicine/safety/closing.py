"""What follows from what is known of a patient: from age, from weeks of pregnancy, and from other facts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from openomt.medicine.safety.tables import Tables, is_red, tables, unknown_code
from openomt.medicine.safety.values import Fact, KnownFact, Origin, OriginKind, PatientFacts

if TYPE_CHECKING:
    from openomt.knowledge.safety import PatientFact

YEAR = 12


def close(patient: PatientFacts) -> tuple[KnownFact, ...]:
    """Every fact that is true, stated or derived, each with all its origins, ordered by code and region.

    Raises ValueError for a code nobody knows. One that begins with `rf_` is taken as a red flag nonetheless.
    """
    known = tables()
    found: dict[Fact, tuple[Origin, ...]] = {}
    todo = [*patient.present]
    if len(todo) > 1:
        todo.sort(key=_order)
    for one in todo:
        _check_code(one.fact.code, known)
    if patient.age_months is not None:
        todo += _from_age(patient.age_months)
    if patient.weeks is not None:
        todo += _from_weeks(patient.weeks)
    for one in todo:  # grows while it runs
        origins = found.get(one.fact)
        if origins is None:
            found[one.fact] = one.origins
            todo += _implied(one.fact)
        else:
            found[one.fact] = (*origins, *(origin for origin in one.origins if origin not in origins))
    closed = [KnownFact(fact, origins) for fact, origins in found.items()]
    closed.sort(key=_order)
    return tuple(closed)


def joined(first: PatientFacts, second: PatientFacts) -> PatientFacts:
    """What two accounts of one patient say together. Age, sex and weeks are the first's where it has them; a
    fact that either holds true is not absent.
    """
    present = (*first.present, *second.present)
    true = {code for one in present for code in (one.fact.code, str(one.fact))}
    return PatientFacts(
        age_months=second.age_months if first.age_months is None else first.age_months,
        sex=first.sex or second.sex,
        weeks=second.weeks if first.weeks is None else first.weeks,
        present=present,
        absent=(first.absent | second.absent) - true,
        questions=(*first.questions, *second.questions),
    )


def check_absent(absent: frozenset[str]) -> None:
    """Raises ValueError for a code among the absent ones that nobody knows."""
    for code in sorted(absent):
        _check_code(code.partition("@")[0], tables())


def _check_code(code: str, known: Tables) -> None:
    if code not in known.codes and not is_red(code):
        raise unknown_code(code, "fact", known.codes)


def _order(known: KnownFact) -> tuple[str, str]:
    return known.fact.code, known.fact.region.value if known.fact.region else ""


@lru_cache(maxsize=4096)
def _from_age(months: int) -> tuple[KnownFact, ...]:
    age = f"age {months // YEAR}" if months >= 2 * YEAR else f"age {months} months"
    return tuple(
        _derived(fact, OriginKind.AGE, age, f"{fact.title}: follows from the age")
        for fact in tables().facts.values()
        if fact.age_months is not None and fact.age_months.hold(months)
    )


@lru_cache(maxsize=256)
def _from_weeks(weeks: int) -> tuple[KnownFact, ...]:
    return tuple(
        _derived(fact, OriginKind.PREGNANCY, f"{weeks} weeks", f"{fact.title}: follows from the weeks")
        for fact in tables().facts.values()
        if fact.weeks is not None and fact.weeks.hold(weeks)
    )


@lru_cache(maxsize=4096)
def _implied(fact: Fact) -> tuple[KnownFact, ...]:
    known = tables()
    record = known.facts.get(fact.code)
    if record is None:
        return ()
    return tuple(
        _derived(
            known.facts[code],
            OriginKind.IMPLIED,
            str(fact),
            f"{record.title} implies {known.facts[code].title}",
            like=fact,
        )
        for code in record.implies
    )


def _derived(
    record: PatientFact, kind: OriginKind, source: str, reason: str, like: Fact | None = None
) -> KnownFact:
    region = like.region if like is not None and record.regional else None
    origin = Origin(kind, source, reason, sources=record.sources, confidence=record.confidence.value)
    return KnownFact(Fact(record.id, region), (origin,))
