"""The self-check: every question on one screen, every danger told at once, and the right door for everybody else."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from openomt.knowledge import load
from openomt.knowledge.learning import SelfCheckStep, SelfCheckWho
from openomt.knowledge.redflags import RedFlag, ScreenQuestion, UrgencyRule
from openomt.medicine.learning import Check, Outcome, Screen, outcome, screen_of
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.values import PatientFacts

WHO = {one.id: one for one in load().all(SelfCheckWho)}
OWN_SCREENS = {"pregnant", "birth", "examined"}
FIRST = {str(rule.id): rule for rule in load().all(UrgencyRule)}


def walk(
    who: str,
    *,
    ticked: Collection[str] = (),
    birth: str = "neither",
    reason: str = "curious",
    condition: str = "other",
    language: str = "en",
) -> tuple[Check, Outcome, list[Screen]]:
    """A whole check with these answers, and every screen that was shown."""
    choices = {"who": who, "birth": birth, "reason": reason, "condition": condition}
    check, shown = Check(), []
    while (now := screen_of(check, language)) is not None:
        shown.append(now)
        known = {option.code for option in now.options}
        check = check.with_answer(now, known & set(ticked) if now.ticks else {choices[now.step]})
        assert len(shown) < 30
    return check, outcome(check, language), shown


@pytest.mark.parametrize("who", WHO)
def test_every_question_a_person_is_asked_stands_on_exactly_one_screen(who: str) -> None:
    asked = {one.code for one in questions_for(PatientFacts(age_months=WHO[who].months))} - OWN_SCREENS
    _, _, shown = walk(who)
    seen = [option.code for one in shown if one.ticks for option in one.options]
    assert sorted(seen) == sorted(asked)
    assert len(asked) > 20


def test_no_question_stands_on_two_screens() -> None:
    listed = [name for step in load().all(SelfCheckStep) for name in step.questions]
    assert len(listed) == len(set(listed))


def test_a_check_without_a_danger_is_a_few_screens() -> None:
    lengths = {who: len(walk(who)[2]) for who in WHO}
    assert max(lengths.values()) <= 7, lengths


def _dangers() -> list[tuple[str, str, tuple[str, ...]]]:
    """Every red flag, a kind of person it can be true of, and the questions that raise it."""
    by_sign: dict[str, list[str]] = {}
    for question in load().all(ScreenQuestion):
        for sign in question.signs:
            by_sign.setdefault(sign, []).append(question.id)
    found = []
    for flag in load().all(RedFlag):
        for clause in flag.raised_by:
            ticked = tuple(by_sign[sign][0] for sign in clause.all if sign in by_sign)
            for who in WHO:
                found.append((flag.id, who, ticked))
    return found


def test_every_red_flag_that_a_patient_can_be_asked_about_is_told_and_its_act_comes_first() -> None:
    """Generated from the records: each flag, by each of its clauses, for each age; with what it opens."""
    reached: set[str] = set()
    for flag, who, ticked in dict.fromkeys(_dangers()):
        opens = {name for one in load().all(ScreenQuestion) if one.id in ticked for name in one.after[:1]}
        birth = "pregnant" if "pregnant" in ticked or load().get(RedFlag, flag).pregnancy else "neither"
        check, told, _ = walk(who, ticked={*ticked, *opens}, birth=birth)
        seen = screen(check.answers, patient=check.patient)
        assert told.urgency == seen.urgency
        raised = {one.code: one for one in seen.flags}
        if flag not in raised:
            continue
        reached.add(flag)
        if seen.urgency in ("E", "U"):
            assert told.first == FIRST[seen.urgency].tell
            assert told.kind == ""
        elif raised[flag].stops:
            assert told.kind == "consultation"
        if raised[flag].urgency == seen.urgency:
            assert raised[flag].tell in told.lines
    never = {flag.id for flag in load().all(RedFlag)} - reached
    assert never == NOT_ASKED


NOT_ASKED = {"rf_preg_selfharm"}
"""No question is asked about self-harm (questions.toml says why); its help line stands on the pages."""


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_emergency_ends_the_check_at_once(language: str) -> None:
    _, told, shown = walk("adult", ticked={"chest"}, language=language)
    assert shown[-1].step == "now"
    assert told.urgency == "E"
    assert "911" in told.first
    assert told.kind == ""


def test_a_danger_for_today_says_to_call_and_offers_no_booking() -> None:
    _, told, _ = walk("adult", ticked={"hands"})
    assert told.urgency == "U"
    assert told.first == "You need a doctor today. Call us now."
    assert told.lines[-1].startswith("If you can not reach us")
    assert told.kind == ""


def test_a_check_up_first_promises_no_call() -> None:
    _, told, _ = walk("adult", ticked={"weight"})
    assert told.urgency == "S"
    assert told.kind == "consultation"
    assert not any("We will call you" in line for line in (told.first, *told.lines))


def test_pain_nobody_examined_leads_to_a_consultation() -> None:
    _, told, _ = walk("adult", reason="unexamined")
    assert told.kind == "consultation"
    assert "consultation" in told.first
    assert "cause of your pain" in told.lines[0]


@pytest.mark.parametrize(
    ("who", "answers", "slugs", "kind"),
    [
        ("adult", {"birth": "pregnant", "reason": "named", "condition": "low-back-pain-in-pregnancy"},
         ["low-back-pain-in-pregnancy", "pregnancy"], "new"),
        ("adult", {"birth": "after-birth", "reason": "unexamined"}, ["pregnancy"], "consultation"),
        ("baby", {"reason": "named", "condition": "colic"}, ["colic", "babies-and-children"], "consultation"),
        ("baby-0", {"reason": "named", "condition": "ear-infections"},
         ["ear-infections", "babies-and-children"], "new"),
        ("adult", {"reason": "named", "condition": "migraine"}, ["migraine"], "new"),
        ("adult-65", {"reason": "named", "condition": "copd"}, ["copd", "older-people"], "consultation"),
        ("adult", {"reason": "named"}, ["before-your-visit"], "new"),
        ("adult", {"reason": "again"}, [], "follow_up"),
        ("adult", {"reason": "curious", "ticked": {"thinner"}}, ["who-should-wait"], "consultation"),
    ],
)  # fmt: skip
def test_the_right_page_and_kind_of_appointment(
    who: str, answers: dict[str, object], slugs: list[str], kind: str
) -> None:
    _, told, _ = walk(who, **answers)  # type: ignore[arg-type]
    assert told.kind == kind
    assert [link.slug for link in told.pages][: len(slugs)] == slugs


def test_a_step_back_forgets_the_last_answer() -> None:
    check, _, shown = walk("adult")
    before = check.back()
    again = screen_of(before, "en")
    assert again is not None
    assert again.step == shown[-1].step


def test_what_is_not_to_choose_is_refused() -> None:
    now = screen_of(Check(), "en")
    assert now is not None
    for chosen in ([], ["nobody"], ["adult", "teen"]):
        with pytest.raises(ValueError, match="choices"):
            Check().with_answer(now, chosen)


def test_every_screen_speaks_spanish() -> None:
    english, spanish = (
        walk("adult", birth="pregnant", ticked={"spine_pain", "headache"}, reason="named", language=language)[
            2
        ]
        for language in ("en", "es")
    )
    assert [one.step for one in english] == [one.step for one in spanish]
    said = {option.text for one in english for option in one.options if option.text} - {"POTS"}
    assert len(said) > 60
    assert not said & {option.text for one in spanish for option in one.options}
