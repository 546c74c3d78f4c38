"""What is on record of a patient as the medicine reads it, and the facts it makes of that.

`known` asks one query for each kind of entry and is otherwise pure: the same entries on the same day are read once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, singledispatch
from typing import TypeVar

from django.db.models import Q

from openomt.care.accounts.prepared import Joined
from openomt.care.patients.days import age
from openomt.care.patients.models import (
    BoneDensityEntry,
    FactAnswer,
    MedicineEntry,
    OnRecord,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.chart import Answer, BoneDensity, Chart, Medicine, Problem, Surgery, Vitals
from openomt.medicine.safety.dates import When, written_date
from openomt.medicine.safety.recognize import recognize
from openomt.medicine.safety.tables import RED_FLAGS, key_of, tables
from openomt.medicine.safety.values import (
    Fact,
    FactQuestion,
    KnownFact,
    Origin,
    OriginKind,
    PatientFacts,
    Sex,
)

_MEASURES = (("systolic", "diastolic"), ("temperature",), ("pulse",), ("spo2",))
_FOLDED = frozenset({OriginKind.AGE, OriginKind.IMPLIED})
_PREGNANT = "pregnant"
_AFTER_BIRTH = dt.timedelta(days=365)
_LONGEST_SOURCE = 60
Sources = tuple[tuple[OriginKind, str], ...]
Entry = TypeVar("Entry", bound=OnRecord)


@dataclass(frozen=True, slots=True)
class Rows:
    """The entries that facts are drawn from. None of them is in error."""

    problems: tuple[ProblemEntry, ...]
    medicines: tuple[MedicineEntry, ...]
    surgeries: tuple[SurgeryEntry, ...]
    pregnancies: tuple[PregnancyEntry, ...]
    bone_densities: tuple[BoneDensityEntry, ...]
    vitals: tuple[VitalsEntry, ...]
    answers: tuple[FactAnswer, ...]


def _counting(model: type[Entry]) -> Joined[Entry]:
    """The entries of a patient that count."""
    return Joined(model, {}, lambda patient: model.objects.filter(Q(patient=patient), in_error=False))


_problems = _counting(ProblemEntry)
_medicines = _counting(MedicineEntry)
_surgeries = _counting(SurgeryEntry)
_pregnancies = _counting(PregnancyEntry)
_bone_densities = _counting(BoneDensityEntry)
_vitals = _counting(VitalsEntry)
_answers = _counting(FactAnswer)


def rows_of(patient: Patient) -> Rows:
    """The entries of a patient, by seven queries."""
    return Rows(
        problems=tuple(_problems.rows(patient.pk)),
        medicines=tuple(_medicines.rows(patient.pk)),
        surgeries=tuple(_surgeries.rows(patient.pk)),
        pregnancies=tuple(_pregnancies.rows(patient.pk)),
        bone_densities=tuple(_bone_densities.rows(patient.pk)),
        vitals=tuple(_vitals.rows(patient.pk)),
        answers=tuple(_answers.rows(patient.pk)),
    )


def known(patient: Patient, today: dt.date, rows: Rows | None = None) -> PatientFacts:
    """The facts of a patient on a day, each with where it comes from. `rows`: where they are at hand already."""
    return _recognized(chart_of(patient, rows or rows_of(patient)), today)


def gave_birth(patient: Patient, today: dt.date) -> bool:
    """Whether a pregnancy ended within the past year: it counts as pregnancy where danger is asked about."""
    return patient.pregnancies.filter(in_error=False, ended_on__gt=today - _AFTER_BIRTH).exists()


_recognized = lru_cache(maxsize=512)(recognize)


def chart_of(patient: Patient, rows: Rows) -> Chart:
    """What is on record as the medicine's value, word for word.

    A newer vital sign replaces an older one of its kind, and a newer answer an older one to the same question.
    """
    pregnancy = _current(rows.pregnancies)
    return Chart(
        birth_date=patient.birth_date,
        sex=Sex(patient.sex),
        due_date=None if pregnancy is None else pregnancy.due_date,
        problems=tuple(
            Problem(row.text, row.code, _when(row.onset), _when(row.resolved), row.over)
            for row in rows.problems
        ),
        medicines=tuple(Medicine(row.text, _when(row.started), _when(row.stopped)) for row in rows.medicines),
        vitals=_newest_vitals(rows.vitals),
        bone_density=tuple(
            BoneDensity(row.t_score, row.site, row.text, _when(row.on)) for row in rows.bone_densities
        ),
        surgeries=tuple(Surgery(row.text, _when(row.on)) for row in rows.surgeries),
        answers=_newest_answers(rows.answers),
    )


def _when(text: str) -> When | None:
    return written_date(text) if text else None


def _current(pregnancies: Iterable[PregnancyEntry]) -> PregnancyEntry | None:
    standing = [row for row in pregnancies if row.ended_on is None]
    return max(standing, key=lambda row: (row.due_date, row.pk), default=None)


def _newest_vitals(rows: Iterable[VitalsEntry]) -> tuple[Vitals, ...]:
    newest_first = sorted(rows, key=lambda row: (row.on, row.pk), reverse=True)
    found: list[Vitals] = []
    for names in _MEASURES:
        for row in newest_first:
            values = {name: getattr(row, name) for name in names}
            if any(value is not None for value in values.values()):
                found.append(Vitals(on=row.on, **values))
                break
    return tuple(found)


def _newest_answers(rows: Iterable[FactAnswer]) -> tuple[tuple[str, Answer], ...]:
    codes = tables().codes
    newest: dict[str, Answer] = {}
    for row in sorted(rows, key=lambda row: (row.entered_at, row.pk)):
        if row.code in codes:  # one that the knowledge no longer has is kept, and counts no more
            newest[f"{row.code}@{row.region}" if row.region else row.code] = Answer(row.answer)
    return tuple(sorted(newest.items()))


# -- as people read them -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactChip:
    """One fact of the patient bar.

    words    what is true: `Takes an anticoagulant`
    source   the words on record that it came from: `Eliquis`
    rule     whether a safety rule reads it
    why      where it comes from, a line for each origin
    also     further facts that follow from it and that rules read
    """

    words: str
    source: str = ""
    rule: bool = False
    code: str = ""
    why: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def shown(
    facts: PatientFacts, patient: Patient | None = None, today: dt.date | None = None
) -> tuple[FactChip, ...]:
    """The chips of the patient bar: age and sex, pregnancy, every fact a safety rule reads, then what else is known.

    With the patient and the day, an infant's age is said in days or weeks and the language is shown too.
    """
    followed = {str(one.fact): one for one in facts.present}
    folded = {name: one for name, one in followed.items() if _folds(one)}
    chips = [_age_chip(facts, patient, today, folded)]
    if facts.weeks is not None and _PREGNANT in followed:
        chips.append(_pregnancy_chip(facts.weeks, followed[_PREGNANT], folded))
    for name, one in followed.items():
        if name in folded or (name == _PREGNANT and facts.weeks is not None):
            continue
        chips.append(_chip(one, _also(one.fact, folded)))
    chips += _language(patient)
    return (chips[0], *sorted(chips[1:], key=lambda chip: not chip.rule))


def by_entry(facts: PatientFacts) -> Mapping[tuple[OriginKind, str], tuple[FactChip, ...]]:
    """Which facts each entry of the chart gave rise to, by its kind and its words (`sources_of`)."""
    found: dict[tuple[OriginKind, str], dict[str, FactChip]] = {}
    for one in facts.present:
        for origin in one.origins:
            chips = found.setdefault((origin.kind, origin.source), {})
            chips.setdefault(str(one.fact), _chip(KnownFact(one.fact, (origin,))))
    return {key: tuple(chips.values()) for key, chips in found.items()}


def asks_by_entry(facts: PatientFacts) -> Mapping[tuple[OriginKind, str], tuple[str, ...]]:
    """Which questions each entry of the chart raised, in the same way."""
    found: dict[tuple[OriginKind, str], dict[str, None]] = {}
    for question in facts.questions:
        for origin in question.origins:
            found.setdefault((origin.kind, origin.source), {})[title(question.fact)] = None
    return {key: tuple(titles) for key, titles in found.items()}


@singledispatch
def sources_of(entry: OnRecord) -> Sources:
    """The words by which an entry stands as the origin of facts, as the medicine writes them."""
    return ()


@sources_of.register
def _(entry: ProblemEntry) -> Sources:
    return (
        (OriginKind.DIAGNOSIS, entry.text),
        (OriginKind.DIAGNOSIS, f"{entry.code} {entry.text}"),
        (OriginKind.PREGNANCY, entry.code),
    )


@sources_of.register
def _(entry: MedicineEntry) -> Sources:
    return ((OriginKind.MEDICINE, entry.text),)


@sources_of.register
def _(entry: SurgeryEntry) -> Sources:
    return ((OriginKind.SURGERY, entry.text),)


@sources_of.register
def _(entry: PregnancyEntry) -> Sources:
    return ((OriginKind.PREGNANCY, f"due date {entry.due_date.isoformat()}"),)


@sources_of.register
def _(entry: BoneDensityEntry) -> Sources:
    score = f"T-score {entry.t_score} {entry.site}".strip()
    return ((OriginKind.BONE_DENSITY, score), (OriginKind.BONE_DENSITY, entry.text))


@sources_of.register
def _(entry: VitalsEntry) -> Sources:
    def whole(value: int | None) -> str:
        return "?" if value is None else f"{value:g}"

    return (
        (OriginKind.VITAL, f"BP {whole(entry.systolic)}/{whole(entry.diastolic)}"),
        (OriginKind.VITAL, f"temperature {entry.temperature} C"),
        (OriginKind.VITAL, f"SpO2 {whole(entry.spo2)} %"),
    )


def title(fact: Fact) -> str:
    """A fact in words, with its region: `Recent surgery, cervical`."""
    known_facts = tables()
    record = known_facts.facts.get(fact.code)
    flag = known_facts.flags.get(fact.code)
    if record is not None:
        words = record.title
    elif flag is not None:
        words = f"Red flag: {flag.think_of or flag.sign}" if fact.code.startswith("rf_") else flag.sign
    else:
        words = fact.code.replace("_", " ")
    return words if fact.region is None else f"{words}, {fact.region.value.replace('_', ' ')}"


def title_of(code: str, region: str) -> str:
    """The same from a code and a region as they are kept."""
    return title(Fact(code, Region(region) if region else None))


def words_behind(question: FactQuestion) -> tuple[str, ...]:
    """The words on record that raised a question."""
    return tuple(
        dict.fromkeys(_words(origin) for origin in question.origins if origin.kind is not OriginKind.ANSWER)
    )


@cache
def _read_by_rules() -> frozenset[str]:
    return frozenset(code for rule in tables().rules for code in rule.facts) | {RED_FLAGS}


def _is_read(code: str) -> bool:
    return key_of(code) in _read_by_rules()


def _folds(one: KnownFact) -> bool:
    """Whether a fact only follows from the age, the weeks or another fact, so that it is told there."""
    record = tables().facts.get(one.fact.code)
    if one.fact.code == _PREGNANT or record is None:
        return False
    follows = _FOLDED if record.weeks is None else {*_FOLDED, OriginKind.PREGNANCY}
    return all(origin.kind in follows for origin in one.origins)


def _age_chip(
    facts: PatientFacts, patient: Patient | None, today: dt.date | None, folded: Mapping[str, KnownFact]
) -> FactChip:
    by_age = [one for one in folded.values() if any(origin.kind is OriginKind.AGE for origin in one.origins)]
    also = [title(one.fact) for one in by_age]
    for one in by_age:
        also += _also(one.fact, folded)
    parts = [_age_words(facts, patient, today), facts.sex.value if facts.sex not in (None, Sex.OTHER) else ""]
    words = ", ".join(part for part in parts if part) or "Age not known"
    return FactChip(words, rule=bool(also), code="age", also=tuple(dict.fromkeys(also)))


def _age_words(facts: PatientFacts, patient: Patient | None, today: dt.date | None) -> str:
    if patient is not None and today is not None:
        return age(patient.birth_date, today)
    if facts.age_months is None:
        return ""
    return f"{facts.age_months // 12} y" if facts.age_months >= 24 else f"{facts.age_months} months"


def _pregnancy_chip(weeks: int, one: KnownFact, folded: Mapping[str, KnownFact]) -> FactChip:
    also = tuple(
        title(other.fact)
        for other in folded.values()
        if any(origin.kind is OriginKind.PREGNANCY for origin in other.origins)
    )
    return FactChip(f"Pregnant, {weeks} wk", "", True, _PREGNANT, _why(one), also)


def _chip(one: KnownFact, also: tuple[str, ...] = ()) -> FactChip:
    told = [origin for origin in one.origins if origin.kind not in _FOLDED] or list(one.origins)
    return FactChip(title(one.fact), _words(told[0]), _is_read(one.fact.code), one.fact.code, _why(one), also)


def _words(origin: Origin) -> str:
    """The part of the entry that was read, or the whole."""
    text = origin.source[origin.start : origin.end] if origin.end > origin.start else origin.source
    if origin.kind is OriginKind.ANSWER:
        return "answered yes"
    return text if len(text) <= _LONGEST_SOURCE else f"{text[: _LONGEST_SOURCE - 1]}…"


def _why(one: KnownFact) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            f"{_words(origin)}: {origin.reason}"
            for origin in one.origins
            if origin.kind is not OriginKind.IMPLIED
        )
    )


def _also(fact: Fact, folded: Mapping[str, KnownFact]) -> tuple[str, ...]:
    """The titles of what follows from a fact alone."""
    return tuple(
        title(other.fact)
        for other in folded.values()
        if any(origin.kind is OriginKind.IMPLIED and origin.source == str(fact) for origin in other.origins)
    )


def _language(patient: Patient | None) -> list[FactChip]:
    if patient is None:
        return []
    chips = []
    if patient.language != "en":
        chips.append(FactChip(patient.get_language_display()))
    if patient.interpreter:
        chips.append(FactChip("Needs an interpreter"))
    return chips
