"""Whose check-in it is and what was done: what the triage takes beside the answers."""

from __future__ import annotations

import datetime as dt

from openomt.care.patients.facts import known
from openomt.care.patients.models import Patient
from openomt.care.visits.models import Visit, VisitRegion
from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.phrases import technique_record
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.triage import Context, Population

_INFANT_MONTHS = 24
_AFTER_BIRTH = dt.timedelta(days=365)
_THRUST, _SOFT = "hvla", frozenset({"counterstrain", "blt"})


def treated(visit: Visit) -> list[VisitRegion]:
    """The regions that were treated. None: a visit without treatment, after which nobody is asked."""
    return list(visit.regions.exclude(techniques=""))


def population(patient: Patient, facts: PatientFacts, today: dt.date) -> Population:
    """Whose row of the table counts. The year after birth counts as pregnancy."""
    if facts.age_months is not None and facts.age_months < _INFANT_MONTHS:
        return Population.INFANT
    if facts.weeks is not None or facts.has("pregnant"):
        return Population.PREGNANT
    gave_birth = patient.pregnancies.filter(in_error=False, ended_on__gt=today - _AFTER_BIRTH)
    return Population.PREGNANT if gave_birth.exists() else Population.ADULT


def _technique(name: str) -> str:
    record = technique_record(name)
    return record.id if record else name


def around(visit: Visit, today: dt.date) -> tuple[Population, Context]:
    """The patient as on record today, and what was treated in this visit."""
    patient = visit.patient
    facts = known(patient, today)
    rows = treated(visit)
    done = {_technique(name) for row in rows for name in row.techniques.split(",")}
    places = {row.region for row in rows}
    return population(patient, facts, today), Context(
        neck_treated=Region.CERVICAL.value in places,
        thrust=_THRUST in done,
        rib_treated=Region.RIB.value in places,
        counterstrain_or_blt=not done.isdisjoint(_SOFT),
        anticoagulant=facts.has("anticoagulant"),
        older=facts.has("age_over_65"),
        steroid=facts.has("long_term_steroids"),
        osteoporosis=facts.has("osteoporosis"),
        weeks=facts.weeks,
        age_months=facts.age_months,
    )
