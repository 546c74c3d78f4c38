"""Patients and plans for tests, in short words."""

from __future__ import annotations

from collections.abc import Iterable

from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import fact_named, read_plan, stated
from openomt.medicine.safety.practice import Settings
from openomt.medicine.safety.values import Alerts, PatientFacts, Sex


def patient(
    *facts: str,
    years: int | None = None,
    months: int | None = None,
    sex: Sex | None = None,
    weeks: int | None = None,
    absent: Iterable[str] = (),
) -> PatientFacts:
    """A patient of whom these facts were entered."""
    return PatientFacts(
        age_months=months if years is None else years * 12,
        sex=sex,
        weeks=weeks,
        present=tuple(stated(fact_named(code)) for code in facts),
        absent=frozenset(absent),
    )


def alerts(plan: str, *facts: str, settings: Settings = ()) -> Alerts:
    """The alerts about a plan for a patient of whom only these facts are known."""
    return check(patient(*facts), read_plan(plan), settings)


def rules_of(found: Alerts) -> list[str]:
    return [rule.rule for rule in found.fired]
