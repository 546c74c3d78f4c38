"""From what is on record to the facts that safety needs: `recognize(chart, today)`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openomt.medicine.anatomy import Region
from openomt.medicine.phrases import Status
from openomt.medicine.phrases.tokens import folded
from openomt.medicine.safety.chart import Answer, Chart, Medicine
from openomt.medicine.safety.chart_text import Entry, ReadEntry, read_entry, signs_of
from openomt.medicine.safety.closing import close
from openomt.medicine.safety.dates import When, dates_in
from openomt.medicine.safety.diagnosis_codes import signs_of_code, weeks_of_code
from openomt.medicine.safety.measures import readings_of, signs_of_readings
from openomt.medicine.safety.medicine_list import Use, signs_of_uses, uses_of
from openomt.medicine.safety.pregnancy import Weeks, weeks_of
from openomt.medicine.safety.recognition_tables import recognition_tables
from openomt.medicine.safety.signs import Settled, Sign, settle
from openomt.medicine.safety.values import Fact, Origin, OriginKind, PatientFacts

_PREGNANT = "pregnant"
_SURGERY = "surgery_recent"


def recognize(chart: Chart, today: date) -> PatientFacts:
    """The facts of a patient on a day, each with where it comes from.

    What is not certain becomes a question, never a fact; what somebody denied is absent. Never raises on any
    text. Raises ValueError for an answer to a fact nobody knows.
    """
    entries = _entries(chart)
    read = [(read_entry(entry, today), medicine) for entry, medicine in entries]
    signs = [sign for one, medicine in read if medicine is None for sign in signs_of(one)]
    signs += [sign for problem in chart.problems if problem.code for sign in signs_of_code(problem)]
    signs += _nameless_surgeries(chart, [one for one, _ in read], today)
    uses: list[Use] = []
    for one, medicine in read:
        uses += uses_of(one, medicine, today)
    signs += signs_of_uses(uses)
    signs += _answers(chart)
    texts = [entry.text for entry, medicine in entries if medicine is None]
    return _with_numbers(chart, signs, texts, today)


def age_in_months(chart: Chart, today: date) -> int | None:
    """Whole months of age on a day; None where nothing tells."""
    born = chart.birth_date
    if born is None or born > today:
        return chart.age_months
    months = (today.year - born.year) * 12 + today.month - born.month
    return months - (today.day < born.day)


def _entries(chart: Chart) -> list[tuple[Entry, Medicine | None]]:
    found: list[tuple[Entry, Medicine | None]] = []
    for problem in chart.problems:
        over = problem.over or problem.resolved is not None
        found.append((Entry(problem.text, OriginKind.DIAGNOSIS, problem.onset, over), None))
    for medicine in chart.medicines:
        found.append((Entry(medicine.text, OriginKind.MEDICINE), medicine))
    for surgery in chart.surgeries:
        found.append((Entry(surgery.text, OriginKind.SURGERY, surgery.on), None))
    for density in chart.bone_density:
        found.append((Entry(density.text, OriginKind.BONE_DENSITY, density.on), None))
    found.append((Entry(chart.text, OriginKind.TEXT), None))
    return [(entry, medicine) for entry, medicine in found if entry.text.strip()]


def _nameless_surgeries(chart: Chart, read: list[ReadEntry], today: date) -> list[Sign]:
    """Operations whose words nobody taught the reader: they are operations all the same."""
    understood = {one.entry.text for one in read if one.mentions}
    return [
        Sign(
            Fact(_SURGERY),
            Status.PRESENT,
            Origin(OriginKind.SURGERY, surgery.text, "on record as an operation"),
            when=surgery.on or _only_date(surgery.text, today),
        )
        for surgery in chart.surgeries
        if surgery.text.strip() and surgery.text not in understood
    ]


def _only_date(text: str, today: date) -> When | None:
    found = dates_in(folded(text), today)
    return found[-1].when if found else None


def _answers(chart: Chart) -> list[Sign]:
    signs: list[Sign] = []
    for code, answer in chart.answers:
        name, _, region = code.partition("@")
        _check(name)
        origin = Origin(OriginKind.ANSWER, f"{code}: {answer.value}", f"answered {answer.value}")
        status = Status.NEGATED if answer is Answer.NO else Status.PRESENT
        fact = Fact(name, Region(region) if region else None)
        signs.append(Sign(fact, status, origin, ask=answer is Answer.UNSURE, settled=True))
    return signs


def _check(code: str) -> None:
    if code not in recognition_tables().known and not code.startswith(("rf_", "yf_")):
        raise ValueError(f"answer to a fact nobody knows: {code!r}")


def _with_numbers(chart: Chart, signs: list[Sign], texts: list[str], today: date) -> PatientFacts:
    first = settle(signs, today)
    months = age_in_months(chart, today)
    weeks = _weeks(chart, texts, first, today)
    if weeks is not None:
        signs.append(Sign(Fact(_PREGNANT), Status.PRESENT, weeks.origin, settled=True))
        first = settle(signs, today)
    elif chart.last_period is not None or _pregnancy_ended(chart, today):
        signs += _unsure_pregnancy(chart)
    readings = readings_of(chart, texts, today)
    signs += signs_of_readings(readings, first, months, today)
    return _facts(chart, _without_milder(settle(signs, today)), months, weeks)


def _weeks(chart: Chart, texts: list[str], known: Settled, today: date) -> Weeks | None:
    found = weeks_of(chart, texts, known.has(_PREGNANT), today)
    if found is not None:
        return found
    for problem in chart.problems:
        weeks = None if problem.over else weeks_of_code(problem.code)
        if weeks is not None:
            origin = Origin(OriginKind.PREGNANCY, problem.code, "weeks by the code", 0, len(problem.code))
            return Weeks(weeks, origin)
    return None


def _pregnancy_ended(chart: Chart, today: date) -> bool:
    return chart.due_date is not None and chart.due_date <= today


def _unsure_pregnancy(chart: Chart) -> list[Sign]:
    day = chart.due_date or chart.last_period
    name = "due date" if chart.due_date is not None else "last period"
    origin = Origin(OriginKind.PREGNANCY, f"{name} {day}", "a pregnancy may have ended, or be none")
    return [Sign(Fact(_PREGNANT), Status.PRESENT, origin, ask=True, settled=True)]


def _without_milder(found: Settled) -> Settled:
    """Osteopenia, where the same numbers or words also give osteoporosis, is no fact of its own."""
    for threshold in recognition_tables().thresholds:
        if threshold.unless and any(found.has(code) for code in threshold.unless):
            for code in threshold.facts:
                found.present.pop(Fact(code), None)
                found.questions.pop(Fact(code), None)
    return found


def _facts(chart: Chart, found: Settled, months: int | None, weeks: Weeks | None) -> PatientFacts:
    answered = frozenset(code.partition("@")[0] for code, answer in chart.answers if answer is Answer.NO)
    known = PatientFacts(
        age_months=months,
        sex=chart.sex,
        weeks=None if weeks is None else weeks.weeks,
        present=found.known(),
    )
    present = close(known)
    codes = {one.fact.code for one in present}
    questions = tuple(
        question
        for question in found.asked(answered)
        if question.fact.code not in codes or question.fact.region is not None
    )
    return replace(known, present=present, absent=frozenset(found.absent - codes), questions=questions)
