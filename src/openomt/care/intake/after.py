"""What may come after treatment, asked before the next visit and judged as a check-in would be.

How far the last visit lies back and what was done in it are known to later steps of care only. So the answers count
as those of the last check-in: what is usual in the first days is not taken for usual here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from openomt.medicine.safety.screen_values import Answer, Question
from openomt.medicine.triage import (
    DAYS,
    Change,
    CheckIn,
    Context,
    Population,
    Triage,
    lines,
    ticked,
    triage,
)
from openomt.medicine.triage.lines import Group

CHANGE, DANGER, NEW, WORDS, PAIN = "after_change", "after_danger", "after_new", "after_words", "nrs-q1"
ONCE = frozenset({CHANGE, DANGER, NEW, WORDS})
"""Questions that tell of one last visit: their answers are none to what is asked before another."""
_GROUPS: Mapping[str, Group] = {DANGER: "danger", NEW: "today"}
_CHANGES = {
    "better": Change.BETTER,
    "same": Change.SAME,
    "worse": Change.WORSE,
    "much_worse": Change.MUCH_WORSE,
}


def questions(name: str, population: Population, language: str) -> tuple[Question, ...]:
    """The signs to tick on the screen of that name."""
    shown = lines(_GROUPS[name], population, language)
    return tuple(Question(one.code, name, one.text, one.signs) for one in shown)


def judged(
    answers: Mapping[str, Any], words: str, population: Population, context: Context, language: str
) -> Triage:
    """What a check-in with these answers comes to. `words`: the patient's own."""
    change = _CHANGES.get(answers.get(CHANGE) or "", Change.UNKNOWN)
    told = CheckIn(pain=_pain(answers, change), change=change, signs=_signs(answers, population))
    return triage(DAYS[-1], told, words, population, context, language)


def _signs(answers: Mapping[str, Any], population: Population) -> Mapping[str, Answer]:
    """As of a check-in: a line of danger that was left out denies nothing that the patient's own words say."""
    shown = lines("today", population) if answers.get(NEW) else ()
    danger = [line for line in lines("danger", population) if line.code in _chosen(answers, DANGER)]
    today = ticked(shown, _chosen(answers, NEW))
    return {**today, **ticked(danger, _chosen(answers, DANGER))}


def _chosen(answers: Mapping[str, Any], name: str) -> list[str]:
    return list((answers.get(name) or {}).get("yes", ()))


def _pain(answers: Mapping[str, Any], change: Change) -> int | None:
    """Pain now, where it is worse than before: only then a check-in asks for it."""
    return answers.get(PAIN) if change is Change.WORSE else None


def new_signs(answers: Mapping[str, Any], language: str = "en") -> dict[str, str]:
    """What was ticked, in words, by its code."""
    texts = _texts(language)
    return {code: texts[code] for name in _GROUPS for code in _chosen(answers, name) if code in texts}


@cache
def _texts(language: str) -> Mapping[str, str]:
    shown = (lines(group, one, language) for group in _GROUPS.values() for one in Population)
    return {line.code: line.text for every in shown for line in every}


def change_in_words(answers: Mapping[str, Any]) -> str:
    """`Much worse than before the last visit`, for the practice; empty where it is not worse."""
    change = _CHANGES.get(answers.get(CHANGE) or "")
    if change not in (Change.WORSE, Change.MUCH_WORSE):
        return ""
    pain = _pain(answers, change)
    told = f"{change.capitalize()} than before the last visit"
    return told if pain is None else f"{told}, pain {pain} of 10"
