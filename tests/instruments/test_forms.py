"""Forms to show, the batteries they stand in, and when the second step may be opened."""

from __future__ import annotations

import pytest

from openomt.medicine.instruments import (
    ScoreError,
    TextMissingError,
    battery,
    form,
    instrument,
    instruments,
    may_open,
    score,
)

SPANISH = {record.id for record in instruments() if record.text.es_state != "missing"}


@pytest.mark.parametrize("name", [record.id for record in instruments()])
def test_a_form_holds_every_question_with_its_answers(name: str) -> None:
    shown, record = form(name), instrument(name)
    assert [item.id for item in shown.items] == [item.id for item in record.items]
    for item in shown.items:
        assert item.text
        if item.choices:
            assert len({choice.label for choice in item.choices}) == len(item.choices)
            low, high = item.choices[0].value, item.choices[-1].value
        else:
            low, high = item.low, item.high
        for value in (low, high):
            assert [i.value for i in score(name, {item.id: value}).items if i.id == item.id] == [value]


def test_the_form_of_a_published_text_says_that_it_awaits_comparison() -> None:
    assert form("peg").notices == ("to be compared with the published form before release",)
    assert form("psfs").notices == ()
    assert form("psfs", "es").notices == ("awaiting a qualified translator",)


@pytest.mark.parametrize("name", sorted(SPANISH))
def test_a_spanish_form_is_spanish_throughout(name: str) -> None:
    english, spanish = form(name), form(name, "es")
    for one, other in zip(english.items, spanish.items, strict=True):
        assert other.text
        assert other.text != one.text
        assert [choice.value for choice in one.choices] == [choice.value for choice in other.choices]
        assert all(choice.label for choice in other.choices)
        assert bool(one.low_label) == bool(other.low_label)
        assert bool(one.stem) == bool(other.stem)


def test_where_the_published_spanish_is_missing_no_translation_takes_its_place() -> None:
    assert {record.id for record in instruments()} - SPANISH == {"peg", "rmdq", "evs", "stc"}
    for name in ("peg", "rmdq", "evs", "stc"):
        with pytest.raises(TextMissingError, match="published Spanish form must be entered"):
            form(name, "es")


def test_only_some_items_can_be_shown() -> None:
    assert [item.id for item in form("sleep", only=("q2",)).items] == ["q2"]
    with pytest.raises(ScoreError):
        form("sleep", only=("q3",))


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        form("peg", "fr")


# Batteries -------------------------------------------------------------------------------------------------


def test_the_default_intake_is_25_items_in_4_minutes_35() -> None:
    plan = battery("intake")
    assert (plan.seconds, plan.limit_seconds) == (4 * 60 + 35, 300)
    assert sum(step.items for step in plan.steps) == 25
    assert [step.instrument or step.part for step in plan.steps] == [
        "reason_and_body_diagram", "peg", "psfs", "sleep", "evs", "phq4", "stc", "other_concerns",
    ]  # fmt: skip
    assert plan.moved == ()


def test_diet_moves_to_the_second_visit_where_danger_signs_take_the_time() -> None:
    assert battery("intake", extra_seconds=25).moved == ()
    plan = battery("intake", extra_seconds=26)
    assert [step.instrument for step in plan.moved] == ["stc"]
    assert plan.seconds == 3 * 60 + 30 + 26
    assert any("second visit" in reason for reason in plan.reasons)


def test_the_default_intake_never_asks_about_self_harm() -> None:
    asked = " ".join(
        item.text
        for step in battery("intake").steps
        if step.instrument
        for item in form(step.instrument).items
    )
    assert "better off dead" not in asked


def test_the_follow_up_takes_at_most_90_seconds() -> None:
    plan = battery("followup")
    assert plan.seconds <= 90
    assert [step.instrument or step.part for step in plan.steps] == ["peg", "psfs", "sleep", "after_effects"]
    assert ("pgic", "at a review, and at the end of the course") in plan.added_when


def test_a_spanish_intake_names_the_parts_whose_text_is_missing() -> None:
    missing = [step.instrument for step in battery("intake", language="es").steps if step.text_missing]
    assert missing == ["peg", "evs", "stc"]
    assert not any(step.text_missing for step in battery("intake").steps)


@pytest.mark.parametrize(
    ("name", "extra", "language"), [("x", 0, "en"), ("intake", -1, "en"), ("intake", 0, "fr")]
)
def test_what_a_battery_cannot_be_is_refused(name: str, extra: int, language: str) -> None:
    with pytest.raises(ValueError, match=name if name == "x" else "below 0|'fr'"):
        battery(name, extra, language)


# The second step -------------------------------------------------------------------------------------------

# PHQ-4 answers (None: not asked), a live person named, in the visit -> may PHQ-9 be opened.
OPENING = [
    ([0, 0, 2, 1], True, False, True, "a live person is named"),
    ([0, 0, 1, 1], True, False, False, "PHQ-2 is 2, below 3"),
    ([3, 3, 0, 0], True, False, False, "PHQ-2 is 0, below 3"),
    ([0, 0, 3, 3], False, False, False, "no live person"),
    ([0, 0, 3, None], True, False, False, "no score"),
    (None, True, False, False, "no score"),
    (None, False, True, True, "in the visit"),
]


@pytest.mark.parametrize("case", OPENING)
def test_the_nine_questions_open_only_where_a_person_answers(
    case: tuple[list[int | None] | None, bool, bool, bool, str],
) -> None:
    answers, named, in_visit, allowed, reason = case
    before = None if answers is None else score("phq4", answers)
    opening = may_open("phq9", before, responder_named=named, in_visit=in_visit)
    assert opening.allowed is allowed
    assert reason in opening.reason


def test_a_first_step_is_open_and_another_score_does_not_open_the_second() -> None:
    assert may_open("phq4", responder_named=False).allowed
    with pytest.raises(ScoreError, match="no phq2"):
        may_open("phq9", score("gad7", [3] * 7), responder_named=True)
    assert may_open("phq9", score("phq2", [3, 0]), responder_named=True).allowed
