"""The kinds of entry on record: what each is called, how it is entered and ended, and how it reads in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms

from openomt.care.accounts.access import Permission
from openomt.care.patients import forms
from openomt.care.patients.days import read_day
from openomt.care.patients.models import (
    AllergyEntry,
    BoneDensityEntry,
    Course,
    Goal,
    Guardian,
    MedicineEntry,
    OnRecord,
    OtherCare,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
    StoryEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.medicine.safety.tables import tables

Line = tuple[str, tuple[str, ...]]
"""An entry in a line: what it is, and what is said beside it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    name      in addresses, and the noun of the audit
    rows      the patient's related name
    add       what the button says
    empty     what an empty card says to do
    end       what ending is called; empty where an entry of the kind does not end
    line      how an entry reads
    """

    name: str
    title: str
    model: type[OnRecord]
    rows: str
    form: type[django_forms.Form]
    add: str
    empty: str
    line: Callable[[Any], Line]
    end: str = ""
    end_form: type[django_forms.Form] = forms.EndForm
    template: str = "patients/_card.html"
    write: Permission = Permission.CHART_WRITE

    def is_over(self, entry: OnRecord, today: dt.date) -> bool:
        """Whether an entry counts no more. A medicine may be on record as stopped on a day still to come."""
        if entry.in_error:
            return True
        if isinstance(entry, MedicineEntry):
            day = read_day(entry.stopped, today) if entry.stopped else None
            return bool(entry.stopped) and (day is None or day <= today)
        if isinstance(entry, ProblemEntry):
            return entry.over or bool(entry.resolved)
        if isinstance(entry, PregnancyEntry | Course) and entry.ended_on is not None:
            return True
        return entry.closed_at is not None


def _said(*parts: str | None) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def _day(label: str, day: dt.date | str | None) -> str:
    if not day:
        return ""
    return f"{label} {day.isoformat() if isinstance(day, dt.date) else day}".strip()


def _problem(entry: ProblemEntry) -> Line:
    code = f"{entry.code} {entry.code_title if entry.code_title != entry.text else ''}".strip()
    return entry.text, _said(code, _day("since", entry.onset), _day("resolved", entry.resolved))


def _medicine(entry: MedicineEntry) -> Line:
    return entry.text, _said(_day("since", entry.started), _day("until", entry.stopped))


def _allergy(entry: AllergyEntry) -> Line:
    return entry.text, _said(entry.reaction)


def _surgery(entry: SurgeryEntry) -> Line:
    return entry.text, _said(entry.on or "day not known")


def _pregnancy(entry: PregnancyEntry) -> Line:
    return _day("Due", entry.due_date), _said(_day("ended", entry.ended_on))


def _bone_density(entry: BoneDensityEntry) -> Line:
    if entry.t_score is None:
        return entry.text, _said(entry.site, entry.on)
    return f"T-score {entry.t_score:g}", _said(entry.site, entry.on, entry.text)


def vitals_words(entry: VitalsEntry) -> str:
    """`BP 128/78 · pulse 72`."""
    values = _said(
        f"BP {entry.systolic}/{entry.diastolic}" if entry.systolic else "",
        f"pulse {entry.pulse}" if entry.pulse else "",
        f"{entry.temperature:g} °C" if entry.temperature else "",
        f"SpO2 {entry.spo2} %" if entry.spo2 else "",
    )
    return " · ".join(values)


def _vitals(entry: VitalsEntry) -> Line:
    return vitals_words(entry), _said(entry.on.isoformat())


def technique_title(name: str) -> str:
    """A technique in words, by its id in the vocabulary (`hvla`) or, as visits keep it, its card's code (`HVLA`)."""
    card = tables().cards.get(name)
    return card.title if card is not None else forms.techniques().get(name, name)


def _refusal(entry: RefusalEntry) -> Line:
    return technique_title(entry.technique), _said(f"“{entry.words}”" if entry.words else "")


def _other_care(entry: OtherCare) -> Line:
    return entry.who, _said(_day("next", entry.next_on), entry.words)


def _story(entry: StoryEntry) -> Line:
    return entry.text, _said(entry.label)


def _course(entry: Course) -> Line:
    return entry.title, _said(
        f"{entry.planned_visits} visits",
        _day("from", entry.started_on),
        _day("until", entry.until),
        _day("review", entry.review_on),
        _day("ended", entry.ended_on),
        entry.outcome,
    )


def _goal(entry: Goal) -> Line:
    return entry.text, ()


def _guardian(entry: Guardian) -> Line:
    consent = "may consent" if entry.may_consent else "may not consent"
    return entry.name, _said(entry.relation, entry.phone, entry.email, consent)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "problem", "Problems", ProblemEntry, "problems", forms.ProblemForm,
            "Add a problem", "No problems on record. Add what the patient has or had.", _problem,
            "Resolved", forms.ResolvedForm,
        ),
        Kind(
            "medicine", "Medicines", MedicineEntry, "medicines", forms.MedicineForm,
            "Add a medicine", "No medicines on record. Ask at every visit; blood thinners and steroids count most.",
            _medicine, "Stopped", forms.StoppedForm,
        ),
        Kind(
            "allergy", "Allergies", AllergyEntry, "allergies", forms.AllergyForm,
            "Add an allergy", "Nobody has asked yet. Add what is known, or say that none is.", _allergy, "No longer",
        ),
        Kind(
            "surgery", "Operations", SurgeryEntry, "surgeries", forms.SurgeryForm,
            "Add an operation", "No operations on record. Recent ones and implants change what is safe.", _surgery,
        ),
        Kind(
            "pregnancy", "Pregnancy", PregnancyEntry, "pregnancies", forms.PregnancyForm,
            "Add a pregnancy", "No pregnancy on record. Add the due date.", _pregnancy, "Ended", forms.EndedForm,
        ),
        Kind(
            "bone_density", "Bone density", BoneDensityEntry, "bone_densities", forms.BoneDensityForm,
            "Add a measurement", "No measurement on record.", _bone_density,
        ),
        Kind(
            "vitals", "Vital signs", VitalsEntry, "vitals", forms.VitalsForm,
            "Add vital signs", "None on record. Add blood pressure before a visit.", _vitals,
        ),
        Kind(
            "refusal", "Never wanted", RefusalEntry, "refusals", forms.RefusalForm,
            "Add a technique", "Nothing is refused for good. What is refused in one visit stands in the visit.",
            _refusal, "Taken back",
        ),
        Kind(
            "course", "Courses and goals", Course, "courses", forms.CourseForm,
            "Start a course", "No course yet. Start one with how many visits, and when you look back.", _course,
            "Ended", forms.CourseEndForm, "patients/_courses.html",
        ),
        Kind(
            "goal", "Goals", Goal, "goals", forms.GoalForm, "Add a goal", "", _goal,
            template="patients/_courses.html",
        ),
        Kind(
            "other_care", "Also on this plan", OtherCare, "other_care", forms.OtherCareForm,
            "Add a provider", "Nobody else on record. Add who else treats the patient.", _other_care, "Ended",
        ),
        Kind(
            "story", "Body, mind, spirit", StoryEntry, "story", forms.StoryForm,
            "Add a line", "Nothing told yet. A few words each: sleep, mood, hopes, fears.", _story,
            "No longer", template="patients/_story.html",
        ),
        Kind(
            "guardian", "Guardians", Guardian, "guardians", forms.GuardianForm,
            "Add a guardian", "Nobody on record. A child needs somebody who may consent.", _guardian, "No longer",
            write=Permission.DEMOGRAPHICS,
        ),
    )
}  # fmt: skip
ON_RECORD = tuple(name for name in KINDS if name not in ("guardian", "goal"))
"""The kinds of the record page, in its order."""
