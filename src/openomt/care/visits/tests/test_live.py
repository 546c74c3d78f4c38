"""The live answer: rows, underlines, questions, safety, codes and what is missing, from one draft."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.care.visits.around import Around
from openomt.care.visits.drafts import Circumstances, Draft, Override
from openomt.care.visits.live import Answer, answer
from openomt.medicine.safety.values import Fact, KnownFact, PatientFacts, Sex

DAY = dt.date(2026, 11, 23)
TEXT = (
    "C4 FRSr (2) tender R; HVLA\n"
    "T5 FRSr (2) boggy, T8 ERSl (1) restr; BLT, MFR; improved\n"
    "ribs 3-5 inh L (1) tender; BLT; impvd\n"
    "sacrum L on L (2), deep sulcus R, seated flex + R; BLT; improved"
)


def pregnant_on_a_blood_thinner() -> Around:
    facts = PatientFacts(
        age_months=34 * 12, sex=Sex.FEMALE, weeks=24, present=(KnownFact(Fact("anticoagulant"), ()),)
    )
    return Around(Circumstances(date=DAY, performer="DO", pregnant=True), facts, cpt=True)


def told(text: str = TEXT, line: int = 1, **boxes: object) -> Answer:
    return answer(Draft.model_validate({"text": text, **boxes}), pregnant_on_a_blood_thinner(), line=line)


def test_each_finding_is_a_row_with_its_line_region_severity_treatment_and_response() -> None:
    rows = told().rows
    first = rows[0]
    assert (first.line, first.region, first.place, first.severity) == (1, "Cervical", "C4", 2)
    assert first.words == "flexed, rotated right, sidebent right"
    assert [(one.name, one.verdict) for one in first.techniques] == [("HVLA", "absolute")]
    assert first.response == "none"
    assert [(row.line, row.place, row.response) for row in rows[1:3]] == [
        (2, "T5", "improved"),
        (2, "T8", "improved"),
    ]


def test_a_region_treated_without_a_finding_has_a_row_that_says_so() -> None:
    rows = told("T5 FRSr; ME\nlumbar HVLA").rows
    assert [(row.region, row.words) for row in rows if not row.place] == [
        ("Lumbar", "no finding written here")
    ]


def test_the_warned_treatment_and_the_word_not_read_are_underlined_where_they_stand() -> None:
    found = {(TEXT[mark.start : mark.end], mark.kind) for mark in told().marks}
    assert ("HVLA", "alert") in found
    assert ("impvd", "unread") in found


def test_a_word_kept_as_words_is_not_asked_again() -> None:
    assert told().asking is not None
    kept = told(kept_words=["impvd"])
    assert kept.asking is None
    assert "unread" not in {mark.kind for mark in kept.marks}


def test_an_alert_says_what_is_safer_and_where_it_would_stand() -> None:
    alert = told().warnings[0]
    assert (alert.level, alert.line, TEXT[alert.start : alert.end]) == ("absolute", 1, "HVLA")
    assert [one.put for one in alert.safer] == ["MFR", "CS", "BLT"]


@pytest.mark.parametrize("choice", range(3))
def test_taking_the_safer_technique_settles_the_alert(choice: int) -> None:
    alert = told().warnings[0]
    changed = TEXT[: alert.start] + alert.safer[choice].put + TEXT[alert.end :]
    after = told(changed)
    assert after.warnings == ()
    assert len(after.value.treatments) == len(told().value.treatments)


def test_a_reason_keeps_a_warned_technique_and_stays_in_sight() -> None:
    kept = told(
        overrides=[Override(technique="HVLA", region="cervical", reason="agreed with the hematologist")]
    )
    assert [one.reason for one in kept.warnings] == ["agreed with the hematologist"]
    assert kept.open_warnings == 0
    assert ("kept") in {mark.kind for mark in kept.marks}


def test_suggestions_speak_of_the_line_the_caret_is_in() -> None:
    found = told("C4 FRSr\nT5 FRSr; BLT", line=1).suggested
    assert found is not None
    assert (found.line, found.place) == (1, "C4")
    assert len(found.options) == 3
    assert told("C4 FRSr\nT5 FRSr; BLT", line=2).suggested is None


def test_every_suggested_technique_is_read_back_as_a_treatment() -> None:
    found = told("C4 FRSr tender", line=1).suggested
    assert found is not None
    for _, technique, _ in found.options:
        after = told(f"C4 FRSr tender; {technique.name}")
        assert after.value.treatments, technique
        assert after.reading.unread == (), technique


def test_only_regions_with_finding_and_treatment_are_coded() -> None:
    coding = told().coding
    assert coding.treatment.code is not None
    assert [code.number for code in coding.treatment.icd] == ["M99.01", "M99.02", "M99.08", "M99.04"]


def test_saying_that_danger_signs_were_asked_settles_what_was_not_known_of_them() -> None:
    assert "rf_*" in {one.code for one in told().unknown}
    assert "rf_*" not in {one.code for one in told(danger_none=True).unknown}


def test_what_is_missing_shrinks_as_boxes_are_filled() -> None:
    before = {row.number for row in told().missing}
    after = {
        row.number
        for row in told(agreed=True, discussed="soreness", danger_none=True, aftercare=True).missing
    }
    assert before - after == {2, 7, 11}


@given(st.text(max_size=200))
def test_no_text_is_too_odd_for_an_answer(text: str) -> None:
    found = told(text)
    for mark in found.marks:
        assert 0 <= mark.start <= mark.end <= len(text)
