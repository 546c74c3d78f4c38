"""Where a measure stands is judged by the medicine; the picture shows where a change begins to count."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from openomt.care import testing
from openomt.care.desk.courses import of_course, standing, timepoints
from openomt.care.desk.measures import SLOTS, Measure, counts_at, measures
from openomt.care.intake.flow import Flow
from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import meaning, record_answers
from openomt.care.intake.tests.conftest import Walk
from openomt.care.patients.models import Course
from openomt.medicine import instruments

START = dt.date(2026, 10, 12)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def answered(instrument: str, answers: object, number: int = 0) -> FormAnswer:
    score = instruments.score(instrument, answers)  # type: ignore[arg-type]
    kept = {
        item.id: {"value": item.value, "text": item.words} if item.words else item.value
        for item in score.items
        if item.value is not None
    }
    return FormAnswer(
        instrument=instrument, answers=kept, score=score.value, words=meaning(score), on=day(number)
    )


def of(key: str, *answers: FormAnswer) -> Measure:
    return next(one for one in measures(answers) if one.slot.key == key)


def word(key: str, *answers: FormAnswer) -> str:
    verdict = of(key, *answers).verdict
    assert verdict is not None
    return verdict.word


def test_without_an_answer_the_usual_instrument_is_named() -> None:
    assert [(one.slot.key, one.instrument, one.picture) for one in measures([])] == [
        (slot.key, slot.instruments[0], "") for slot in SLOTS
    ]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ([6, 6, 6], [4, 4, 4], "Improved"),
        ([6, 6, 6], [5, 5, 6], "Not yet"),
        ([6, 6, 6], [6, 6, 6], "Unchanged"),
        ([4, 4, 4], [7, 7, 7], "Worse"),
        ([6, 6, 6], [6, 6, 7], "Worse, not by what counts"),
        ([0, 0, 0], [2, 2, 2], "Cannot say"),
    ],
)
def test_pain_is_judged_in_words(first: list[int], last: list[int], said: str) -> None:
    assert word("pain", answered("peg", first), answered("peg", last, 14)) == said


def test_a_first_answer_is_no_change_and_shows_where_one_counts() -> None:
    one = of("pain", answered("peg", [6, 6, 6]))
    assert one.verdict is not None
    assert one.verdict.word == "First answer"
    assert "counts at 4.2" in one.picture


def test_own_activities_that_changed_are_not_compared() -> None:
    before = answered("psfs", {"q1": {"value": 2, "text": "climb stairs"}})
    after = answered("psfs", {"q1": {"value": 9, "text": "play the piano"}}, 14)
    assert word("life", before, after) == "Cannot say"


def test_mood_tells_only_a_change_of_band() -> None:
    assert (
        word("mood", answered("phq4", [1, 1, 1, 1]), answered("phq4", [1, 1, 2, 1], 9)) == "Same band, mild"
    )
    assert (
        word("mood", answered("phq4", [1, 1, 1, 1]), answered("phq4", [0, 0, 0, 0], 9)) == "From mild to none"
    )
    worse = of("mood", answered("phq4", [0, 0, 0, 0]), answered("phq4", [3, 3, 3, 3], 9)).verdict
    assert worse is not None
    assert worse.alarm


def test_sleep_is_the_question_answered_most_often() -> None:
    hours = of("sleep", answered("sleep", [5, 4]), answered("sleep", [6.5, 4], 9))
    assert (hours.value, hours.unit) == ("6.5", "hours")
    assert "7 hours of sleep" in hours.picture
    quality = of("sleep", answered("sleep", [5, 4]), answered("sleep", {"q2": 8}, 9))
    assert (quality.value, quality.unit) == ("8", "of 10")
    crossed = of("sleep", answered("sleep", [5, 4]), answered("sleep", [8, 4], 9)).verdict
    assert crossed is not None
    assert "7 hours of sleep: reached" in crossed.why


_CHANGING = [one.id for one in instruments.instruments() if one.change and one.scoring.method != "none"]


@pytest.mark.parametrize("name", _CHANGING)
@given(part=st.floats(0, 1))
def test_the_shaded_part_begins_where_the_medicine_calls_it_improved(name: str, part: float) -> None:
    scoring = instruments.instrument(name).scoring
    before = scoring.low + part * (scoring.high - scoring.low)
    edge = counts_at(name, before)
    best = scoring.high if scoring.better == "higher" else scoring.low
    if edge is None:
        assert not instruments.change(name, before, best).improved
        return
    toward = 0.002 if scoring.better == "higher" else -0.002
    inside = min(max(edge + toward, scoring.low), scoring.high)
    outside = min(max(edge - toward, scoring.low), scoring.high)
    assert instruments.change(name, before, inside).improved
    assert not instruments.change(name, before, outside).improved


# Courses -----------------------------------------------------------------------------------------------------


def course(**fields: object) -> Course:
    return Course(**{"title": "x", "started_on": START, "planned_visits": 6} | fields)


def test_answers_before_a_visit_belong_to_it_and_the_newest_counts() -> None:
    answers = [
        answered("peg", [6, 6, 6], -1),
        answered("psfs", {"q1": {"value": 3, "text": "x"}}, 0),
        answered("peg", [5, 5, 5], 12),
        answered("peg", [4, 4, 4], 13),
        answered("pgic", [2], 14),
    ]
    points = timepoints(answers, [day(0), day(14)])
    assert [point.day for point in points] == [1, 15]
    assert [bool(point.psfs) for point in points] == [True, False]
    assert isinstance(points[1].peg, instruments.Score)
    assert points[1].peg.value == 4
    assert points[1].pgic is not None


def test_a_course_begins_with_the_last_answer_before_it_and_never_with_one_of_the_course_before() -> None:
    earlier = course(started_on=day(-200), ended_on=day(-100))
    old, near, later = (answered("peg", [6, 6, 6], number) for number in (-150, -3, 10))
    assert of_course(course(), earlier, [old, near, later]) == [near, later]
    assert of_course(course(), earlier, [old, later]) == [later]
    assert of_course(course(), None, [old, near, later]) == [near, later]
    assert of_course(None, None, [old, near]) == [old, near]


def test_the_review_is_due_on_the_day_that_was_set() -> None:
    set_by_hand = course(review_on=day(20))
    assert not standing(set_by_hand, [day(0), day(7), day(14)], [], day(19)).due
    due = standing(set_by_hand, [day(0)], [], day(20))
    assert (due.due, due.overdue) == (True, False)
    assert standing(set_by_hand, [day(0)], [], day(21)).overdue


def test_without_a_day_the_review_is_due_by_the_rule_of_the_medicine() -> None:
    assert not standing(course(), [day(0)], [], day(7)).due
    assert standing(course(), [day(0), day(7), day(14)], [], day(14)).due
    assert standing(course(), [day(0)], [], day(28)).due


def test_how_a_course_goes_is_the_outcome_of_the_medicine() -> None:
    answers = [answered("peg", [6, 6, 6]), answered("peg", [3, 3, 3], 14)]
    told = standing(course(), [day(0), day(14)], answers, day(14))
    assert told.headline == "Partly improved"
    assert told.advice.suggestions


@pytest.mark.django_db
def test_what_is_told_before_a_later_visit_stands_in_the_strip(client: Client) -> None:
    testing.practice()
    one, then = testing.patient(birth_date=dt.date(1985, 3, 4)), timezone.localdate() - dt.timedelta(days=21)
    record_answers(None, one, "peg", [6, 6, 6], then)
    record_answers(None, one, "psfs", {"q1": {"value": 4, "text": "Climb stairs"}}, then)
    mine = Walk(client, one, flow=Flow.FOLLOWUP)
    mine.begin()
    mine.walk(
        typical={f"peg-q{number}": {"value": "2"} for number in (1, 2, 3)} | {"psfs-q1": {"value": "7"}}
    )
    mine.client.post(reverse("intake_mine_send", args=[mine.intake.uid]))
    shown = {one.slot.key: one for one in measures(list(FormAnswer.objects.filter(patient=one)))}
    assert [value for _, value in shown["pain"].points] == ["6", "2"]
    assert [value for _, value in shown["life"].points] == ["4", "7"]
    assert [one.verdict and one.verdict.word for one in shown.values()][:2] == ["Improved", "Improved"]
