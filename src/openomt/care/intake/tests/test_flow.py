"""Which questions are asked: the skips are data, no danger that answers could show is missed, the words are plain."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from openomt.care.intake import body
from openomt.care.intake.danger import danger
from openomt.care.intake.flow import (
    ADULT,
    Flow,
    FlowError,
    Teller,
    _read,
    every_question,
    given_to,
    steps,
)
from openomt.care.words import LANGUAGES, words
from openomt.medicine import instruments
from openomt.medicine.instruments.records import alerts_of
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.screen_tables import screen_tables
from openomt.medicine.safety.screen_values import URGENCIES, Answer
from openomt.medicine.safety.values import PatientFacts, Sex
from openomt.medicine.triage import Change, CheckIn, Population, lines, ticked, triage
from tests.patient_sentences import filled, measured
from tests.reading_level import grade, spanish_ease

AGES = (1, 4, 36, 96, 170, 300, 480, 800)
SPANISH_EASE = 60
"""Fernández Huerta: from here on ordinary or easier."""


def _adult(language: str = "en", **known: Any) -> Teller:
    return Teller(PatientFacts(age_months=480, sex=Sex.FEMALE), language, **known)


def _keys(teller: Teller, answers: dict[str, Any] | None = None) -> list[str]:
    return [step.key for step in steps(teller, answers or {})]


# Skips ------------------------------------------------------------------------------------------------------


def test_pain_is_rated_only_where_it_hurts() -> None:
    assert "peg-q1" not in _keys(_adult(), {"where": []})
    assert "peg-q1" in _keys(_adult(), {"where": ["neck"]})
    assert "headache_diary-q1" not in _keys(_adult(), {"where": ["neck"]})
    assert "headache_diary-q1" in _keys(_adult(), {"where": ["head"]})


def test_who_never_exercises_is_not_asked_how_long() -> None:
    assert "evs-q2" not in _keys(_adult(), {"evs-q1": 0})
    assert "evs-q2" in _keys(_adult(), {"evs-q1": 2})


def test_who_names_no_thing_is_not_asked_for_the_next() -> None:
    named = {"psfs-q1": {"value": 3, "text": "stairs"}}
    assert "psfs-q3" in _keys(_adult(), named)
    assert "psfs-q3" not in _keys(_adult(), named | {"psfs-q2": None})


def test_a_man_is_not_asked_about_pregnancy() -> None:
    man = Teller(PatientFacts(age_months=480, sex=Sex.MALE))
    assert "birth" in _keys(_adult())
    assert "birth" not in _keys(man)


def test_diet_waits_for_the_second_time() -> None:
    assert "stc-q1" not in _keys(_adult())
    assert "stc-q1" in _keys(_adult(before={"reason": "My back"}))


def test_a_baby_is_asked_what_a_baby_is_and_no_questionnaire_of_adults() -> None:
    baby = Teller(PatientFacts(age_months=4, sex=Sex.MALE), guardian=True)
    keys = _keys(baby)
    assert {"born", "feeding", "crying"} <= set(keys)
    assert not given_to(dict.fromkeys(keys, 1))


def test_spanish_asks_published_words_only_where_they_are_published() -> None:
    keys = _keys(_adult("es"), {"where": ["neck"]})
    assert {"nrs-q1", "moves", "phq4-q1"} <= set(keys)
    assert not [key for key in keys if key.startswith(("peg", "evs", "stc"))]


def test_no_questionnaire_of_the_flow_holds_an_answer_that_a_person_must_watch_for() -> None:
    """A question on self-harm is sent by nobody unwatched: it needs a named responder, and stands in no intake."""
    asked = every_question().values()
    assert not [one.id for one in asked if one.kind == "instrument" and alerts_of(one.id)]


def test_a_wrong_flow_says_where() -> None:
    with pytest.raises(FlowError, match="sleep"):
        _read({"id": "sleep", "label": "Sleep", "kind": "instrument", "part": "mind", "what": 1})
    with pytest.raises(FlowError, match="no such kind"):
        _read({"id": "sleep", "label": "Sleep", "kind": "guess", "part": "mind"})


def test_every_instrument_of_the_flow_may_be_shipped() -> None:
    names = [one.id for one in every_question().values() if one.kind == "instrument"]
    assert len(names) > 6
    assert {instruments.instrument(name).verdict for name in names} == {"SHIP"}


# Before a later visit -------------------------------------------------------------------------------------


def _later(language: str = "en", **known: Any) -> Teller:
    return _adult(language, flow=Flow.FOLLOWUP, **known)


def test_the_followup_form_asks_what_its_battery_does_and_nothing_else_of_who_is_well() -> None:
    named = {"psfs-q1": {"value": 4, "text": "Lift my child"}}
    assert _keys(_later(before=named), {"after_change": "better"}) == [
        "after_change", "after_danger", "after_new", "peg-q1", "peg-q2", "peg-q3", "psfs-q1", "sleep-q2"
    ]  # fmt: skip
    plan = instruments.battery(Flow.FOLLOWUP)
    asked = {key.partition("-")[0] for key in _keys(_later(before=named))}
    assert {step.instrument for step in plan.steps if step.instrument} <= asked


def test_who_is_worse_rates_the_pain_and_may_say_what_it_is() -> None:
    assert {"nrs-q1", "after_words"} <= set(_keys(_later(), {"after_change": "worse"}))
    assert "nrs-q1" not in _keys(_later(), {"after_change": "much_worse"})  # that calls for somebody as it is
    spanish = _keys(_later("es"), {"after_change": "worse"})
    assert spanish.count("nrs-q1") == 1  # it stands in for the pain questionnaire too


def test_only_what_was_named_the_last_time_is_rated_again_in_the_same_words() -> None:
    before = {f"psfs-q{n}": {"value": 4, "text": text} for n, text in ((1, "Stairs"), (3, "Sit"))}
    rated = [step.words for step in steps(_later(before=before), {}) if step.instrument == "psfs"]
    assert rated == ["Stairs", "Sit"]
    assert [step.words for step in steps(_later(), {}) if step.instrument == "psfs"] == ["", "", ""]


def test_change_since_the_start_is_asked_at_a_review_only() -> None:
    assert "pgic-q1" not in _keys(_later())
    assert _keys(_later(review=True))[-1] == "pgic-q1"
    assert "pgic-q1" not in _keys(_adult(review=True))


def test_of_a_baby_it_asks_again_what_was_to_be_asked_again() -> None:
    facts = PatientFacts(age_months=4, sex=Sex.MALE)
    baby = Teller(facts, guardian=True, flow=Flow.FOLLOWUP, population=Population.INFANT)
    assert {"crying", "baby_sleep", "after_danger"} <= set(_keys(baby))
    codes = [one.code for step in steps(baby, {}) for one in step.shown]
    assert {"danger-wake", "today-fussy"} <= set(codes)
    assert "danger-chest" not in codes


def test_it_judges_an_after_effect_as_the_last_check_in_does() -> None:
    """Every line alone, and every change with every pain."""
    teller = _later()
    told = 0
    for group, name in (("danger", "after_danger"), ("today", "after_new")):
        for line in lines(group, Population.ADULT):
            found = danger(teller, {name: {"shown": [line.code], "yes": [line.code]}})
            expected = triage(7, CheckIn(signs=ticked([line], [line.code])))
            assert found is not None
            assert (found.urgency, found.act) == (expected.urgency, expected.tell[0]), line.code
            assert line.text.rstrip(".") in found.signs
            told += 1
    assert told > 12
    for change in ("better", "same", "worse"):
        for pain in range(11):
            found = danger(teller, {"after_change": change, "nrs-q1": pain})
            said = triage(7, CheckIn(pain if change == "worse" else None, Change(change))).urgency
            calls = {"U": "U", "office": "S"}.get(said, "")
            assert (found.urgency if found else "") == calls, (change, pain)
    much = danger(teller, {"after_change": "much_worse"})
    assert much is not None
    assert (much.urgency, much.at_once) == ("U", True)


def test_words_of_danger_are_heard_before_a_later_visit_too() -> None:
    found = danger(_later(), {"after_words": "I want to kill myself"})
    assert found is not None
    assert (found.urgency, found.call) == ("E", "988")


# The body -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("infant", [False, True])
def test_every_place_can_be_touched_and_every_touch_is_a_place(infant: bool) -> None:
    assert {zone.key for view in body.VIEWS for zone in body.zones(view, infant=infant)} == set(body.KEYS)


@pytest.mark.parametrize("infant", [False, True])
def test_left_is_on_the_left_of_the_back_and_on_the_right_of_the_front(infant: bool) -> None:
    for view, sign in (("back", -1), ("front", 1)):
        for zone in body.zones(view, infant=infant):
            if zone.side == "left":
                assert (zone.hit[0] + zone.hit[2] / 2) * sign > 0, zone


@pytest.mark.parametrize("infant", [False, True])
def test_what_is_touched_is_44_px_wide_and_high_on_a_phone_and_covers_nothing_else(infant: bool) -> None:
    scale = 350 / 320
    for view in body.VIEWS:
        hits = {zone.key: zone.hit for zone in body.zones(view, infant=infant)}
        for key, (x, y, width, height) in hits.items():
            assert min(width, height) * scale >= 43.7, key
            for other, (x2, y2, width2, height2) in hits.items():
                apart = x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y
                assert other == key or apart, (view, key, other)


# Dangers ------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Truth:
    """Somebody for whom exactly these questions are true, and the flag that must be raised, how urgently."""

    true: frozenset[str]
    flag: str
    urgency: str


def _truths(teller: Teller) -> Iterator[Truth]:
    """For every way a flag can be raised by answers alone."""
    tables = screen_tables()
    asks: dict[str, str] = {}
    for question in tables.questions.values():
        for sign in question.record.signs:
            asks.setdefault(sign, question.code)
    for row in tables.flags:
        for clause in row.clauses:
            true = {asks[sign] for sign in clause.signs if sign in asks}
            while more := {_before(code) for code in true if not _opened(code, true)}:
                true |= more
            if true & {"neck_injury", "turn", "skull"}:
                true.add("neck_pain")
            if "neck_pain" in true:
                true.add("spine_pain")
            answers = dict.fromkeys(true, Answer.YES)
            asked = {one.code for one in questions_for(teller.patient, answers=answers)}
            if not true or not true <= asked:
                continue
            seen = screen({**dict.fromkeys(asked, Answer.NO), **answers}, patient=teller.patient)
            for flag in (*seen.flags, *seen.unsure):
                if flag.code == row.code and flag.stops and flag.urgency in ("E", "U"):
                    yield Truth(frozenset(true), flag.code, flag.urgency)


def _opened(code: str, true: set[str]) -> bool:
    after = screen_tables().questions[code].after
    return not after or bool(after & true)


def _before(code: str) -> str:
    after = screen_tables().questions[code].after
    usual = ("spine_pain", "neck_pain", "headache", "pregnant", "birth")
    return next((one for one in usual if one in after), min(after))


def _told_truly(teller: Teller, truth: Truth) -> dict[str, Any]:
    """Every screen answered as it is."""
    pains = {"spine_pain": "low_back-left", "neck_pain": "neck", "headache": "head"}
    where = [place for code, place in pains.items() if code in truth.true]
    answers: dict[str, Any] = {}
    for _ in range(80):
        step = next((one for one in steps(teller, answers) if one.key not in answers), None)
        if step is None:
            return answers
        codes = [one.code for one in step.shown]
        born = next((code for code in ("pregnant", "birth") if code in truth.true), "")
        answers[step.key] = {
            "places": where,
            "birth": {"pregnant": "pregnant", "birth": "after-birth"}.get(born, "neither"),
            "danger": {"shown": codes, "yes": [code for code in codes if code in truth.true]},
            "screen": "yes" if "examined" in truth.true else "no",
        }.get(step.kind)
    raise AssertionError("the flow does not end")


@pytest.mark.parametrize(
    ("months", "sex"),
    [(1, Sex.MALE), (4, Sex.FEMALE), (36, Sex.MALE), (170, Sex.FEMALE), (480, Sex.FEMALE), (800, Sex.MALE)],
)
def test_whatever_needs_somebody_today_is_found_though_not_every_question_is_asked(
    months: int, sex: Sex
) -> None:
    teller = Teller(PatientFacts(age_months=months, sex=sex))
    missed, count = [], 0
    for truth in set(_truths(teller)):
        count += 1
        found = danger(teller, _told_truly(teller, truth))
        urgency = found.codes.get(truth.flag, "") if found else ""
        if not urgency or URGENCIES.index(urgency) > URGENCIES.index(truth.urgency):
            missed.append(f"{truth.flag} {truth.urgency}: {sorted(truth.true)}")
    assert count > 20
    assert not missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_danger_question_that_alone_needs_somebody_today_says_first_what_to_do(language: str) -> None:
    tables = screen_tables()
    told = 0
    for months in AGES:
        teller = Teller(PatientFacts(age_months=months, sex=Sex.FEMALE), language)
        for code in (one.code for one in questions_for(teller.patient)):
            seen = screen({code: Answer.YES}, patient=teller.patient, language=language)
            if seen.urgency not in ("E", "U"):
                continue
            found = danger(teller, {"danger-now": {"shown": [code], "yes": [code]}})
            assert found is not None
            assert (found.urgency, found.act) == (seen.urgency, seen.tell[0]), code
            assert found.why, code
            assert found.signs, code
            assert found.task.hours == seen.tasks[0].hours, code
            assert found.call == ("911" if seen.urgency == "E" else ""), code
            told += 1
    assert told > 60
    assert tables.urgencies["E"].tell["en"].startswith("Call 911")


def test_words_of_self_harm_are_heard_and_answered_with_a_number_to_call() -> None:
    found = danger(_adult(), {"hope": "I want to kill myself"})
    assert found is not None
    assert (found.urgency, found.call) == ("E", "988")


def test_a_danger_that_the_chart_holds_already_is_no_news() -> None:
    assert danger(_adult(), {"reason": "My back hurts a little"}) is None


# The words ------------------------------------------------------------------------------------------------------


def test_every_question_has_its_words() -> None:
    known = words()
    for asked in every_question().values():
        assert f"intake.why_{asked.id}" in known
        if asked.kind in ("text", "places", "birth", "record", "choice", "after"):
            assert f"intake.ask_{asked.id}" in known
        for value in asked.options:
            assert f"intake.opt_{asked.id}_{value}" in known
    for place in body.PLACES:
        assert f"intake.place_{place.id}" in known


def test_the_words_are_plain() -> None:
    ours = {key: both for key, both in words().items() if key.startswith("intake.")}
    assert len(ours) > 150
    english = [part for both in ours.values() for part in measured(filled(both["en"]))]
    spanish = [part for both in ours.values() for part in measured(filled(both["es"]))]
    assert grade(english) <= 6
    assert spanish_ease(spanish) >= SPANISH_EASE


def test_an_adult_is_who_has_no_known_age() -> None:
    assert Teller(PatientFacts()).who == ADULT
