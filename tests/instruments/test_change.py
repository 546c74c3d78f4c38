"""How much change matters: each instrument by its own published rule, and nothing where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.medicine.instruments import Answers, ScoreError, change, instrument, score
from tests.instruments.strategies import SCORED

# Instrument, before, after -> as much as matters, and which way.
ROWS: list[tuple[str, float, float, str, str]] = [
    ("nrs", 8, 6, "met", "better"),  # 2 points
    ("nrs", 3, 2, "met", "better"),  # 33 percent
    ("nrs", 8, 7, "not met", "better"),
    ("nrs", 4, 4, "not met", "same"),
    ("nrs", 4, 6, "met", "worse"),
    ("nrs", 0, 2, "met", "worse"),  # points suffice from zero
    ("nrs", 0, 1, "cannot say", "worse"),  # the other half is a percent of zero
    ("peg", 10, 7, "met", "better"),  # exactly 30 percent
    ("peg", 10 / 3, 7 / 3, "met", "better"),  # exactly 30 percent and 1 point, in thirds
    ("peg", 20 / 3, 14 / 3, "met", "better"),
    ("peg", 7, 4.9, "met", "better"),  # exactly 30 percent, in tenths
    ("peg", 10, 7.1, "not met", "better"),
    ("peg", 3, 2.1, "not met", "better"),  # 30 percent, but under 1 point
    ("peg", 9, 7, "not met", "better"),  # 2 points, but 22 percent
    ("peg", 5, 6.5, "met", "worse"),
    ("peg", 0, 0.5, "not met", "worse"),  # points are needed too, and too few
    ("peg", 0, 3, "cannot say", "worse"),
    ("peg", 0, 0, "not met", "same"),
    ("psfs", 3, 5, "met", "better"),
    ("psfs", 3, 4.9, "not met", "better"),
    ("psfs", 6, 4, "met", "worse"),
    ("psfs", 0, 2, "met", "better"),
    ("rmdq", 20, 15, "met", "better"),  # 5 points, 25 percent
    ("rmdq", 10, 7, "met", "better"),  # 30 percent
    ("rmdq", 20, 16, "not met", "better"),
    ("phq9", 15, 10, "met", "better"),
    ("phq9", 15, 11, "not met", "better"),
    ("gad7", 12, 8, "met", "better"),
    ("gad7", 12, 9, "not met", "better"),
    ("headache_diary", 12, 6, "met", "better"),
    ("headache_diary", 12, 7, "not met", "better"),
    ("headache_diary", 0, 3, "cannot say", "worse"),
    ("phq4", 9, 3, "no agreed value", "better"),
    ("phq2", 6, 1, "no agreed value", "better"),
    ("gad2", 1, 6, "no agreed value", "worse"),
    ("evs", 60, 200, "no agreed value", "better"),
    ("stc", 12, 4, "no agreed value", "better"),
    ("audit_c", 8, 2, "no agreed value", "better"),
    ("pgic", 4, 1, "no agreed value", "better"),
]


@pytest.mark.parametrize(("name", "before", "after", "state", "direction"), ROWS)
def test_a_change_is_judged_by_the_published_rule(
    name: str, before: float, after: float, state: str, direction: str
) -> None:
    result = change(name, before, after)
    assert (result.state.value, result.direction) == (state, direction)
    assert result.points == pytest.approx(after - before)
    assert result.improved == (state == "met" and direction == "better")
    assert result.worsened == (state == "met" and direction == "worse")


def test_every_questionnaire_is_in_the_table() -> None:
    assert {row[0] for row in ROWS} == set(SCORED)


def test_no_percent_is_given_of_zero() -> None:
    assert change("peg", 0, 3).percent is None
    assert "percent" in change("peg", 0, 3).reason
    assert change("peg", 8, 6).percent == pytest.approx(-25)


@pytest.mark.parametrize(
    ("name", "before", "after", "also"),
    [("nrs", 8, 4, {"substantial": True, "minimal": True}),
     ("nrs", 10, 9, {"substantial": False, "minimal": True}),
     ("psfs", 3, 5.5, {"single": None, "small": True, "medium": True, "large": False}),
     ("phq9", 10, 8, {"cohort_2020": True}),
     ("gad7", 10, 9, {"cohort_2020": False}),
     ("headache_diary", 10, 7, {"chronic": True})],
)  # fmt: skip
def test_other_published_values_are_said_beside_it_and_decide_nothing(
    name: str, before: float, after: float, also: dict[str, bool | None]
) -> None:
    result = change(name, before, after)
    assert {rule.id: rule.met for rule in result.rules if not rule.decides} == also


def test_a_change_of_band_is_told() -> None:
    result = change("phq4", 9, 4)
    assert result.band_before is not None
    assert result.band_after is not None
    assert (result.band_before.id, result.band_after.id) == ("severe", "mild")


LINES: list[tuple[str, Answers, Answers, tuple[str, ...]]] = [
    ("evs", [3, 30], [5, 30], ("150 minutes a week: reached",)),
    ("evs", [5, 30], [3, 30], ("150 minutes a week: no longer reached",)),
    ("evs", [3, 30], [4, 30], ()),
    ("evs", [1, 149], [1, 150], ("150 minutes a week: reached",)),
    ("sleep", [6.5, 3], [7, 3], ("7 hours of sleep: reached",)),
    ("sleep", [8, 3], [6, 3], ("7 hours of sleep: no longer reached",)),
    ("sleep", [None, 3], [6, 3], ()),
]


@pytest.mark.parametrize(("name", "before", "after", "crossed"), LINES)
def test_crossing_a_line_is_told_where_no_change_is_agreed(
    name: str, before: Answers, after: Answers, crossed: tuple[str, ...]
) -> None:
    result = change(name, score(name, before), score(name, after))
    assert result.crossed == crossed
    assert result.state == "no agreed value"


# Own activities ------------------------------------------------------------------------------------------


def activity(text: str, value: int | None) -> dict[str, object]:
    return {"text": text, "value": value}


def test_only_activities_rated_both_times_are_compared() -> None:
    before = score("psfs", {"q1": activity("stairs", 2), "q2": activity("lift", 8)})
    after = score("psfs", {"q1": activity("Stairs", 5)})
    result = change("psfs", before, after)
    assert (result.before, result.after) == (2, 5)
    assert result.improved
    assert "q1" in result.reason


def test_other_activities_are_not_compared_as_if_they_were_the_same() -> None:
    before, after = score("psfs", {"q1": activity("stairs", 2)}), score("psfs", {"q1": activity("run", 9)})
    assert change("psfs", before, after).state == "cannot say"


def test_one_activity_that_changed_by_3_is_named() -> None:
    before, after = score("psfs", [2, 6, 5]), score("psfs", [5, 6, 2])
    [single] = [rule for rule in change("psfs", before, after).rules if rule.id == "single"]
    assert single.which == ("q1 better", "q3 worse")
    assert change("psfs", before, after).state == "not met"


# What cannot be compared -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["peg", "psfs", "rmdq"])
def test_a_missing_score_is_not_guessed(name: str) -> None:
    for before, after in ((None, 5), (5, None), (None, None), (score(name, []), 5)):
        result = change(name, before, after)
        assert (result.state, result.points, result.direction) == ("cannot say", None, None)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("peg", 11, 5), ("peg", 5, -1), ("peg", float("nan"), 5), ("rmdq", 25, 5),
     ("sleep", 6, 7), ("odi", 5, 4)],
)  # fmt: skip
def test_a_number_that_is_no_score_is_refused(name: str, before: float, after: float) -> None:
    with pytest.raises(ScoreError):
        change(name, before, after)


def test_scores_of_two_questionnaires_are_not_compared() -> None:
    with pytest.raises(ScoreError, match="GAD-7"):
        change("phq9", score("gad7", [0] * 7), 5)


@pytest.mark.parametrize("name", SCORED)
@given(data=st.data())
def test_there_and_back_are_opposite(name: str, data: st.DataObject) -> None:
    scoring = instrument(name).scoring
    whole = st.integers(int(scoring.low), int(scoring.high))
    one, other = data.draw(whole), data.draw(whole)
    there, back = change(name, one, other), change(name, other, one)
    assert there.points == -(back.points or 0)
    opposite = {"better": "worse", "worse": "better", "same": "same"}
    assert back.direction == opposite[str(there.direction)]
