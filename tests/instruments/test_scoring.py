"""Every instrument is scored as published; what is missing stays missing; bad answers are named."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openomt.medicine.instruments import ScoreError, instrument, score, urgent
from tests.instruments.strategies import ALL, SCORED, partial, reaching, values_of, whole

WORKED: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("worked.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", WORKED, ids=lambda case: f"{case['instrument']} {case['score']:g}")
def test_a_worked_example_is_scored_as_published(case: dict[str, Any]) -> None:
    result = score(case["instrument"], [None if answer == -1 else answer for answer in case["answers"]])
    assert result.value == pytest.approx(case["score"], abs=1e-4)
    assert (result.band.id if result.band else None) == case.get("band")
    assert [mark.id for mark in result.positives] == case.get("positives", [])
    assert {sub.instrument: sub.value for sub in result.subscores} == {
        name: float(case[name]) for name in ("gad2", "phq2") if name in case
    }
    assert [alert.id for alert in result.alerts] == case.get("alerts", [])


def test_every_questionnaire_with_a_score_has_a_worked_example() -> None:
    assert {instrument(case["instrument"]).id for case in WORKED} == set(SCORED)


# Instrument, score -> band; both sides of every line.
BOUNDARIES = [
    ("phq4", 0, "none"), ("phq4", 2, "none"), ("phq4", 3, "mild"), ("phq4", 5, "mild"),
    ("phq4", 6, "moderate"), ("phq4", 8, "moderate"), ("phq4", 9, "severe"), ("phq4", 12, "severe"),
    ("phq9", 0, "minimal"), ("phq9", 4, "minimal"), ("phq9", 5, "mild"), ("phq9", 9, "mild"),
    ("phq9", 10, "moderate"), ("phq9", 14, "moderate"), ("phq9", 15, "moderately_severe"),
    ("phq9", 19, "moderately_severe"), ("phq9", 20, "severe"), ("phq9", 27, "severe"),
    ("gad7", 0, "minimal"), ("gad7", 4, "minimal"), ("gad7", 5, "mild"), ("gad7", 9, "mild"),
    ("gad7", 10, "moderate"), ("gad7", 14, "moderate"), ("gad7", 15, "severe"), ("gad7", 21, "severe"),
    ("rmdq", 0, "recovered"), ("rmdq", 2, "recovered"), ("rmdq", 3, "limited"), ("rmdq", 24, "limited"),
    ("nrs", 0, "none"), ("nrs", 1, "mild"), ("nrs", 3, "mild"), ("nrs", 4, "moderate"),
    ("nrs", 6, "moderate"), ("nrs", 7, "severe"), ("nrs", 10, "severe"),
    ("peg", 11, "below_moderate"), ("peg", 12, "moderate"), ("peg", 20, "moderate"), ("peg", 21, "severe"),
    ("pgic", 1, "improved"), ("pgic", 2, "improved"), ("pgic", 3, "about_the_same"),
    ("pgic", 5, "about_the_same"), ("pgic", 6, "worse"), ("pgic", 7, "worse"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "total", "band"), BOUNDARIES)
def test_a_band_begins_and_ends_where_it_is_published(name: str, total: int, band: str) -> None:
    result = score(name, reaching(name, total))
    assert result.band is not None
    assert result.band.id == band


def test_both_sides_of_every_band_of_every_questionnaire_are_in_a_table() -> None:
    tabled = {(name, band) for name, _, band in BOUNDARIES} | {
        ("evs", "inactive"), ("evs", "low"), ("evs", "meets"),
        ("sleep", "short"), ("sleep", "seven"), ("sleep", "poor"), ("sleep", "fair"), ("sleep", "good"),
    }  # fmt: skip
    assert tabled == {(name, band.id) for name in ALL for band in instrument(name).bands}


@pytest.mark.parametrize(
    ("days", "minutes", "band"),
    [(0, 60, "inactive"), (7, 0, "inactive"), (1, 1, "low"), (1, 149, "low"), (1, 150, "meets")],
)
def test_minutes_of_exercise_fall_into_their_band(days: int, minutes: int, band: str) -> None:
    result = score("evs", [days, minutes])
    assert result.band is not None
    assert (result.value, result.band.id) == (days * minutes, band)


@pytest.mark.parametrize(
    ("hours", "quality", "expected"),
    [(6.5, 3, ["short", "poor"]), (7, 4, ["seven", "fair"]), (7.5, 6, ["seven", "fair"]),
     (0, 7, ["short", "good"]), (24, 0, ["seven", "poor"])],
)  # fmt: skip
def test_sleep_has_no_total_and_each_answer_its_band(hours: float, quality: int, expected: list[str]) -> None:
    result = score("sleep", [hours, quality])
    assert (result.value, result.band) == (None, None)
    assert [item.band.id for item in result.items if item.band] == expected


@pytest.mark.parametrize(
    ("name", "total", "positives"),
    [("phq2", 2, []), ("phq2", 3, ["positive"]), ("gad2", 2, []), ("gad2", 3, ["positive"]),
     ("audit_c", 2, []), ("audit_c", 3, ["women"]), ("audit_c", 4, ["women", "men"]),
     ("audit_c", 5, ["women", "men", "va_action"])],
)  # fmt: skip
def test_a_line_is_reached_at_its_number(name: str, total: int, positives: list[str]) -> None:
    assert [mark.id for mark in score(name, reaching(name, total)).positives] == positives


# Missing answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ALL if len(instrument(name).items) <= 9])
def test_every_pattern_of_missing_answers_gives_the_whole_score_or_none(name: str) -> None:
    record = instrument(name)
    low = [values_of(record, item)[-1] for item in record.items]
    for left_out in itertools.product((False, True), repeat=len(low)):
        answers = [None if out else value for out, value in zip(left_out, low, strict=True)]
        result = score(name, answers)
        gone = {item.id for item, out in zip(record.items, left_out, strict=True) if out and item.required}
        assert set(result.missing) == gone
        if all(left_out) or (gone and record.missing.rule == "complete") or record.scoring.method == "none":
            assert result.value is None
            assert result.reason
            assert result.band is None
            assert result.positives == ()
        else:
            assert result.value is not None


def test_what_is_missing_is_not_taken_as_zero() -> None:
    assert score("peg", [6, 5]).value is None
    assert "q3 not answered" in score("peg", [6, 5]).reason
    assert score("rmdq", {"q1": True}).value is None


def test_half_of_the_four_questions_still_gives_its_own_subscore() -> None:
    result = score("phq4", {"q3": 2, "q4": 1})
    assert result.value is None
    assert {sub.instrument: sub.value for sub in result.subscores} == {"gad2": None, "phq2": 3.0}
    assert [mark.id for sub in result.subscores for mark in sub.positives] == ["positive"]


def test_who_drinks_must_answer_the_rest() -> None:
    assert score("audit_c", [1]).missing == ("q2", "q3")
    assert score("audit_c", [0, 2]).value == 2


# What a person must see ----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [1, 2, 3])
@pytest.mark.parametrize("others", [0, None])
def test_thoughts_of_self_harm_are_told_at_once_whatever_the_score(answer: int, others: int | None) -> None:
    result = score("phq9", [*[others] * 8, answer])
    [alert] = result.alerts
    told = " ".join(alert.lines("en", "555 0100"))
    assert all(word in told for word in ("988", "911", "555 0100"))
    assert all(word in " ".join(alert.lines("es", "555 0100")) for word in ("988", "911", "555 0100"))
    assert alert.must_record_action
    assert "no level of risk" in alert.never
    assert not any("risk" in field for field in type(result).__dataclass_fields__)


def test_without_a_phone_of_the_clinic_no_number_is_made_up() -> None:
    [alert] = score("phq9", {"q9": 1}).alerts
    assert len(alert.lines("en")) == len(alert.lines("en", "555 0100")) - 1
    assert "{" not in " ".join(alert.lines("en"))


def test_not_at_all_raises_nothing_and_left_open_is_named() -> None:
    assert score("phq9", [3] * 8 + [0]).alerts == ()
    assert score("phq9", [3] * 8 + [0]).notices == ()
    assert "left open" in score("phq9", [3] * 8).notices[0]
    assert score("phq9", []).notices == ()


def test_the_alert_stands_even_where_another_answer_is_refused() -> None:
    answers = {"q1": 9, "q9": 2, "q77": 1}
    with pytest.raises(ScoreError):
        score("phq9", answers)
    assert [alert.value for alert in urgent("phq9", answers)] == [2]


# Answers that cannot be taken ------------------------------------------------------------------------------

REFUSED: list[tuple[str, Any, str, str]] = [
    ("peg", [11, 5, 5], "q1", "a whole number from 0 to 10"),
    ("peg", [-1, 5, 5], "q1", "a whole number from 0 to 10"),
    ("peg", [5, 5.5, 5], "q2", "a whole number from 0 to 10"),
    ("peg", [5, 5, float("nan")], "q3", "a whole number from 0 to 10"),
    ("peg", [5, 5, float("inf")], "q3", "a whole number from 0 to 10"),
    ("peg", {"q1": True}, "q1", "a whole number from 0 to 10"),
    ("peg", {"q1": "6"}, "q1", "a whole number from 0 to 10"),
    ("peg", {"q4": 6}, "q4", "there are q1 to q3"),
    ("peg", {"q1": 6, "1": 6}, "q1", "answered twice"),
    ("peg", {"q1": {"value": 6}}, "q1", "a whole number from 0 to 10"),
    ("phq9", {"q9": 4}, "q9", "one of 0, 1, 2, 3"),
    ("phq9", {"q2": 1.5}, "q2", "one of 0, 1, 2, 3"),
    ("rmdq", {"q7": 2}, "q7", "true, false, 1 or 0"),
    ("sleep", {"q1": 6.3}, "q1", "steps of 0.5 from 0 to 24"),
    ("pgic", {"q1": 0}, "q1", "one of 1, 2, 3, 4, 5, 6, 7"),
    ("psfs", {"q1": {"value": 3, "words": "x"}}, "q1", "a whole number from 0 to 10"),
    ("psfs", {"q1": {"value": 3, "text": 4}}, "q1", "a whole number from 0 to 10"),
    ("headache_diary", {"q1": 29}, "q1", "a whole number from 0 to 28"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "item", "allowed"), REFUSED)
def test_a_bad_answer_is_refused_by_item_with_what_is_allowed(
    name: str, answers: Any, item: str, allowed: str
) -> None:
    with pytest.raises(ScoreError) as caught:
        score(name, answers)
    assert caught.value.item == item
    assert item in str(caught.value)
    assert allowed in str(caught.value)


@pytest.mark.parametrize("answers", [[1, 2, 3, 4], "123", b"123", 5, None])
def test_answers_of_another_shape_are_refused(answers: Any) -> None:
    with pytest.raises(ScoreError):
        score("peg", answers)


def test_an_unknown_questionnaire_is_refused_with_those_there_are() -> None:
    with pytest.raises(ScoreError, match=r"no instrument 'xyz'; there are .*peg"):
        score("xyz", [1])


@pytest.mark.parametrize("spelling", ["PHQ-9", "phq9", "phq 9", "Patient Health Questionnaire-9"])
def test_a_questionnaire_is_found_in_any_spelling(spelling: str) -> None:
    assert score(spelling, [0] * 9).instrument == "phq9"


# Whatever is answered --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
def test_a_score_lies_in_its_range_and_says_where_it_comes_from(name: str, data: st.DataObject) -> None:
    result = score(name, data.draw(partial(name)))
    assert result.value is None or result.low <= result.value <= result.high
    assert result.sources
    assert result.reason
    assert result.confidence


@pytest.mark.parametrize("name", SCORED)
@given(data=st.data())
def test_a_higher_answer_never_lowers_the_score(name: str, data: st.DataObject) -> None:
    record, answers = instrument(name), data.draw(whole(name))
    at = data.draw(st.integers(0, len(answers) - 1))
    higher = data.draw(st.sampled_from(values_of(record, record.items[at])))
    assume(higher >= answers[at])
    before = score(name, answers).value
    after = score(name, [*answers[:at], higher, *answers[at + 1 :]]).value
    assert before is not None
    assert after is not None
    assert after >= before


@pytest.mark.parametrize(
    "name", [name for name in SCORED if instrument(name).scoring.method in ("sum", "mean")]
)
@given(data=st.data())
def test_the_order_of_the_items_does_not_change_the_score(name: str, data: st.DataObject) -> None:
    answers = data.draw(whole(name))
    shuffled = data.draw(st.permutations(answers))
    assert score(name, shuffled).value == score(name, answers).value


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
def test_answers_by_item_in_any_order_are_the_same_as_in_a_row(name: str, data: st.DataObject) -> None:
    answers = data.draw(partial(name))
    pairs = [(f"q{number}", answer) for number, answer in enumerate(answers, 1)]
    assert score(name, dict(data.draw(st.permutations(pairs)))) == score(name, answers)


@given(st.integers(0, 2**24 - 1))
def test_every_statement_that_is_true_counts_one(bits: int) -> None:
    answers = [bool(bits >> at & 1) for at in range(24)]
    assert score("rmdq", answers).value == sum(answers)
