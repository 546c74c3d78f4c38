"""Whose story an intake is and what is known already: what the questions depend on. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from openomt.care.intake import after
from openomt.care.intake.flow import Answers, Entry, Flow, Teller
from openomt.care.intake.models import FormAnswer, Intake
from openomt.care.patients.facts import gave_birth, known
from openomt.care.patients.models import (
    AllergyEntry,
    Course,
    Guardian,
    MedicineEntry,
    Patient,
    ProblemEntry,
    SurgeryEntry,
)
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.triage import Context, Population, population_of

ENTRIES: dict[str, type[ProblemEntry | MedicineEntry | AllergyEntry | SurgeryEntry]] = {
    "problem": ProblemEntry,
    "surgery": SurgeryEntry,
    "medicine": MedicineEntry,
    "allergy": AllergyEntry,
}
"""Kinds of entry that a patient may propose, by the question's id."""
_ACTIVITIES = "psfs"


def target_of(intake: Intake) -> str:
    """The page on which it is answered."""
    return reverse("intake_mine", kwargs={"uid": intake.uid})


def teller_of(intake: Intake, language: str, guardian: Guardian | None = None) -> Teller:
    """Whose story it is, and what is known of them already."""
    patient, today = intake.patient, timezone.localdate()
    facts = known(patient, today)
    short = intake.flow == Flow.FOLLOWUP
    population, context = _after_treatment(patient, facts, today) if short else (Population.ADULT, Context())
    return Teller(
        patient=facts,
        language=language,
        flow=Flow(intake.flow),
        guardian=guardian is not None,
        on_record={} if short else {kind: _entries(kind, patient) for kind in ENTRIES},
        before=told_before(finished(patient, intake)) | (_activities(patient) if short else {}),
        population=population,
        context=context,
        review=short and _review_is_due(intake, today),
    )


def finished(patient: Patient, but: Intake | None = None) -> list[Intake]:
    """The last story that was told to its end and the last follow-up form after it, oldest first; before `but`."""
    rows = Intake.objects.filter(patient=patient, state=Intake.State.DONE)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
        if but.finished_at is not None:
            rows = rows.filter(finished_at__lt=but.finished_at)
    rows = rows.order_by("-finished_at", "-pk")
    story, short = rows.filter(flow=Flow.INTAKE).first(), rows.filter(flow=Flow.FOLLOWUP).first()
    return sorted(filter(None, (story, short)), key=lambda one: one.finished_at or one.made_at)


def last_story(patient: Patient) -> Intake | None:
    """The whole story that was told to its end last."""
    return next((one for one in finished(patient) if one.flow == Flow.INTAKE), None)


def told_before(intakes: Iterable[Intake]) -> dict[str, Any]:
    """What was told the last time, by the key of a screen: a story, and what follow-up forms after it say anew."""
    found: dict[str, Any] = {}
    for one in intakes:
        told: Answers = one.answers
        if one.flow == Flow.INTAKE:
            found = dict(told)
        else:
            found |= {
                key: given for key, given in told.items() if given is not None and key not in after.ONCE
            }
    return found


def _activities(patient: Patient) -> dict[str, Any]:
    """What the patient named as hard the last time, wherever it was written down."""
    rows = FormAnswer.objects.filter(patient=patient, instrument=_ACTIVITIES, in_error=False)
    newest = rows.order_by("on", "pk").last()
    return {f"{_ACTIVITIES}-{item}": given for item, given in newest.answers.items()} if newest else {}


def _entries(kind: str, patient: Patient) -> tuple[Entry, ...]:
    rows = ENTRIES[kind]._default_manager.filter(patient=patient, in_error=False, closed_at=None)
    return tuple(
        Entry(row.pk, row.text)
        for row in rows
        if not (isinstance(row, AllergyEntry) and row.none_known)
        and not (isinstance(row, ProblemEntry) and row.over)
        and not (isinstance(row, MedicineEntry) and row.stopped)
    )


def _after_treatment(patient: Patient, facts: PatientFacts, today: dt.date) -> tuple[Population, Context]:
    """Who was treated, as a check-in asks it. What was done is known to later steps of care only."""
    return population_of(facts, gave_birth=gave_birth(patient, today)), Context.of(facts)


def _review_is_due(intake: Intake, today: dt.date) -> bool:
    """Whether a running course is to be reviewed by the day of the visit. Known where somebody set the day."""
    visit = intake.appointment
    day = timezone.localdate(visit.start) if visit is not None else today
    courses = Course.objects.standing().filter(patient=intake.patient_id, ended_on=None)
    return courses.filter(review_on__lte=day).exists()
