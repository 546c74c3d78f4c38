"""The patients the demonstration is about: each shows something that a practice must not miss."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from openomt.care.patients.models import (
    AllergyEntry,
    BoneDensityEntry,
    FactAnswer,
    MedicineEntry,
    OtherCare,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
    StoryEntry,
)
from openomt.site.demo.people import Person, Plan, guardian, make_patient, put, story_lines, years_before
from openomt.site.demo.staff import Staff
from openomt.site.demo.words import TROUBLES, Trouble

F, M = Patient.Sex.FEMALE, Patient.Sex.MALE
LOW_BACK, NECK, HEADACHE, MID_BACK, SHOULDER = TROUBLES[:5]
COLIC = Trouble(
    "Colic",
    "Cries for hours in the evening",
    "R10.83",
    ("head", "cervical", "abdomen"),
    ("Settle in the evening", "Feed without arching"),
    "Feeds 10 minutes before arching",
    "Since three weeks of age. Gains weight well, no fever, no vomiting.",
)
ANKLE = Trouble(
    "Ankle pain, left",
    "Left ankle sore since a sprain",
    "M25.572",
    ("lower_extremity", "pelvic", "lumbar"),
    ("Run again", "Play a whole game"),
    "Runs 6 of 10 as before",
    "Twisted on the field five weeks ago. Walks without a limp.",
)
PREGNANT_BACK = Trouble(
    "Mid-back and neck pain",
    "Mid-back and neck pain for 4 months",
    "M54.6",
    ("thoracic", "rib", "sacral", "cervical"),
    ("Carry my son upstairs", "Sit through a 60 minute meeting"),
    "Sits 20 minutes before it hurts",
    "Since she went back to a desk job. Worse sitting, better lying on her left side.",
)
GENTLE = ("BLT", "MFR", "SOFT")


def stories(today: dt.date, since: dt.date, staff: Staff) -> list[Person]:
    """Every story, in the order of today's schedule; then those who are not there today."""
    return [_STORIES[key](today, since, staff) for key in _STORIES]


def _person(  # noqa: PLR0913, PLR0917  (who it is)
    key: str, staff: Staff, since: dt.date, given: str, family: str, sex: str, born: dt.date, **fields: Any
) -> Person:
    chance = Random(f"story {key}")  # noqa: S311
    number = 9000 + sum(map(ord, key)) % 900
    patient = make_patient(
        chance,
        given_names=given,
        family_name=family,
        sex=sex,
        birth_date=born,
        phone=f"207-555-{number:04}",
        email=f"{given}.{family}@example.test".lower(),
        contact="text",
        street=f"{number % 90 + 1} Harbor Street",
        city="Portland",
        state="ME",
        postal_code="04101",
        **{
            "payer": "Demo Health Plan",
            "payer_kind": "commercial",
            "payer_id": "DEMO1",
            "member_id": f"DEMO9{number}",
        }
        | fields,
        added_at=dt.datetime.combine(max(since, born), dt.time(15), tzinfo=dt.UTC),
        added_by=staff.front_desk,
    )
    return Person(key, patient, 0)


def _ago(today: dt.date, days: int) -> dt.date:
    return today - dt.timedelta(days=days)


def _rosa(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "rosa",
        staff,
        since,
        "Rosa",
        "Alvarez",
        F,
        years_before(today, 34, 120),
        why_here="Mid-back and neck pain for 4 months, since she went back to a desk job. Worse sitting, better "
        "lying on her left side.",
        what_matters="I want to carry my son upstairs and sleep through the night before the baby comes.",
    )
    due = today + dt.timedelta(days=16 * 7)
    put(one, PregnancyEntry, due_date=due)
    put(one, MedicineEntry, text="Enoxaparin 40 mg daily", started=str(_ago(today, 90)))
    put(one, MedicineEntry, text="Prenatal vitamin")
    put(one, ProblemEntry, text="History of leg clot", onset=str(today.year - 2), over=True)
    put(one, AllergyEntry, text="None known", none_known=True)
    put(one, OtherCare, who="Obstetrics, Amara Osei, MD", next_on=today + dt.timedelta(days=9))
    put(one, OtherCare, who="Physical therapy", words="Referred, not booked")
    story_lines(
        one,
        activity=("body", "Activity", "60 min a week"),
        habits=("body", "Habits", "Skips breakfast. No alcohol, no tobacco"),
        sleep=("mind", "Sleep", "Wakes twice, hips ache"),
        stress=("mind", "Stress", "New team at work, son is 3"),
        strength=("spirit", "Strength", "Her sister, Sunday choir"),
        hopes=("spirit", "Hopes", "“To enjoy this pregnancy”"),
        fears=("spirit", "Fears", "“That birth will hurt my back for good”"),
        comfort=("spirit", "Comfort", "Woman in the room for pelvic work"),
    )
    one.plans.append(Plan(PREGNANT_BACK, 3, _ago(today, 42), 14, improves=0.55, still=3, gentle=GENTLE))
    return one


def _theo(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "theo", staff, since, "Theo", "Brandt", M, years_before(today, 61, 40), why_here="Low back pain."
    )
    one.plans.append(Plan(LOW_BACK, 1, _ago(today, 13), still=3))
    return one


def _ines(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "ines", staff, since, "Ines", "Okafor", F, years_before(today, 29, 200), why_here="Headaches."
    )
    one.plans.append(Plan(HEADACHE, 2, _ago(today, 28), still=2))
    return one


def _walter(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "walter",
        staff,
        since,
        "Walter",
        "Nyberg",
        M,
        years_before(today, 72, 100),
        payer="Medicare",
        payer_kind="medicare",
        payer_id="DEMO5",
        why_here="New back pain after a fall three days ago.",
    )
    put(one, ProblemEntry, text="New low back pain after a fall", onset=str(_ago(today, 3)))
    put(
        one,
        FactAnswer,
        code="rf_fracture",
        answer="yes",
        entered_at=dt.datetime.combine(today, dt.time(12), tzinfo=dt.UTC),
        entered_by=staff.physicians[0],
    )
    return one


def _leo(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "leo",
        staff,
        since,
        "Leo",
        "Marchetti",
        M,
        _ago(today, 125),
        why_here="Cries for hours in the evening, since three weeks of age.",
        what_matters="To get him to settle, and to sleep again ourselves.",
    )
    put(one, ProblemEntry, text="Colic", code="R10.83", onset=str(_ago(today, 100)))
    guardian(one, "Carla Marchetti", "Mother", "207-555-9011")
    one.plans.append(Plan(COLIC, 1, _ago(today, 10), still=2, gentle=("OCMM", "BLT", "MFR")))
    return one


def _priya(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "priya", staff, since, "Priya", "Sundaram", F, years_before(today, 45, 60), why_here="Low back pain."
    )
    one.plans.append(Plan(LOW_BACK, 2, _ago(today, 30), improves=0.3, still=2))
    return one


def _gus(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "gus",
        staff,
        since,
        "Gus",
        "Halloran",
        M,
        years_before(today, 58, 10),
        why_here="Right shoulder pain.",
    )
    one.plans.append(Plan(SHOULDER, 4, _ago(today, 70), improves=0.85, still=1))
    return one


def _mei(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "mei", staff, since, "Mei", "Tanaka", F, years_before(today, 38, 90), why_here="Migraine, referred."
    )
    put(one, ProblemEntry, text="Migraine", code="G43.909")
    put(one, RefusalEntry, technique="HVLA", words="“No cracking, ever.”")
    one.plans.append(Plan(HEADACHE, 2, _ago(today, 33), still=2, gentle=("OCMM", "BLT", "MFR", "ME")))
    return one


def _samuel(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "samuel", staff, since, "Samuel", "Adeyemi", M, years_before(today, 19, 30), why_here="Ankle sprain."
    )
    one.plans.append(Plan(ANKLE, 1, _ago(today, 14), improves=0.9, still=1))
    return one


def _arthur(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "arthur",
        staff,
        since,
        "Arthur",
        "Penn",
        M,
        years_before(today, 66, 15),
        payer="Medicare",
        payer_kind="medicare",
        payer_id="DEMO5",
        why_here="Low back pain; takes a blood thinner.",
    )
    put(one, ProblemEntry, text="Atrial fibrillation", onset="2019")
    put(one, MedicineEntry, text="Apixaban 5 mg twice a day", started="2019")
    one.plans.append(Plan(LOW_BACK, 5, _ago(today, 66), improves=0.6, still=1, gentle=GENTLE))
    return one


def _della(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "della", staff, since, "Della", "Romero", F, years_before(today, 47, 5), why_here="Neck pain."
    )
    one.plans.append(Plan(NECK, 4, _ago(today, 24), days_between=7, still=2, by_trainee=True))
    return one


def _nora(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "nora", staff, since, "Nora", "Whitfield", F, years_before(today, 52, 70), why_here="Hip pain."
    )
    one.plans.append(Plan(TROUBLES[5], 3, _ago(today, 45), improves=0.2, still=2))
    return one


def _ben(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "ben", staff, since, "Ben", "Castellano", M, years_before(today, 31, 44), why_here="Mid-back pain."
    )
    one.plans.append(Plan(MID_BACK, 3, _ago(today, 40), improves=0.9, still=1))
    return one


def _quinn(today: dt.date, since: dt.date, staff: Staff) -> Person:
    """Restricted: a relative of somebody who works here."""
    one = _person(
        "quinn",
        staff,
        since,
        "Quinn",
        "Sorensen",
        F,
        years_before(today, 41, 12),
        restricted=True,
        why_here="Neck pain.",
    )
    one.clinician = 1
    one.care_team = (staff.physicians[1],)
    one.plans.append(Plan(NECK, 3, _ago(today, 50), still=1))
    return one


def _lucia(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "lucia",
        staff,
        since,
        "Lucía",
        "Herrera Vega",
        F,
        years_before(today, 56, 21),
        language="es",
        interpreter=True,
        why_here="Low back pain. Speaks Spanish; an interpreter is booked.",
        what_matters="Quiero volver a cargar a mi nieta.",
    )
    one.plans.append(Plan(LOW_BACK, 3, _ago(today, 36), still=1))
    return one


def _edith(today: dt.date, since: dt.date, staff: Staff) -> Person:
    one = _person(
        "edith",
        staff,
        since,
        "Edith",
        "Larsen",
        F,
        years_before(today, 79, 33),
        payer="Medicare",
        payer_kind="medicare",
        payer_id="DEMO5",
        why_here="Stiff mid-back.",
    )
    put(one, ProblemEntry, text="Osteoporosis", onset="2018")
    put(one, BoneDensityEntry, t_score=-2.9, site="hip", on="2025")
    put(one, StoryEntry, part="spirit", label="Strength", text="Her garden")
    one.plans.append(Plan(MID_BACK, 4, _ago(today, 60), improves=0.5, still=1, gentle=GENTLE))
    return one


_STORIES = {
    "theo": _theo,
    "ines": _ines,
    "rosa": _rosa,
    "walter": _walter,
    "leo": _leo,
    "priya": _priya,
    "gus": _gus,
    "mei": _mei,
    "samuel": _samuel,
    "arthur": _arthur,
    "della": _della,
    "nora": _nora,
    "ben": _ben,
    "quinn": _quinn,
    "lucia": _lucia,
    "edith": _edith,
}
STORIES = {
    "rosa": ("Rosa", "Alvarez"),
    "theo": ("Theo", "Brandt"),
    "ines": ("Ines", "Okafor"),
    "walter": ("Walter", "Nyberg"),
    "leo": ("Leo", "Marchetti"),
    "priya": ("Priya", "Sundaram"),
    "gus": ("Gus", "Halloran"),
    "mei": ("Mei", "Tanaka"),
    "samuel": ("Samuel", "Adeyemi"),
    "arthur": ("Arthur", "Penn"),
    "della": ("Della", "Romero"),
    "nora": ("Nora", "Whitfield"),
    "ben": ("Ben", "Castellano"),
    "quinn": ("Quinn", "Sorensen"),
    "lucia": ("Lucía", "Herrera Vega"),
    "edith": ("Edith", "Larsen"),
}
"""Given and family name of each."""
