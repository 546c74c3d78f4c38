"""Made-up patients: who they are and what is on record of them. The first are the stories."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from random import Random

from openomt.care.accounts.models import User
from openomt.care.patients.codes import title
from openomt.care.patients.models import (
    AllergyEntry,
    Guardian,
    MedicineEntry,
    OnRecord,
    Patient,
    ProblemEntry,
    StoryEntry,
    SurgeryEntry,
)
from openomt.care.patients.services import index
from openomt.site.demo import words
from openomt.site.demo.words import TROUBLES, Trouble


@dataclass(slots=True)
class Plan:
    """A course as it will be made: for what, how many visits in the past, and when the first was wished for.

    gentle    only these techniques, by card; empty: whatever is safe
    still     how many of the planned visits are still to come
    """

    trouble: Trouble
    visits: int
    wished: dt.date
    days_between: int = 14
    improves: float = 0.7
    still: int = 0
    gentle: tuple[str, ...] = ()
    by_trainee: bool = False


@dataclass(slots=True)
class Person:
    """A patient with everything that is on record, not yet in the database."""

    key: str
    patient: Patient
    clinician: int
    rows: list[OnRecord] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    care_team: tuple[User, ...] = ()

    def of(self, kind: type[OnRecord]) -> tuple[OnRecord, ...]:
        return tuple(row for row in self.rows if isinstance(row, kind))


def uid(chance: Random) -> uuid.UUID:
    """An identifier that is the same each time."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def years_before(day: dt.date, years: int, days: int = 0) -> dt.date:
    return day - dt.timedelta(days=round(years * 365.25) + days)


def somebody(number: int, today: dt.date, since: dt.date, physicians: int, entered_by: User) -> Person:
    """An ordinary patient, the same for the same number."""
    chance = Random(f"person {number}")  # noqa: S311  (nothing secret)
    woman = chance.random() < 0.58
    age = min(88, max(18, round(chance.gauss(46, 16))))
    added = since - dt.timedelta(days=chance.randrange(1, 200))
    payer = words.OLDER_PAYER if age >= 65 else words.PAYERS[chance.randrange(len(words.PAYERS))]
    city, postal_code = words.CITIES[chance.randrange(len(words.CITIES))]
    given, family = chance.choice(words.WOMEN if woman else words.MEN), chance.choice(words.FAMILY_NAMES)
    patient = make_patient(
        chance,
        given_names=given,
        family_name=family,
        birth_date=years_before(today, age, chance.randrange(365)),
        sex=Patient.Sex.FEMALE if woman else Patient.Sex.MALE,
        phone=f"207-555-{number % 10000:04}",
        email=f"{given}.{family}.{number}@example.test".lower() if chance.random() < 0.8 else "",
        contact=chance.choice(("email", "text", "phone")),
        street=f"{chance.randrange(1, 200)} {chance.choice(words.STREETS)} Street",
        city=city,
        state="ME",
        postal_code=postal_code,
        payer=payer[0],
        payer_kind=payer[1],
        payer_id=payer[2],
        member_id=f"DEMO{number:06}" if payer[2] else "",
        added_at=dt.datetime.combine(added, dt.time(15), tzinfo=dt.UTC),
        added_by=entered_by,
    )
    person = Person(f"person {number}", patient, number % physicians)
    _record(person, chance, woman)
    return person


def make_patient(chance: Random, **fields: object) -> Patient:
    """A patient that search can find, not yet in the database."""
    patient = Patient(uid=uid(chance), **fields)
    index(patient)
    return patient


def put(person: Person, kind: type[OnRecord], **fields: object) -> None:
    """Adds an entry, as old as the patient's record."""
    fields.setdefault("entered_at", person.patient.added_at)
    fields.setdefault("entered_by", person.patient.added_by)
    if kind is ProblemEntry and fields.get("code"):
        fields["code_title"] = (title(str(fields["code"])) or "")[:300]
    fields["patient"] = person.patient
    person.rows.append(kind(**fields))


def _record(person: Person, chance: Random, woman: bool) -> None:
    for place in sorted(chance.sample(range(len(words.PROBLEMS)), chance.choice((0, 1, 1, 2)))):
        text, code = words.PROBLEMS[place]
        put(person, ProblemEntry, text=text, code=code, onset=str(2005 + chance.randrange(18)))
        if place < len(words.MEDICINES):
            put(person, MedicineEntry, text=words.MEDICINES[place])
    if chance.random() < 0.25:
        text, reaction = chance.choice(words.ALLERGIES)
        put(person, AllergyEntry, text=text, reaction=reaction)
    elif chance.random() < 0.7:
        put(person, AllergyEntry, text="None known", none_known=True)
    if chance.random() < 0.3:
        choices = words.SURGERIES if woman else [one for one in words.SURGERIES if one != "Cesarean section"]
        put(person, SurgeryEntry, text=chance.choice(choices), on=str(2000 + chance.randrange(20)))


def plan_courses(person: Person, visits: int, today: dt.date, since: dt.date) -> None:
    """Spreads so many visits over courses; the last may still run."""
    chance = Random(f"courses of {person.key}")  # noqa: S311
    days = (today - since).days
    left = visits
    lengths: list[int] = []
    while left > 0:
        length = min(left, chance.choice((3, 4, 4, 5, 6)))
        if left - length == 1:
            length += 1
        lengths.append(length)
        left -= length
    share = days / max(1, len(lengths))
    for place, length in enumerate(lengths):
        room = max(1, int(share) - length * 14)
        wished = since + dt.timedelta(days=int(share * place) + chance.randrange(room))
        trouble = chance.choice(TROUBLES)
        last = place == len(lengths) - 1
        runs = last and (today - wished).days < length * 14 + 30
        person.plans.append(
            Plan(
                trouble,
                length,
                wished,
                days_between=chance.choice((7, 14, 14, 21)),
                improves=chance.choice((0.15, 0.5, 0.7, 0.8, 0.9)),
                still=chance.choice((1, 2)) if runs else 0,
                by_trainee=chance.random() < 0.03,
            )
        )
    if person.plans:
        first = person.plans[0].trouble
        person.patient.why_here = f"{first.complaint}. {first.story}"
        person.patient.what_matters = first.goals[0]


def story_lines(person: Person, **lines: tuple[str, str, str]) -> None:
    """Lines of body, mind and spirit: label to (part, label as shown, text)."""
    for part, label, text in lines.values():
        put(person, StoryEntry, part=part, label=label, text=text)


def guardian(person: Person, name: str, relation: str, phone: str) -> None:
    put(person, Guardian, name=name, relation=relation, phone=phone)
