"""What the physician reads of an intake: what changed since the last one first, then body, mind and spirit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openomt.care.intake import after
from openomt.care.intake.flow import Answers, Asked, Flow, Teller, flow, given_to, screen_answers, watched
from openomt.care.intake.models import Intake, Proposal
from openomt.care.intake.services import meaning
from openomt.care.intake.tellers import told_before
from openomt.care.words import say
from openomt.medicine import instruments
from openomt.medicine.instruments import ChangeState, Direction, Score
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.screen_tables import screen_tables

PARTS = ("body", "mind", "spirit")
_KINDS = {
    "problem": "Problem",
    "surgery": "Operation",
    "medicine": "Medicine",
    "allergy": "Allergy",
    "allergy_none": "Allergies",
    "why_here": "Why here",
    "what_matters": "What matters",
}
_LATER = {"problem": "is over", "medicine": "is not taken any more"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing the patient told. `before`: what it was the last time, where it is another now.

    way     better, worse, or empty where nobody can say
    alarm   a line was reached that calls for a look
    """

    label: str
    part: str
    text: str
    before: str = ""
    way: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal as it is shown."""

    row: Proposal
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One intake beside what was told before it.

    last    the one before it
    story   the last whole story: itself, or the one before a follow-up form; what it proposes stands under it
    signs   danger signs that were ticked or written
    left    questions that were left out
    """

    intake: Intake
    last: Intake | None
    story: Intake
    changes: tuple[Told, ...]
    parts: tuple[tuple[str, tuple[Told, ...]], ...]
    signs: tuple[str, ...]
    left: tuple[str, ...]
    open: tuple[Offered, ...]
    decided: tuple[Offered, ...]

    @property
    def minutes(self) -> str:
        whole, rest = divmod(self.intake.seconds, 60)
        return f"{whole} min {rest:02} s"


def newest(intakes: Iterable[Intake], proposals: Iterable[Proposal]) -> Summary | None:
    """The newest intake that was begun, beside those finished before it."""
    begun = [one for one in intakes if one.started_at is not None and one.state != Intake.State.WITHDRAWN]
    if not begun:
        return None
    one = begun[-1]
    return summary(one, [other for other in begun[:-1] if other.state == Intake.State.DONE], proposals)


def summary(intake: Intake, earlier: Sequence[Intake], proposals: Iterable[Proposal]) -> Summary:
    """An intake as it is read. `earlier`: those finished before it, oldest first."""
    last = earlier[-1] if earlier else None
    before = told_before(earlier)
    questions = flow(Flow(intake.flow))
    told = [_told(asked, intake.answers, before) for asked in questions]
    # What was asked in place of an instrument is told under its own name.
    told += [
        _told(Asked(asked.otherwise, f"{asked.label} now", "instrument", asked.part), intake.answers, before)
        for asked in questions
        if asked.otherwise and f"{asked.otherwise}-q1" in {**intake.answers, **before}
        if asked.otherwise not in {other.id for other in questions}
    ]
    there = [one for one in told if one is not None]
    stories = [one for one in (*earlier, intake) if one.flow == Flow.INTAKE]
    story = stories[-1] if stories else intake
    offered = [_offered(row) for row in proposals if row.intake_id == story.pk]
    return Summary(
        intake=intake,
        last=last,
        story=story,
        changes=tuple(one for one in there if one.before and last is not None),
        parts=tuple((part, tuple(one for one in there if one.part == part and one.text)) for part in PARTS),
        signs=_signs(intake.answers),
        left=_left(questions, intake.answers),
        open=tuple(one for one in offered if one.row.accepted is None),
        decided=tuple(one for one in offered if one.row.accepted is not None),
    )


def _offered(row: Proposal) -> Offered:
    words = f"{row.text}: {_LATER.get(row.kind, 'is not so, the patient says')}" if row.ends else row.text
    return Offered(row, _KINDS[row.kind], words)


def _left(questions: Iterable[Asked], answers: Answers) -> tuple[str, ...]:
    labels = [
        asked.label
        for asked in questions
        for key, given in answers.items()
        if given is None and (key == asked.id or key.startswith(f"{asked.id}-"))
    ]
    return tuple(dict.fromkeys(labels))


def _signs(answers: Answers) -> tuple[str, ...]:
    """Danger questions answered yes, in English, as they were asked."""
    questions = screen_tables().questions
    asked = (
        questions[code].record.ask
        for key, given in answers.items()
        if key.startswith("danger-") and given
        for code in given["yes"]
        if code in questions
    )
    return (*asked, *after.new_signs(answers).values())


def _told(asked: Asked, answers: Answers, before: Answers) -> Told | None:
    if asked.kind in ("danger", "after"):
        return None
    if asked.kind == "instrument":
        return _of_instrument(asked, answers, before)
    text, old = _words(asked, answers.get(asked.id)), _words(asked, before.get(asked.id))
    if not text and not old:
        return None
    changed = asked.id in answers and asked.id in before and text != old
    return Told(asked.label, asked.part, text, old or "nothing" if changed else "")


def _words(asked: Asked, given: Any) -> str:
    """An answer in English, or in the patient's own words."""
    if given is None:
        return ""
    if asked.kind == "places":
        return "; ".join(map(place_words, given)) or "nowhere"
    if asked.kind == "record":
        return "; ".join(given["new"]) or ("none" if given.get("none") else "")
    if asked.kind == "screen":
        return _seen(str(given))
    if asked.kind in ("choice", "birth"):
        return say(f"intake.opt_{asked.id}_{given.replace('-', '_')}", "en")
    return str(given)


def _seen(given: str) -> str:
    return "no doctor has looked at it" if given == "yes" else "yes"


def place_words(key: str) -> str:
    """`thigh-left` as `thigh, left`."""
    name, _, side = key.partition("-")
    words = say(f"intake.place_{name}", "en")
    return f"{words}, {say(f'intake.side_{side}', 'en').lower()}" if side else words


def _of_instrument(asked: Asked, answers: Answers, before: Answers) -> Told | None:
    score, old = _score(asked.id, answers), _score(asked.id, before)
    if score is None:
        return None
    text = _score_words(score)
    if old is None or _score_words(old) == text:
        return Told(asked.label, asked.part, text, alarm=_alarm(score))
    change = instruments.change(asked.id, old, score)
    way = ""
    if change.state is ChangeState.MET and change.direction in (Direction.BETTER, Direction.WORSE):
        way = str(change.direction)
    return Told(asked.label, asked.part, text, _score_words(old), way, _alarm(score))


def _score(name: str, answers: Answers) -> Score | None:
    given = given_to(answers).get(name)
    return instruments.score(name, given) if given else None


def _alarm(score: Score) -> bool:
    return bool(score.alerts) or any(sub.positives for sub in score.subscores)


def _score_words(score: Score) -> str:
    each = [f"{item.words or item.topic} {item.value:g}" for item in score.items if item.value is not None]
    if score.value is None:
        return "; ".join(each)
    head = f"{score.abbreviation} {score.value:.3g}"
    words = meaning(score)
    own = any(item.words for item in score.items)
    listed = f" ({'; '.join(each)})" if len(each) > 1 or own else ""
    return f"{head}{', ' + words if words else ''}{listed}"


def unasked(teller: Teller, answers: Answers) -> tuple[str, ...]:
    """Questions on danger signs that the patient was not asked: they are for the visit. A follow-up form has none."""
    if teller.flow is Flow.FOLLOWUP:
        return ()
    given = screen_answers(teller, answers)
    return tuple(one.ask for one in questions_for(teller.patient, answers=given) if one.code not in given)


def watched_words(intake: Intake) -> str:
    """What stands behind a danger sign: the questions answered yes, and the patient's own words."""
    told = (*_signs(intake.answers), after.change_in_words(intake.answers), watched(intake.answers))
    return "\n".join(filter(None, told))
