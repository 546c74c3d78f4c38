"""What the evidence for a complaint says as a whole: with its marks, and plainly to the patient."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.techniques.tables import Tables, tables
from openomt.medicine.techniques.values import Evidence, Match, Reason, ReasonKind, Sentence
from openomt.medicine.techniques.weighing import directions_of

if TYPE_CHECKING:
    from openomt.knowledge.evidence import Condition, EvidenceLabel, EvidenceSentence

_NOT_HELPFUL, _OTHER_GROUP, _COURSE, _PART = "not-helpful-here", "other-group", "usual-course", "part-of-care"


def evidence_of(match: Match, *, weighed: bool) -> Evidence:
    """All that is known of a matched condition. `weighed`: whether it moves the ranks of options."""
    known = tables()
    row = known.conditions[match.condition]
    label = known.labels[row.label]
    return Evidence(
        match=match,
        weighed=weighed,
        grade=row.grade,
        directions=directions_of(row),
        effect=row.effect,
        course=row.course.words,
        helps=label.helpful,
        label_id=label.id,
        label=label.title_en,
        label_es=label.title_es,
        patient=_sentences(row, label, match),
        caution=row.caution,
        doubt=row.doubt,
        unconfirmed=row.unconfirmed,
        sources=row.sources,
        confidence=row.confidence.value,
        review_state=row.review_state,
        guidelines=_guidelines(match, known),
    )


def nothing_studied() -> tuple[Sentence, ...]:
    """What a patient is told where no condition of the tables is recognized."""
    return _own("nothing-studied"), _own(_PART)


def _sentences(row: Condition, label: EvidenceLabel, match: Match) -> tuple[Sentence, ...]:
    state = label.translation_state
    told = [
        Sentence(label.lead_en.format(condition=row.en), label.lead_es.format(condition=row.es), state),
        Sentence(label.en, label.es, state),
    ]
    if row.label_note_en:
        told.append(Sentence(row.label_note_en, row.label_note_es, row.translation_state))
    if match.studied is False:
        told.append(_own(_OTHER_GROUP))
    if label.helpful is False:
        told.append(_own(_NOT_HELPFUL))
    course = _course(row)
    if course is not None:
        told.append(course)
    told.append(_own(_PART))
    return tuple(told)


def _course(row: Condition) -> Sentence | None:
    """How much people in the studies were given, where that is known and the studies found some benefit."""
    sessions, weeks = row.course.sessions, row.course.weeks
    if sessions is None or weeks is None or tables().labels[row.label].helpful is not True:
        return None
    record = _record(_COURSE)
    english = {"sessions": _run(sessions, "to"), "weeks": _run(weeks, "to")}
    spanish = {"sessions": _run(sessions, "a"), "weeks": _run(weeks, "a")}
    return Sentence(record.en.format(**english), record.es.format(**spanish), record.translation_state)


def _run(ends: tuple[int, int], word: str) -> str:
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]} {word} {ends[1]}"


def _own(sentence: str) -> Sentence:
    record = _record(sentence)
    return Sentence(record.en, record.es, record.translation_state)


@cache
def _record(sentence: str) -> EvidenceSentence:
    from openomt.knowledge import load
    from openomt.knowledge.evidence import EvidenceSentence

    return load().get(EvidenceSentence, sentence)


def _guidelines(match: Match, known: Tables) -> tuple[Reason, ...]:
    return tuple(
        Reason(ReasonKind.EVIDENCE, f"{one.title}: {one.statement}", 0, one.sources, one.confidence.value)
        for one in known.guidelines
        if match.condition in one.conditions
    )
