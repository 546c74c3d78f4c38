"""Which question a check-in asks next, and what its answers are for the medicine. Pure.

Answers are kept by the step that asked: `{"change": "worse", "much": "worse", "pain": 6, "today": ["today-fever"]}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openomt.medicine.triage import Change, CheckIn, Population, lines, ticked

CHANGE, MUCH, PAIN, EASING, TODAY, WORDS = "change", "much", "pain", "easing", "today", "words"
DANGER, MISTAKE = "danger", "mistake"
"""Not questions: `I have one of these`, and that it was pressed by mistake."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    CHANGE: (Change.BETTER, Change.SAME, Change.WORSE),
    MUCH: (Change.WORSE, Change.MUCH_WORSE),
    PAIN: tuple(str(number) for number in range(11)),
    EASING: ("yes", "no"),
}
MOST_WORDS = 2000
_MILD = 3
Answers = Mapping[str, Any]


class ChoiceError(ValueError):
    """An answer that is none of the choices."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its step, and how far it is. `given`: what was answered before, empty for nothing."""

    step: str
    at: int
    of: int
    given: Any = None


def steps(answers: Answers, day: int) -> tuple[str, ...]:
    """The questions of this check-in as its answers stand. Who is well has two."""
    worse = answers.get(CHANGE) == Change.WORSE
    pain = answers.get(PAIN)
    found = [CHANGE]
    if worse:
        found += [MUCH, PAIN]
        if day == 3 and pain is not None and pain <= _MILD and answers.get(MUCH) != Change.MUCH_WORSE:
            found.append(EASING)
    found.append(TODAY)
    if worse or answers.get(TODAY):
        found.append(WORDS)
    return tuple(found)


def next_step(answers: Answers, day: int) -> str:
    """The first question without an answer; empty where all have one."""
    return next((step for step in steps(answers, day) if step not in answers), "")


def asked(answers: Answers, day: int, step: str) -> Asked:
    """The question of a step. Raises ChoiceError where this check-in does not ask it."""
    order = steps(answers, day)
    if step not in order:
        raise ChoiceError(step)
    return Asked(step, order.index(step) + 1, len(order), answers.get(step))


def with_answer(answers: Answers, step: str, chosen: list[str], population: Population) -> dict[str, Any]:
    """The answers with one more. Raises ChoiceError for what was not to choose.

    Who is not worse after all has no pain to tell; a task that was opened meanwhile stays.
    """
    if step == MISTAKE:
        return {name: value for name, value in answers.items() if name != DANGER} | {MISTAKE: True}
    given = _read(step, chosen, population)
    gone = () if step != CHANGE or given == Change.WORSE else (MUCH, PAIN, EASING)
    return {name: value for name, value in answers.items() if name not in gone} | {step: given}


def _read(step: str, chosen: list[str], population: Population) -> Any:
    if step in (TODAY, DANGER):
        known = {line.code for line in lines(_GROUPS[step], population)}
        if set(chosen) - known:
            raise ChoiceError(step)
        return sorted(set(chosen))
    if step == WORDS:
        return "\n".join(chosen).strip()[:MOST_WORDS]
    if len(chosen) != 1 or chosen[0] not in CHOICES.get(step, ()):
        raise ChoiceError(step)
    if step == PAIN:
        return int(chosen[0])
    return chosen[0] == "yes" if step == EASING else str(chosen[0])


_GROUPS: Mapping[str, Any] = {TODAY: "today", DANGER: "danger"}


def told(answers: Answers, population: Population) -> CheckIn:
    """The answers as the triage takes them. A line that was not shown says nothing of its signs."""
    change = answers.get(MUCH) or answers.get(CHANGE) or Change.UNKNOWN
    signs = dict(ticked(lines("today", population), answers[TODAY])) if TODAY in answers else {}
    danger = answers.get(DANGER) or []
    signs |= ticked([line for line in lines("danger", population) if line.code in danger], danger)
    return CheckIn(pain=answers.get(PAIN), change=Change(change), easing=answers.get(EASING), signs=signs)


def in_words(answers: Answers, population: Population) -> str:
    """What a person of the practice reads: the answers in English."""
    said = []
    change = answers.get(MUCH) or answers.get(CHANGE)
    if change:
        said.append(
            f"{str(change).capitalize()} than before the visit" if change != Change.SAME else "About the same"
        )
    if answers.get(PAIN) is not None:
        said.append(f"pain {answers[PAIN]} of 10")
    if answers.get(EASING) is not None:
        said.append("easing" if answers[EASING] else "not easing")
    ticks = [
        line.text.rstrip(".")
        for group, step in (("danger", DANGER), ("today", TODAY))
        for line in lines(_GROUPS[step], population)
        if line.code in (answers.get(step) or ())
    ]
    if DANGER in answers and not answers[DANGER]:
        ticks.insert(0, "Pressed “I have one of these” beside the list of danger signs")
    if MISTAKE in answers:
        ticks.append("Says that the button beside the danger signs was pressed by mistake")
    return ". ".join(part for part in (", ".join(said), *ticks) if part)
