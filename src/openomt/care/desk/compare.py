"""Two visits side by side: what each says of every region, and what is different, in a word and a shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openomt.care.desk.grid import REGION_WORDS, Cell, cell, draft_regions, state_words
from openomt.care.visits.documents import Document, DocumentError, open_document
from openomt.care.visits.drafts import Draft, DraftError, draft_from
from openomt.care.visits.models import SignedVisit, Visit, VisitRegion
from openomt.medicine.anatomy import Region
from openomt.medicine.visit import ExamState

_PLAN = {
    "complaint": "Why today",
    "function": "Function",
    "history": "History",
    "related_exam": "Exam beyond structure",
    "assessment": "Assessment",
    "goal": "Goal",
    "plan": "Plan",
    "frequency": "How often",
    "next_review": "Next review",
    "exercise": "Exercise",
    "stop_when": "Stop when",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is different."""

    word: str
    shape: str
    same: bool = False


SAME = Mark("Same", "same", True)


@dataclass(frozen=True, slots=True)
class Side:
    """One visit. `broken`: why its signed document cannot be shown."""

    visit: Visit
    regions: Mapping[str, VisitRegion]
    draft: Draft
    codes: tuple[tuple[str, str], ...] = ()
    note: str = ""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region in both visits."""

    region: str
    cells: tuple[Cell, Cell]
    mark: Mark


@dataclass(frozen=True, slots=True)
class TextRow:
    """A box of words, or a code, in both visits."""

    label: str
    first: str
    second: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides and every row."""

    first: Side
    second: Side
    regions: tuple[RegionRow, ...] = ()
    texts: tuple[TextRow, ...] = ()
    codes: tuple[TextRow, ...] = field(default=())

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.first, self.second

    @property
    def changes(self) -> int:
        """How many rows differ."""
        marks = [row.mark for row in self.regions] + [row.mark for row in (*self.texts, *self.codes)]
        return sum(not mark.same for mark in marks)


def compare(first: Side, second: Side) -> Comparison:
    """What the second visit says against the first."""
    names = [region.value for region in Region if region.value in {*first.regions, *second.regions}]
    return Comparison(
        first,
        second,
        tuple(_region(name, first.regions.get(name), second.regions.get(name)) for name in names),
        tuple(_texts(first.draft, second.draft)),
        tuple(_codes(dict(first.codes), dict(second.codes))),
    )


def side(visit: Visit, *, cpt: bool) -> Side:
    """A visit as it was signed, or as its draft stands. `cpt`: whether the code of the treatment is shown."""
    note = state_words(visit)
    if visit.state == Visit.State.DRAFT:
        rows = draft_regions(visit)
        return Side(visit, {row.region: row for row in rows}, _draft(visit.draft), note=note)
    rows = list(visit.regions.all())
    by_region = {row.region: row for row in rows}
    try:
        document = open_document(visit.signed)
    except SignedVisit.DoesNotExist:
        return Side(visit, by_region, Draft(), note=note, broken="it has no signed document")
    except DocumentError as error:
        return Side(visit, by_region, Draft(), note=note, broken=str(error))
    return Side(visit, by_region, document.draft, tuple(codes_of(document, cpt=cpt)), note)


def _draft(data: object) -> Draft:
    try:
        return draft_from(data)
    except DraftError:
        return Draft()


def codes_of(document: Document, *, cpt: bool) -> Sequence[tuple[str, str]]:
    """Codes with their words, as they were when the visit was signed."""
    codes = document.data["codes"]
    found = [(one["code"], one["words"]) for one in codes["diagnoses"] if one and one["code"]]
    for one in (codes["treatment"], codes["evaluation"]):
        if one and one["code"] and cpt:
            found.append((one["code"], one["words"]))
    return found


# What is different -----------------------------------------------------------------------------------------


def _region(name: str, old: VisitRegion | None, new: VisitRegion | None) -> RegionRow:
    return RegionRow(REGION_WORDS[name], (cell(old), cell(new)), region_mark(old, new))


def region_mark(old: VisitRegion | None, new: VisitRegion | None) -> Mark:
    """What became of a region. A region nobody looked at is never called gone or new."""
    before, now = _state(old), _state(new)
    if before is ExamState.NOT_EXAMINED or now is ExamState.NOT_EXAMINED:
        return _unexamined(before, now)
    if before is ExamState.NORMAL:
        return SAME if now is ExamState.NORMAL else Mark("New", "diamond")
    if now is ExamState.NORMAL or old is None or new is None:
        return Mark("Gone", "check")
    return _severity(old, new)


def _state(row: VisitRegion | None) -> ExamState:
    return ExamState.NOT_EXAMINED if row is None else ExamState(row.state)


def _unexamined(before: ExamState, now: ExamState) -> Mark:
    if before is now:
        return SAME
    if before is ExamState.NOT_EXAMINED:
        return Mark("Not examined the first time", "none")
    return Mark("Not examined the second time", "none")


def _severity(old: VisitRegion, new: VisitRegion) -> Mark:
    if old.severity is not None and new.severity is not None and old.severity != new.severity:
        milder = new.severity < old.severity
        return Mark("Less severe" if milder else "More severe", "down" if milder else "up")
    if old.findings != new.findings:
        return Mark("Other findings", "diamond")
    return SAME


def _texts(first: Draft, second: Draft) -> Iterator[TextRow]:
    for name, label in _PLAN.items():
        one, other = (str(getattr(draft, name)).strip() for draft in (first, second))
        if one or other:
            yield TextRow(label, one, other, text_mark(one, other))


def text_mark(one: str, other: str) -> Mark:
    """What became of words."""
    if one == other:
        return SAME
    if not one:
        return Mark("Added", "diamond")
    return Mark("Changed", "diamond") if other else Mark("Left out", "minus")


def _codes(first: dict[str, str], second: dict[str, str]) -> Sequence[TextRow]:
    return [
        TextRow(
            code,
            first.get(code, ""),
            second.get(code, ""),
            SAME
            if code in first and code in second
            else text_mark(first.get(code, ""), second.get(code, "")),
        )
        for code in dict.fromkeys((*first, *second))
    ]
