"""The check-in table: every row, day and population, what is told, what must be done by when."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.knowledge import load
from openomt.knowledge.redflags import TriageResult, TriageRow
from openomt.medicine.safety.screen_tables import screen_tables
from openomt.medicine.safety.screen_values import Answer, UnknownAnswerError
from openomt.medicine.triage import DAYS, Change, CheckIn, Context, Population, Triage, no_reply, triage

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "table.toml").read_text(encoding="utf-8")
)
RANK: dict[str, int] = {result.id: result.rank for result in load().all(TriageResult)}


def of(case: dict[str, Any], day: int) -> Triage:
    checkin = CheckIn(
        case.get("pain"),
        Change(case.get("change", "unknown")),
        case.get("easing"),
        dict.fromkeys(case.get("signs", ()), Answer.YES),
    )
    context = Context(**dict.fromkeys(case.get("context", ()), True), age_months=case.get("months"))
    population = Population(case.get("population", "adult"))
    return triage(day, checkin, case.get("text", ""), population, context, case.get("language", "en"))


def _name(case: dict[str, Any]) -> str:
    return f"{case.get('row', 'silent')}-{case.get('text', case.get('signs', ''))}{case.get('pain', '')}"


@pytest.mark.parametrize("case", TABLE["case"], ids=_name)
def test_the_row_answers_as_the_table_says(case: dict[str, Any]) -> None:
    for place, (day, result) in enumerate(zip(DAYS, case["days"], strict=True)):
        found = of(case, day)
        assert (found.row, found.urgency) == (case["row"], result), day
        assert (found.again_in_days or 0) == case.get("again", (0, 0, 0))[place]


@pytest.mark.parametrize("case", TABLE["silent"], ids=str)
def test_silence_answers_as_the_table_says(case: dict[str, Any]) -> None:
    context = Context(**dict.fromkeys(case.get("context", ()), True))
    population = Population(case.get("population", "adult"))
    found = [no_reply(day, case["reminders"], context, population) for day in DAYS]
    assert [one.urgency for one in found] == case["days"]
    assert {one.row for one in found} == {"T16"}


def test_every_row_of_the_table_is_tested() -> None:
    rows = {record.id for record in load().all(TriageRow)}
    assert rows - {"T16"} == {case["row"] for case in TABLE["case"]}
    assert rows == {f"T{number}" for number in range(1, 19)}


DEADLINES = [
    # text, change, hours, of opening hours, escalated
    ("chest pain", Change.UNKNOWN, 0, False, True),
    ("my calf is swollen", Change.UNKNOWN, 4, True, True),
    ("xyzzy", Change.UNKNOWN, 8, True, False),
]


@pytest.mark.parametrize(("text", "change", "hours", "working", "escalate"), DEADLINES)
def test_a_task_has_its_deadline(
    text: str, change: Change, hours: float, working: bool, escalate: bool
) -> None:
    found = triage(1, CheckIn(change=change), text)
    assert found.task is not None
    assert (found.task.hours, found.task.working, found.escalate) == (hours, working, escalate)
    assert found.never_auto_close


STAYS_OPEN = [
    # what is written, whether it must stay open on day 1
    ("no chest pain, just sore", True),
    ("my dad had a heart attack", True),
    ("no face droop, all good", True),
    ("a bit sore", False),
    ("all good, thanks", False),
]


@pytest.mark.parametrize(("text", "stays"), STAYS_OPEN)
def test_words_of_danger_keep_a_check_in_open_whatever_is_said_of_them(text: str, stays: bool) -> None:
    found = triage(1, CheckIn(change=Change.SAME), text)
    assert found.urgency in ("self_care", "thanks")
    assert found.never_auto_close is stays


def test_a_red_flag_outside_the_rows_makes_the_answer_more_urgent() -> None:
    found = triage(1, CheckIn(change=Change.SAME), "my belly is hard as a board")
    assert (found.row, found.urgency) == ("T17", "E")
    assert "red flag: rf_acute_abdomen" in found.because


def test_words_of_self_harm_alert_a_person_at_once() -> None:
    found = triage(3, CheckIn(change=Change.BETTER), "I want to die")
    assert (found.urgency, found.escalate) == ("E", True)
    assert "988" in found.tell[0]


def test_not_sure_of_an_emergency_sign_is_a_call_the_same_day() -> None:
    found = triage(1, CheckIn(change=Change.SAME, signs={"saddle_numbness": Answer.NOT_SURE}))
    assert (found.urgency, found.row) == ("U", "T2")


def test_an_answer_names_its_row_words_and_sources() -> None:
    found = triage(3, CheckIn(), "my hand is numb")
    assert found.because[0].startswith("T7: New numbness")
    assert [one.source for one in found.evidence] == ["hand is numb"]
    assert (found.sources, found.confidence) == (("SEH21",), "1")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"day": 2}, "day 1, 3 or 7, not 2"),
    ({"day": 1, "language": "fr"}, "no such language"),
]


@pytest.mark.parametrize(("given_arguments", "message"), REFUSED)
def test_what_cannot_be_answered_is_refused(given_arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        triage(**given_arguments)


def test_a_pain_off_the_scale_and_a_sign_there_is_not_are_refused() -> None:
    with pytest.raises(ValueError, match="pain goes from 0 to 10"):
        CheckIn(pain=11)
    with pytest.raises(UnknownAnswerError, match="nonsense"):
        triage(1, CheckIn(signs={"nonsense": Answer.YES}))
    with pytest.raises(ValueError, match="reminders are counted from 0"):
        no_reply(1, -1)


signs = st.dictionaries(st.sampled_from(sorted(screen_tables().signs)), st.sampled_from(Answer), max_size=5)
checkins = st.builds(
    CheckIn,
    pain=st.one_of(st.none(), st.integers(0, 10)),
    change=st.sampled_from(Change),
    easing=st.sampled_from([None, True, False]),
    signs=signs,
)
contexts = st.builds(
    Context, neck_treated=st.booleans(), thrust=st.booleans(), counterstrain_or_blt=st.booleans(),
    anticoagulant=st.booleans(), older=st.booleans(), steroid=st.booleans(),
    age_months=st.one_of(st.none(), st.integers(0, 1000)),
)  # fmt: skip
days = st.sampled_from(DAYS)
populations = st.sampled_from(Population)


@given(days, checkins, st.text(max_size=200), populations, contexts, st.sampled_from(["en", "es"]))
@settings(max_examples=150)
def test_every_check_in_has_an_answer_a_message_and_a_reason(  # noqa: PLR0917
    day: int, checkin: CheckIn, text: str, population: Population, context: Context, language: str
) -> None:
    found = triage(day, checkin, text, population, context, language)
    assert found.urgency in RANK
    assert found.tell[0]
    assert found.because


@given(days, checkins, populations, contexts, st.sampled_from(sorted(screen_tables().signs)))
@settings(max_examples=200)
def test_one_more_yes_never_makes_an_answer_less_urgent(
    day: int, checkin: CheckIn, population: Population, context: Context, sign: str
) -> None:
    more = CheckIn(checkin.pain, checkin.change, checkin.easing, {**checkin.signs, sign: Answer.YES})
    before = triage(day, checkin, "", population, context)
    after = triage(day, more, "", population, context)
    if before.row != "T18":  # nothing understood goes to a person; something mild understood need not
        assert RANK[after.urgency] <= RANK[before.urgency]


@given(days, checkins, populations, contexts)
@settings(max_examples=150)
def test_more_pain_never_makes_an_answer_less_urgent(
    day: int, checkin: CheckIn, population: Population, context: Context
) -> None:
    if checkin.pain is None or checkin.pain == 10:
        return
    more = CheckIn(checkin.pain + 1, checkin.change, checkin.easing, checkin.signs)
    before = triage(day, checkin, "", population, context)
    after = triage(day, more, "", population, context)
    assert RANK[after.urgency] <= RANK[before.urgency]


def test_every_day_of_every_row_has_an_answer_without_conditions() -> None:
    for row in load().all(TriageRow):
        for day in DAYS:
            assert [
                cell for cell in row.cells if day in cell.days and not cell.context and cell.easing is None
            ], row.id
