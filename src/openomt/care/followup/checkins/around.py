"""Whose check-in it is and what was done: what the triage takes beside the answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from openomt.care.patients.facts import gave_birth, known
from openomt.care.visits.models import Visit, VisitRegion
from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.phrases import technique_record
from openomt.medicine.triage import Context, Population, population_of

_THRUST, _SOFT = "hvla", frozenset({"counterstrain", "blt"})


def treated(visit: Visit) -> list[VisitRegion]:
    """The regions that were treated. None: a visit without treatment, after which nobody is asked."""
    return list(visit.regions.exclude(techniques=""))


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
    return population_of(facts, gave_birth=gave_birth(patient, today)), replace(
        Context.of(facts),
        neck_treated=Region.CERVICAL.value in places,
        thrust=_THRUST in done,
        rib_treated=Region.RIB.value in places,
        counterstrain_or_blt=not done.isdisjoint(_SOFT),
    )
