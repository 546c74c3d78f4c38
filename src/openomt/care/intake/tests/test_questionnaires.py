"""Questionnaires are taken and scored as the medicine does it, and what is wrong is said at its item."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.care.accounts.models import AuditEvent
from openomt.care.intake import services
from openomt.care.intake.forms import DayForm, Questionnaire
from openomt.care.intake.models import FormAnswer
from openomt.care.testing import member, patient
from openomt.medicine import instruments
from openomt.medicine.instruments import ScoreError
from openomt.medicine.instruments.values import FormItem

IDS = [one.id for one in instruments.instruments()]
TODAY = dt.date(2026, 11, 23)


def _asked(instrument: str, data: dict[str, str] | None = None) -> Questionnaire:
    typed = {f"{instrument}-{name}": value for name, value in (data or {}).items()}
    form = Questionnaire(instruments.form(instrument), typed)
    form.is_valid()
    return form


def _typed(item: FormItem) -> st.SearchStrategy[dict[str, str]]:
    """What somebody may type for an item, right or left open."""
    if item.kind == "tick":
        values: st.SearchStrategy[str] = st.sampled_from(["", "1"])
    elif item.kind == "choice":
        values = st.sampled_from(["", *(str(choice.value) for choice in item.choices)])
    else:
        steps = st.integers(0, round((item.high - item.low) / item.step))
        values = st.just("") | steps.map(lambda n: f"{item.low + n * item.step:g}")
    return values.map(
        lambda value: (
            {item.id: value} | ({f"{item.id}_text": "climb stairs"} if item.kind == "own_activity" else {})
        )
    )


@pytest.mark.parametrize("instrument", IDS)
@given(data=st.data())
def test_every_right_answer_is_taken_as_the_medicine_takes_it(instrument: str, data: st.DataObject) -> None:
    shown = instruments.form(instrument)
    typed: dict[str, str] = {}
    for item in shown.items:
        typed |= data.draw(_typed(item))
    if any(item.kind == "tick" for item in shown.items) and not any(typed.values()):
        typed["none"] = "1"
    form = _asked(instrument, typed)
    rated = {name for name, value in typed.items() if value and not name.endswith("_text") and name != "none"}
    unrated = [item for item in shown.items if item.kind == "own_activity" and item.id not in rated]
    assert set(form.faults) == {item.id for item in unrated}
    if not form.faults:
        score = instruments.score(instrument, form.answers)
        assert {item.id for item in score.items if item.value} <= rated
        assert bool(form.open_items) == (score.value is None and bool(score.missing))


@pytest.mark.parametrize(
    ("instrument", "item", "typed", "said"),
    [
        ("peg", "q1", "11", "a whole number from 0 to 10"),
        ("peg", "q2", "-1", "a whole number from 0 to 10"),
        ("peg", "q3", "5.5", "a whole number from 0 to 10"),
        ("peg", "q1", "five", "“five”"),
        ("peg", "q1", "\u202e٣<script>", "is not an answer here"),
        ("peg", "q1", "nan", "is not an answer here"),
        ("peg", "q1", "9" * 400, "Too long for a number"),
        ("sleep", "q1", "25", "from 0 to 24"),
        ("sleep", "q1", "6.25", "in steps of 0.5"),
        ("phq9", "q9", "4", "one of 0, 1, 2, 3"),
        ("evs", "q2", "99999999999999999999", "from 0 to 1440"),
    ],
)
def test_a_wrong_answer_is_named_at_its_item_and_kept_as_typed(
    instrument: str, item: str, typed: str, said: str
) -> None:
    form = _asked(instrument, {item: typed})
    assert said in form.faults[item]
    question = next(one for one in form.questions if one.item.id == item)
    assert question.error == form.faults[item]
    assert question.value == typed[: len(question.value)] != ""


def test_every_wrong_answer_is_named_not_only_the_first() -> None:
    assert set(_asked("peg", {"q1": "x", "q2": "12", "q3": "3"}).faults) == {"q1", "q2"}


def test_an_urgent_answer_is_seen_though_others_are_wrong() -> None:
    form = _asked("phq9", {"q1": "nonsense", "q9": "1"})
    assert form.faults
    assert [alert.item for alert in form.urgent()] == ["q9"]


def test_a_list_without_a_tick_must_be_said_to_be_none() -> None:
    assert _asked("rmdq").is_empty
    none = _asked("rmdq", {"none": "1"})
    assert instruments.score("rmdq", none.answers).value == 0
    both = _asked("rmdq", {"none": "1", "q3": "1"})
    assert "none of these" in both.faults["q1"]
    one = _asked("rmdq", {"q3": "1"})
    assert instruments.score("rmdq", one.answers).value == 1


def test_open_questions_are_named_where_a_score_hangs_on_them() -> None:
    assert _asked("peg", {"q1": "3"}).open_items == ("enjoyment of life", "general activity")
    assert _asked("psfs", {"q1": "3", "q1_text": "climb stairs"}).open_items == ()


def test_activities_of_the_last_time_are_offered_and_may_be_left_unrated() -> None:
    last = FormAnswer(instrument="psfs", answers={"q1": {"value": 3.0, "text": "climb stairs"}, "q2": 4})
    blank = Questionnaire(instruments.form("psfs"), None, last)
    assert (blank.questions[0].text, blank.questions[0].before) == ("climb stairs", "3")
    again = Questionnaire(instruments.form("psfs"), {"psfs-q1_text": "climb stairs", "psfs-q1": ""}, last)
    assert again.is_valid()
    assert again.is_empty


def test_a_rating_needs_the_words_of_its_activity() -> None:
    assert "Write what it is" in _asked("psfs", {"q1": "3"}).faults["q1"]
    assert "Too long" in _asked("psfs", {"q1": "3", "q1_text": "x" * 10_000}).faults["q1"]


@pytest.mark.parametrize(
    "typed",
    ["", "0001-01-01", "9999-12-31", "99999-01-01", "2099-01-01", "yesterday", "2026-13-45", "1200-01-01"],
)
def test_a_day_that_cannot_be_is_refused_with_words(typed: str) -> None:
    form = DayForm(dt.date(1990, 5, 17), {"on": typed})
    assert not form.is_valid()
    assert form.errors["on"]


# What is kept ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("instrument", "answers"),
    [
        ("peg", [7, 6, 6]),
        ("phq9", [1, 2, 1, 0, 0, 1, 2, 0, 1]),
        ("phq4", {"q1": 2, "q2": 1}),
        ("psfs", {"q1": {"value": 3, "text": "climb stairs"}, "q2": {"value": 5, "text": "sleep"}}),
        ("sleep", [5.5, 6]),
        ("evs", [0, None]),
    ],
)
def test_kept_answers_score_as_the_medicine_scored_them(instrument: str, answers: Any) -> None:
    row = services.record_answers(None, patient(), instrument, answers, TODAY)
    told = instruments.score(instrument, answers)
    kept = FormAnswer.objects.get(pk=row.pk)
    assert (kept.score, kept.instrument) == (told.value, told.instrument)
    assert services.score_of(kept) == told
    assert kept.words == services.meaning(told)[:200]


@pytest.mark.django_db
def test_a_refused_answer_keeps_nothing_of_the_occasion() -> None:
    one = patient()
    with pytest.raises(ScoreError, match="q2"):
        services.record_together(
            None, one, [services.Given("peg", [1, 2, 3]), services.Given("peg", [1, 99, 3])], TODAY
        )
    assert not FormAnswer.objects.exists()
    assert not AuditEvent.objects.filter(action="form.recorded").exists()


@pytest.mark.django_db
def test_keeping_stands_in_the_audit_without_the_answers() -> None:
    doctor, one = member("physician"), patient()
    row = services.record_answers(doctor, one, "phq9", [0] * 8 + [3], TODAY, address="10.0.0.1")
    event = AuditEvent.objects.get(action="form.recorded")
    assert (event.patient_id, event.subject, event.detail) == (
        one.pk,
        f"form:{row.uid}",
        {"instrument": "phq9"},
    )


@pytest.mark.django_db
def test_entered_in_error_is_kept_counts_nowhere_and_is_written_once() -> None:
    doctor, one = member("physician"), patient()
    row = services.record_answers(doctor, one, "phq9", [0] * 8 + [3], TODAY)
    assert [alert.item for alert in services.alerts_of(row)] == ["q9"]
    services.mark_in_error(doctor, row)
    services.mark_in_error(doctor, row)
    assert services.alerts_of(row) == ()
    assert services.newest([row]) == {}
    assert AuditEvent.objects.filter(action="form.entered_in_error").count() == 1
    assert FormAnswer.objects.get(pk=row.pk).answers == row.answers


def test_a_score_in_words_names_its_band_and_every_line_it_reached() -> None:
    assert services.meaning(instruments.score("peg", [7, 7, 7])) == "severe"
    words = services.meaning(instruments.score("phq4", [2, 2, 0, 0]))
    assert words.startswith("mild; GAD-2 4")
    assert services.meaning(instruments.score("peg", [7])).startswith("no score")


def test_spanish_is_shown_where_it_is_published_and_english_with_the_reason_where_not() -> None:
    form, why = services.shown_form("phq9", "es")
    assert (form.language, why) == ("es", "")
    form, why = services.shown_form("peg", "es")
    assert form.language == "en"
    assert "Spanish" in why
