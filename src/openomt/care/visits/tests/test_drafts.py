"""Two people on one draft: nobody loses a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.care.visits.around import today
from openomt.care.visits.drafts import (
    Circumstances,
    Draft,
    DraftError,
    Refused,
    Separate,
    codes_of,
    draft_from,
    merge,
    to_data,
    value,
)
from openomt.medicine.visit import EffortLevel

words = st.text(alphabet="abT5;, \n", max_size=40)
drafts = st.builds(
    Draft,
    text=words,
    history=words,
    plan=words,
    agreed=st.none() | st.booleans(),
    danger_none=st.booleans(),
    refused=st.lists(st.builds(Refused, technique=st.sampled_from(["HVLA", "ME"])), max_size=5).map(tuple),
    separate=st.builds(Separate, problems=st.none() | st.sampled_from(list(EffortLevel))),
)


@given(drafts)
def test_a_draft_comes_back_from_what_is_stored(draft: Draft) -> None:
    assert draft_from(to_data(draft)) == draft


@given(drafts, drafts, drafts)
def test_every_line_either_person_wrote_is_in_the_merged_text(
    base: Draft, mine: Draft, theirs: Draft
) -> None:
    merged = merge(base, mine, theirs).draft
    for name in ("text", "history", "plan"):
        before = getattr(base, name).split("\n")
        lines = getattr(merged, name).split("\n")
        for written in (getattr(mine, name), getattr(theirs, name)):
            assert [line for line in written.split("\n") if line not in before and line not in lines] == []


@given(drafts, drafts)
def test_where_only_one_person_wrote_their_draft_stands(base: Draft, written: Draft) -> None:
    assert merge(base, written, base).draft == written
    assert merge(base, base, written).draft == written
    assert merge(base, written, written).draft == written


def test_both_texts_stay_and_are_named_where_two_people_changed_the_same_line() -> None:
    merged = merge(Draft(text="T5 FRSr"), Draft(text="T5 FRSr; ME"), Draft(text="T5 FRSr; HVLA"))
    assert merged.draft.text == "T5 FRSr; HVLA\nT5 FRSr; ME"
    assert merged.both == ("text",)


def test_changes_in_different_boxes_and_lines_meet_without_a_clash() -> None:
    base = Draft(text="C4 FRSr\nT5 FRSr\nL3 ERSl", plan="Walk")
    mine = base.model_copy(update={"text": "C4 FRSr (2)\nT5 FRSr\nL3 ERSl", "agreed": True})
    theirs = base.model_copy(update={"text": "C4 FRSr\nT5 FRSr\nL3 ERSl; ME", "plan": "Walk daily"})
    merged = merge(base, mine, theirs)
    assert merged.draft.text == "C4 FRSr (2)\nT5 FRSr\nL3 ERSl; ME"
    assert (merged.draft.agreed, merged.draft.plan, merged.both) == (True, "Walk daily", ())


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"text": 5}, "text"),
        ({"nothing": 1}, "nothing"),
        ({"text": "x" * 100_001}, "text"),
        ({"separate": {"minutes": -1}}, "separate.minutes"),
        ({"overrides": [{"technique": "HVLA", "region": "", "reason": ""}]}, "overrides.0.reason"),
        (None, "draft"),
        ([], "draft"),
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused_naming_the_box(data: object, named: str) -> None:
    with pytest.raises(DraftError, match=f"^{named}: "):
        draft_from(data)


def test_an_empty_box_says_nothing() -> None:
    told = value(Draft(), Circumstances(date=today()))
    assert (told.consent.given, told.evaluation, told.plan.has_goal, told.findings) == (None, None, False, ())
    assert not told.complications_asked


def test_what_was_discussed_counts_only_with_the_consent() -> None:
    around = Circumstances(date=today())
    assert value(Draft(discussed="soreness"), around).consent.discussed == ()
    assert value(Draft(discussed="soreness", agreed=True), around).consent.discussed == ("soreness",)


def test_codes_are_taken_from_one_line_each_once() -> None:
    assert codes_of("m54.50, M99.03 m54.50") == ("M54.50", "M99.03")
