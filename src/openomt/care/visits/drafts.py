"""The draft of a visit: what people typed and chose, and how two people's drafts become one.

The text of findings and treatment is the one source of all findings, treatments and responses: the body map, the
rows and the buttons change the text, and the reader tells what it means. So nothing can disagree with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from merge3 import Merge3
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from openomt.medicine.charting import visit_of
from openomt.medicine.notation import Reading, read
from openomt.medicine.techniques import Refusal, Scope
from openomt.medicine.visit import (
    Billing,
    Consent,
    EffortLevel,
    EmMethod,
    Evaluation,
    PatientStatus,
    Plan,
    Setting,
    Visit,
)

MOST = 100_000
"""Characters one box may hold: what the reader answers in under a second."""

Text = Annotated[str, StringConstraints(max_length=MOST)]
Line = Annotated[str, StringConstraints(max_length=2000)]
Word = Annotated[str, StringConstraints(max_length=80)]


class DraftError(ValueError):
    """A draft that cannot be kept as it was sent. The message names the box and what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Refused(_Part):
    """A technique the patient refuses: today, or always."""

    technique: Word
    always: bool = False


class Override(_Part):
    """A planned item that a rule warns of and the physician keeps, with the reason."""

    technique: Word
    region: Word
    reason: Annotated[str, StringConstraints(min_length=3, max_length=500)]


class Separate(_Part):
    """Evaluation and management apart from the treatment."""

    beyond: bool | None = None
    reasons: Line = ""
    method: EmMethod = EmMethod.DECISION_MAKING
    problems: EffortLevel | None = None
    data: EffortLevel | None = None
    risk: EffortLevel | None = None
    minutes: Annotated[int, Field(ge=0, le=600)] | None = None
    omt_minutes: Annotated[int, Field(ge=0, le=600)] | None = None


class Draft(_Part):
    """Everything on the visit page that a person fills in. An empty box says nothing."""

    text: Text = ""
    complaint: Line = ""
    history: Text = ""
    function: Line = ""
    function_change: Line = ""
    danger_none: bool = False
    danger_signs: Line = ""
    related_exam: Text = ""
    assessment: Text = ""
    diagnoses: Line = ""
    positions: Line = ""
    tolerance: Line = ""
    complications: Line = ""
    no_complications: bool = False
    agreed: bool | None = None
    discussed: Line = ""
    refused: tuple[Refused, ...] = Field(default=(), max_length=40)
    overrides: tuple[Override, ...] = Field(default=(), max_length=60)
    kept_words: tuple[Word, ...] = Field(default=(), max_length=200)
    plan: Text = ""
    goal: Line = ""
    frequency: Line = ""
    next_review: Line = ""
    exercise: Line = ""
    stop_when: Line = ""
    aftercare: bool = False
    separate: Separate = Separate()

    @property
    def is_empty(self) -> bool:
        return self == Draft()


def draft_from(data: object) -> Draft:
    """The draft of a JSON object. Raises DraftError naming the box."""
    try:
        return Draft.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "draft"
        raise DraftError(f"{where}: {first['msg']}") from None


def to_data(draft: Draft) -> dict[str, Any]:
    """What is stored: the boxes that say something."""
    return draft.model_dump(mode="json", exclude_defaults=True)


# Two people on one draft ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merged:
    """One draft out of two. `both`: boxes where both changed the same lines and both texts were kept."""

    draft: Draft
    both: tuple[str, ...] = ()


def merge(base: Draft, mine: Draft, theirs: Draft) -> Merged:
    """`mine` and `theirs`, both made from `base`, as one draft that holds every word of either.

    Text is merged line by line; where both changed the same lines, theirs stand first and mine after them. Of
    other values the changed one counts, and mine where both were changed.
    """
    if theirs in (base, mine):
        return Merged(mine)
    values: dict[str, Any] = {}
    both: list[str] = []
    for name in Draft.model_fields:
        before, own, other = (getattr(draft, name) for draft in (base, mine, theirs))
        if own in (before, other):
            values[name] = other
        elif other == before or not isinstance(own, str):
            values[name] = own
        else:
            values[name], clash = _lines(before, own, other)
            if clash:
                both.append(name)
    return Merged(Draft.model_validate(values), tuple(both))


def _lines(before: str, own: str, other: str) -> tuple[str, bool]:
    """Three texts as one, and whether both changed the same lines."""
    found: list[str] = []
    clash = False
    three = Merge3(before.split("\n"), other.split("\n"), own.split("\n"))
    for group in three.merge_groups():
        if group[0] != "conflict":
            found += group[1]
            continue
        joined, clashed = _joined(*group[1:])
        found += joined
        clash = clash or clashed
    return "\n".join(found), clash


def _joined(base: Sequence[str], other: Sequence[str], own: Sequence[str]) -> tuple[list[str], bool]:
    """Lines that both changed: line by line where neither added nor removed any, else first theirs, then mine.

    A line that one person changed or took out is not brought back by the other, who left it as it was.
    """
    if len(base) == len(other) == len(own):
        pairs = [
            _changed(before, theirs, mine) for before, theirs, mine in zip(base, other, own, strict=True)
        ]
        return [line for pair in pairs for line in pair], any(len(pair) > 1 for pair in pairs)
    theirs = [line for line in other if line not in base or line in own]
    mine = [line for line in own if line not in other and line not in base]
    return [*theirs, *mine], bool(mine) and any(line not in base for line in theirs)


def _changed(before: str, theirs: str, mine: str) -> tuple[str, ...]:
    if theirs in (before, mine):
        return (mine,)
    return (theirs,) if mine == before else (theirs, mine)


# Draft to visit ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the visit needs besides the draft: when, for whom, by whom, under which payer."""

    date: dt.date
    performer: str = ""
    payer: str = "commercial"
    place_of_service: str = "11"
    new_patient: bool = False
    pregnant: bool | None = None


def value(draft: Draft, around: Circumstances, reading: Reading | None = None) -> Visit:
    """The visit that a draft tells. Never raises."""
    reading = reading if reading is not None else read(draft.text)
    return visit_of(reading, _entered(draft, around))


def _entered(draft: Draft, around: Circumstances) -> Visit:
    return Visit(
        date=around.date,
        setting=Setting(
            payer=around.payer,
            place_of_service=around.place_of_service,
            performer=around.performer,
            patient=PatientStatus.NEW if around.new_patient else PatientStatus.ESTABLISHED,
        ),
        chief_complaint=draft.complaint,
        history=draft.history,
        function=draft.function,
        function_change=draft.function_change,
        safety_screen=_screened(draft),
        related_exam=draft.related_exam,
        assessment=draft.assessment,
        positions=draft.positions,
        tolerance=draft.tolerance,
        complications=_split(draft.complications),
        complications_asked=draft.no_complications or bool(draft.complications.strip()),
        evaluation=_evaluation(draft),
        consent=Consent(
            given=draft.agreed,
            discussed=_split(draft.discussed) if draft.agreed else (),
            refused=tuple(refused.technique for refused in draft.refused),
        ),
        plan=Plan(
            goals=_split(draft.goal),
            frequency=draft.frequency,
            next_review=draft.next_review,
            stop_when=draft.stop_when,
            home_exercise=_split(draft.exercise),
            aftercare=("Aftercare sheet given",) if draft.aftercare else (),
            return_precautions=("On the aftercare sheet: when and whom to call",) if draft.aftercare else (),
            other=_split(draft.plan),
        ),
        billing=Billing(diagnoses=codes_of(draft.diagnoses), pregnant=around.pregnant),
    )


def _screened(draft: Draft) -> str:
    asked = "Danger signs asked: none" if draft.danger_none else ""
    return ". ".join(part for part in (asked, draft.danger_signs.strip()) if part)


def _split(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def codes_of(text: str) -> tuple[str, ...]:
    """ICD-10-CM codes out of one line, separated by blanks or commas, each once."""
    return tuple(dict.fromkeys(part.upper() for part in text.replace(",", " ").split()))


def _evaluation(draft: Draft) -> Evaluation | None:
    separate = draft.separate
    if separate == Separate():
        return None
    return Evaluation(
        beyond_omt_work=separate.beyond,
        method=separate.method,
        problems=separate.problems,
        data=separate.data,
        risk=separate.risk,
        total_minutes=separate.minutes,
        omt_minutes=separate.omt_minutes,
        separate_in_note=True,
        stands_alone=separate.beyond,
        reasons=_split(separate.reasons),
        codes=codes_of(draft.diagnoses),
    )


def refusals(draft: Draft, always: tuple[str, ...] = ()) -> tuple[Refusal, ...]:
    """What the patient does not want, today or at all, by codes or names of techniques."""
    lasting = [Refusal(technique, Scope.ALWAYS) for technique in always]
    today = [
        Refusal(one.technique, Scope.ALWAYS if one.always else Scope.ONCE)
        for one in draft.refused
        if one.technique not in always
    ]
    return (*lasting, *today)
