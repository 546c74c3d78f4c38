"""Body, mind and spirit in a few lines, from what is on record and what the patient answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import newest, score_of
from openomt.care.patients.facts import Rows
from openomt.care.patients.models import AllergyEntry, StoryEntry
from openomt.medicine.instruments import Score

_MOST = 4
"""Entries of one line that are shown; the record page has all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column. `alarm`: a line was reached that calls for a look."""

    label: str
    text: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """The three columns."""

    body: tuple[Line, ...]
    mind: tuple[Line, ...]
    spirit: tuple[Line, ...]


def person(
    rows: Rows, allergies: Sequence[AllergyEntry], answers: Sequence[FormAnswer], story: Iterable[StoryEntry]
) -> Person:
    """The whole person. `answers` and `story` in the order in which they were entered."""
    last = newest(answers)
    told: dict[str, dict[str, str]] = {"body": {}, "mind": {}, "spirit": {}}
    for entry in story:
        told[entry.part][entry.label] = entry.text
    problems = [row.text for row in reversed(rows.problems) if row.standing and not row.over]
    medicines = [row.text for row in reversed(rows.medicines) if row.standing and not row.stopped]
    allergic = [_allergy(one) for one in allergies if not one.none_known]
    none_known = any(one.none_known for one in allergies)
    return Person(
        body=(
            Line("Problems", _list(problems)),
            Line("Medicines", _list(medicines)),
            Line("Allergies", _list(allergic) or ("None known" if none_known else "")),
            *_activity(last.get("evs")),
            *_story(told["body"]),
        ),
        mind=(*_mood(last), *_sleep(last.get("sleep")), *_story(told["mind"])),
        spirit=tuple(_story(told["spirit"])),
    )


def _allergy(entry: AllergyEntry) -> str:
    return f"{entry.text} ({entry.reaction})" if entry.reaction else entry.text


def _list(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST
    return "; ".join(texts[:_MOST]) + (f"; and {more} more" if more > 0 else "")


def _story(told: dict[str, str]) -> Iterable[Line]:
    return (Line(label, text) for label, text in told.items() if text)


def _activity(answer: FormAnswer | None) -> Iterable[Line]:
    if answer is not None and answer.score is not None:
        yield Line("Activity", f"{answer.score:g} min a week, {answer.words}")


def _sleep(answer: FormAnswer | None) -> Iterable[Line]:
    if answer is None:
        return
    told = [f"{item.topic} {item.value:g}" for item in score_of(answer).items if item.value is not None]
    if told:
        yield Line("Sleep", "; ".join(told).capitalize())


def _mood(last: dict[str, FormAnswer]) -> Iterable[Line]:
    """The longer questionnaire where it was answered, else the part of the short one, each with its line."""
    short = {sub.instrument: sub for sub in score_of(last["phq4"]).subscores} if "phq4" in last else {}
    for label, whole, part in (("Mood", "phq9", "phq2"), ("Worry", "gad7", "gad2")):
        if whole in last and ("phq4" not in last or last[whole].on >= last["phq4"].on):
            answer = last[whole]
            value = "no score" if answer.score is None else f"{answer.score:g}"
            score = score_of(answer)
            alarm = bool(score.alerts) or any(sub.positives for sub in score.subscores)
            band = f", {score.band.en}" if score.band else ""
            yield Line(label, f"{score.abbreviation}: {value}{band}", alarm)
        elif part in short:
            yield _part(label, short[part])


def _part(label: str, score: Score) -> Line:
    if score.value is None:
        return Line(label, f"{score.abbreviation}: no score")
    reached = bool(score.positives)
    words = score.positives[0].en.partition(":")[0] if reached else "below the line"
    return Line(label, f"{score.abbreviation}: {score.value:g}, {words}", reached)
