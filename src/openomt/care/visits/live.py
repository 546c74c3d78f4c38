"""The live answer to a draft: what was understood, what is unsafe, what it will say and code, what is missing.

`answer(draft, around)` is a pure function of its arguments; the page shows its parts and computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from openomt.care.visits.around import Around
from openomt.care.visits.drafts import Draft, value
from openomt.care.visits.judging import (
    REFUSED,
    Warned,
    facts_of,
    judge,
    refusals_known,
    region_word,
    warned,
)
from openomt.care.visits.signing import code_lines
from openomt.knowledge.loader import load
from openomt.knowledge.safety import TechniqueCard
from openomt.medicine.anatomy import LevelKind, Region
from openomt.medicine.charting import charted, visit_of
from openomt.medicine.coding import ChecklistRow, CodingResult, RowState, code
from openomt.medicine.findings import Finding
from openomt.medicine.narrative import Note, note
from openomt.medicine.narrative.phrases import (
    pattern_words,
    region_title,
    technique_record,
    technique_words,
)
from openomt.medicine.narrative.words import motion_part, place_words, test_words
from openomt.medicine.notation import ReadFinding, Reading, ReadTreatment, Span, Unread, read, write
from openomt.medicine.safety.plan import plan_of, technique_named
from openomt.medicine.safety.tables import tables
from openomt.medicine.safety.values import Alerts, FiredRule, Unknown, Verdict
from openomt.medicine.techniques import Option, Preferences, Standing, Suggestions, suggest
from openomt.medicine.typicality import Oddity
from openomt.medicine.typicality import judge as oddities
from openomt.medicine.visit import Visit as VisitValue

SHOWN_OPTIONS = 3
_TART = {
    "tissue_texture": "texture",
    "asymmetry": "asymmetry",
    "restriction": "restricted",
    "tenderness": "tender",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text to underline: `alert`, `kept` (an alert with a reason), `unread`, `question`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Technique:
    """A technique in a row: its short name, and the verdict on it there."""

    name: str
    verdict: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as understood, or a region treated without one."""

    line: int
    region: str
    place: str
    words: str
    detail: str
    severity: int | None
    techniques: tuple[Technique, ...]
    response: str
    open: bool
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to accept: `put` takes the place of the characters from `start` to `end`."""

    words: str
    put: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The one thing asked under the editor. `more`: how many others wait."""

    kind: str
    line: int
    text: str
    message: str
    start: int
    end: int
    choices: tuple[Choice, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Safer:
    """A technique that may take the place of another: `put` for the text's span, or to add at the line's end."""

    code: str
    name: str
    title: str
    put: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """A warning as the page shows it."""

    level: str
    technique: str
    region: str
    title: str
    line: int | None
    rules: tuple[FiredRule, ...]
    safer: tuple[Safer, ...]
    start: int
    end: int
    reason: str
    key: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """Techniques for the finding in the current line."""

    line: int
    place: str
    options: tuple[tuple[Option, Safer, str], ...]
    evidence: str
    more: tuple[tuple[Option, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the visit and how far it is: `done`, `open`, `alert`."""

    name: str
    target: str
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the page shows about a draft."""

    reading: Reading
    value: VisitValue
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...]
    status: str
    asking: Asking | None
    alerts: Alerts
    warnings: tuple[AlertView, ...]
    notes: tuple[FiredRule, ...]
    unknown: tuple[Unknown, ...]
    clear: str
    suggested: Suggested | None
    oddities: tuple[Oddity, ...]
    note: Note
    coding: CodingResult
    missing: tuple[ChecklistRow, ...]
    steps: tuple[Step, ...]

    @property
    def open_warnings(self) -> int:
        return sum(not one.reason for one in self.warnings)


def answer(draft: Draft, around: Around, *, line: int = 1) -> Answer:
    """The answer to a draft, with the caret in `line` (from 1). Never raises."""
    reading = read(draft.text)
    told = value(draft, around.circumstances, reading)
    alerts = judge(told, draft, around)
    warnings = warned(alerts, draft, around.holding, around.always_refused)
    views = tuple(_alert(one, reading) for one in warnings)
    coding = code(told, cpt=around.cpt)
    rows = tuple(_rows(reading, told, warnings))
    missing = tuple(row for row in coding.checklist if row.state is RowState.MISSING and row.number != 12)
    return Answer(
        reading=reading,
        value=told,
        marks=tuple(_marks(reading, warnings, draft)),
        rows=rows,
        status=_status(reading, rows, draft),
        asking=_asking(reading, draft, line),
        alerts=alerts,
        warnings=views,
        notes=tuple(rule for rule in alerts.fired if rule.level == "precaution"),
        unknown=alerts.unknown,
        clear=_clear(alerts, warnings),
        suggested=_suggested(reading, told, draft, around, line, warnings),
        oddities=tuple(one for one in oddities(told.findings) if one.grade.value != "info"),
        note=note(told, codes=code_lines(coding)),
        coding=coding,
        missing=missing,
        steps=_steps(told, draft, views, missing),
    )


# What was understood ----------------------------------------------------------------------------------


def line_of(text: str, at: int) -> int:
    """The line a character stands in, from 1."""
    return text.count("\n", 0, at) + 1


def _rows(reading: Reading, told: VisitValue, warnings: Sequence[Warned]) -> Iterator[Row]:
    seen: set[Region] = set()
    for one in reading.findings:
        finding = charted(one, reading.text) or one.finding
        seen.add(finding.region)
        yield _row(one, finding, reading, told, warnings)
    for read_one in reading.treatments:
        for region in _regions_of(read_one):
            if region in seen:
                continue
            seen.add(region)
            yield Row(
                line=line_of(reading.text, read_one.span.start),
                region=region_title(region),
                place="",
                words="no finding written here",
                detail="",
                severity=None,
                techniques=_techniques(region, told, warnings),
                response=_response(region, told),
                open=True,
            )


def _row(
    one: ReadFinding, finding: Finding, reading: Reading, told: VisitValue, warnings: Sequence[Warned]
) -> Row:
    place, words = _finding_words(finding)
    details = [_TART[tart.value] for tart in finding.tart]
    if _is_segment(finding) and finding.side is not None:
        details.append(finding.side.value)
    if finding.position:
        details.append(f"position {finding.position}")
    if finding.pain is not None:
        details.append(f"pain {finding.pain[0]} to {finding.pain[1]} of 10")
    if one.question is not None:
        details.append("to confirm")
    return Row(
        line=line_of(reading.text, one.span.start),
        region=region_title(finding.region),
        place=place,
        words=words,
        detail=", ".join(details).capitalize(),
        severity=finding.severity,
        techniques=() if finding.absent else _techniques(finding.region, told, warnings),
        response="" if finding.absent else _response(finding.region, told),
        open=one.question is not None,
        absent=finding.absent,
    )


def _finding_words(finding: Finding) -> tuple[str, str]:
    """Where, and what: `T5`, `flexed, rotated right, sidebent right`."""
    if finding.level is not None and finding.level.kind.value == "test":
        name, _, result = test_words(finding).text.partition(": ")
        return name, result
    side = None if _is_segment(finding) else finding.side
    place = place_words(finding.level, side).text
    motion = motion_part(finding).text
    kind = finding.level.kind if finding.level else None
    pattern = pattern_words(finding.pattern, kind) if finding.pattern else ""
    words = ", ".join(part for part in (motion, pattern) if part)
    if finding.absent:
        words = f"none found{': ' + words if words else ''}"
    elif not words and finding.motion is not None:
        words = "position to confirm"
    return place, words


def _is_segment(finding: Finding) -> bool:
    return finding.level is not None and finding.level.kind is LevelKind.SEGMENT


def short_name(technique: str | None) -> str:
    """The short name of a technique, as people write it (`ME`); its words where it has none."""
    if not technique:
        return "technique not said"
    record = technique_record(technique)
    short = getattr(record, "abbreviation", "") if record is not None else ""
    return short or technique_words(technique)


def _techniques(region: Region, told: VisitValue, warnings: Sequence[Warned]) -> tuple[Technique, ...]:
    found: dict[str, Technique] = {}
    for treatment in told.treatments:
        if treatment.region is not region:
            continue
        name = short_name(treatment.technique)
        verdict, kept = _verdict(treatment.technique, region, warnings)
        found.setdefault(name, Technique(name, verdict, kept))
    return tuple(found.values())


def _codes(technique: str | None) -> tuple[str, ...]:
    if not technique:
        return ()
    try:
        return technique_named(technique).codes
    except ValueError:
        return (technique,)


def _verdict(technique: str | None, region: Region | None, warnings: Sequence[Warned]) -> tuple[str, bool]:
    """The worst verdict on a technique in a region, and whether it is kept with a reason."""
    codes = _codes(technique)
    for one in warnings:
        if one.technique in codes and (one.region == REFUSED or _is_of(one, region)):
            return one.verdict.value, bool(one.reason)
    return Verdict.CLEAR.value, False


def _is_of(one: Warned, region: Region | None) -> bool:
    return one.item is not None and one.region in ("", region_word(region))


def _response(region: Region, told: VisitValue) -> str:
    if not any(treatment.region is region for treatment in told.treatments):
        return ""
    found = dict(told.responses).get(region)
    return found.value if found is not None else "none"


def _regions_of(treatment: ReadTreatment) -> tuple[Region, ...]:
    if treatment.regions:
        return treatment.regions
    return (treatment.treatment.region,) if treatment.treatment.region is not None else ()


def _marks(reading: Reading, warnings: Sequence[Warned], draft: Draft) -> Iterator[Mark]:
    for one in reading.treatments:
        verdicts = [
            _verdict(one.treatment.technique, region, warnings) for region in _regions_of(one) or (None,)
        ]
        worst = [kept for verdict, kept in verdicts if verdict != Verdict.CLEAR.value]
        if worst:
            yield Mark(one.span.start, one.span.end, "kept" if all(worst) else "alert")
    for unread in _unread(reading, draft):
        yield Mark(unread.span.start, unread.span.end, "unread")
    for found in reading.questions:
        yield Mark(found.span.start, found.span.end, "question")


def _unread(reading: Reading, draft: Draft) -> Iterator[Unread]:
    kept = {word.casefold() for word in draft.kept_words}
    for one in reading.unread:
        if not one.history and one.text.casefold() not in kept:
            yield one


def _status(reading: Reading, rows: Sequence[Row], draft: Draft) -> str:
    if not reading.text.strip():
        return "Write what you find and do"
    found = len(reading.findings)
    regions = len({row.region for row in rows if row.place or row.words})
    unread = len(list(_unread(reading, draft)))
    parts = [f"{_count(found, 'finding')} in {_count(regions, 'region')}"]
    if unread:
        parts.append(f"{_count(unread, 'word')} not read")
    if reading.questions:
        parts.append(f"{len(reading.questions)} to confirm")
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _asking(reading: Reading, draft: Draft, line: int) -> Asking | None:
    """The question nearest the caret: first of its line, then of the lines before, then after."""
    found = [*_asked_words(reading, draft), *_asked_findings(reading)]
    if not found:
        return None
    found.sort(key=lambda one: (one.line != line, one.kind != "unread", one.start))
    first = found[0]
    return Asking(
        first.kind,
        first.line,
        first.text,
        first.message,
        first.start,
        first.end,
        first.choices,
        len(found) - 1,
    )


def _asked_words(reading: Reading, draft: Draft) -> Iterator[Asking]:
    for one in _unread(reading, draft):
        suggestion = one.suggestion
        choices = (Choice(suggestion, suggestion),) if suggestion else ()
        yield Asking("unread", *_where(reading, one.span), "", one.span.start, one.span.end, choices, 0)


def _asked_findings(reading: Reading) -> Iterator[Asking]:
    for one in reading.questions:
        if one.question is None:
            continue
        options = dict.fromkeys((one.finding, *one.question.options))
        choices = tuple(Choice(" ".join(_finding_words(option)), write((option,))) for option in options)
        yield Asking(
            "question",
            *_where(reading, one.span),
            one.question.message,
            one.span.start,
            one.span.end,
            choices,
            0,
        )


def _where(reading: Reading, span: Span) -> tuple[int, str]:
    return line_of(reading.text, span.start), reading.text[span.start : span.end]


# Safety -----------------------------------------------------------------------------------------------


def _alert(one: Warned, reading: Reading) -> AlertView:
    if one.item is None:
        return AlertView(
            level=one.verdict.value,
            technique=one.technique,
            region=one.region,
            title=one.words,
            line=None,
            rules=(),
            safer=(),
            start=-1,
            end=-1,
            reason=one.reason,
            key=f"{one.technique}@{one.region}",
        )
    item = one.item.item
    span = _span_of(one, reading)
    title = short_name_of_code(item.technique)
    where = f", {region_title(item.region).lower()}" if item.region else ""
    return AlertView(
        level=one.verdict.value,
        technique=one.technique,
        region=one.region,
        title=f"{title}{where}",
        line=line_of(reading.text, span.start) if span else None,
        rules=tuple(rule for rule in one.item.fired if rule.level != "precaution"),
        safer=tuple(
            safer(alternative.technique, bool(span)) for alternative in one.item.alternatives[:SHOWN_OPTIONS]
        ),
        start=span.start if span else -1,
        end=span.end if span else -1,
        reason=one.reason,
        key=f"{one.technique}@{one.region}",
    )


def _technique_title(code_or_name: str) -> str:
    known = tables()
    if code_or_name in known.cards:
        return known.cards[code_or_name].title
    return known.other_techniques.get(code_or_name, "Technique not said")


def safer(technique: str, in_place: bool) -> Safer:
    """A technique by its code, as a button: in place of what is written, or added to the line."""
    name = _written(technique)
    return Safer(technique, name, _technique_title(technique), name if in_place else f"; {name}")


@cache
def _written(technique: str) -> str:
    """How a technique's code is written so that the reader understands it: the shortest spelling that is read so."""
    card = load().get(TechniqueCard, technique) if technique in tables().cards else None
    if card is None:
        return technique.replace("_", " ")
    record = technique_record(card.of.partition(":")[2])
    names = [technique, getattr(record, "abbreviation", ""), card.of.partition(":")[2].replace("_", " ")]
    names += [*getattr(record, "names", ()), card.title.lower()]
    return next((name for name in names if name and _means(name, technique)), card.title)


def _means(name: str, technique: str) -> bool:
    planned = plan_of(visit_of(read(f"T5 FRSr; {name}")))
    return [item.technique for item in planned] == [technique]


def _span_of(one: Warned, reading: Reading) -> Span | None:
    """Where the warned treatment is written, if it stands for that region alone."""
    for read_one in reading.treatments:
        regions = {region_word(region) for region in _regions_of(read_one)}
        if one.technique in _codes(read_one.treatment.technique) and (one.region in regions or not regions):
            return read_one.span
    return None


def _clear(alerts: Alerts, warnings: Sequence[Warned]) -> str:
    """What no rule speaks against and the patient does not refuse."""
    refused = {one.technique for one in warnings if one.region == REFUSED}
    names = dict.fromkeys(
        short_name_of_code(one.item.technique)
        for one in alerts.items
        if one.verdict is Verdict.CLEAR and one.item.technique not in refused
    )
    return ", ".join(names)


def short_name_of_code(technique: str) -> str:
    """`Thrust (HVLA)`: the first words of a card's title, with its code."""
    card = tables().cards.get(technique)
    if card is None:
        return _technique_title(technique)
    name = card.title.partition(",")[0].partition(" (")[0]
    return f"{name} ({technique})" if len(technique) < len(name) else name


# Choosing ---------------------------------------------------------------------------------------------


def _suggested(  # noqa: PLR0913, PLR0917  (everything the advice goes by)
    reading: Reading,
    told: VisitValue,
    draft: Draft,
    around: Around,
    line: int,
    warnings: Sequence[Warned],
) -> Suggested | None:
    """Techniques for the first dysfunction of the current line that is not treated, or treated against a rule."""
    here = [
        one.finding
        for one in reading.findings
        if line_of(reading.text, one.span.start) == line and one.finding.is_dysfunction
    ]
    finding = next((one for one in here if _wants_advice(one, told, warnings)), None)
    if finding is None:
        return None
    found = suggestions(told, draft, around, [finding])
    if not found.targets:
        return None
    options = found.targets[0].options
    offered = [one for one in options if one.standing in (Standing.OFFERED, Standing.WITH_REASON)]
    rest = [one for one in options if one not in offered[:SHOWN_OPTIONS]]
    place, words = _finding_words(finding)
    return Suggested(
        line=line,
        place=place or words or region_title(finding.region),
        options=tuple(
            (one, safer(one.technique, False), _dose(one.technique)) for one in offered[:SHOWN_OPTIONS]
        ),
        evidence=_evidence(found),
        more=tuple((one, _against(one)) for one in rest),
    )


def suggestions(told: VisitValue, draft: Draft, around: Around, findings: Sequence[Finding]) -> Suggestions:
    """What is advised for some findings of a draft, by what is safe for this patient and what they want."""
    return suggest(
        facts_of(told, draft, around),
        findings,
        draft.complaint,
        Preferences(refused=refusals_known(draft, around.always_refused)),
        settings=around.settings,
    )


def _wants_advice(finding: Finding, told: VisitValue, warnings: Sequence[Warned]) -> bool:
    treated = [one for one in told.treatments if one.region is finding.region]
    if not treated:
        return True
    return any(_verdict(one.technique, finding.region, warnings) not in _FINE for one in treated)


_FINE = ((Verdict.CLEAR.value, False), (Verdict.RELATIVE.value, True), (Verdict.ABSOLUTE.value, True))


@cache
def _doses() -> dict[str, str]:
    return {card.id: card.dose for card in load().all(TechniqueCard)}


def _dose(technique: str) -> str:
    return _doses().get(technique, "")


def _against(option: Option) -> str:
    if option.standing is Standing.OFFERED:
        return option.reasons[0].text if option.reasons else ""
    if option.fired:
        return option.fired[0].why
    return option.standing.value


def _evidence(found: Suggestions) -> str:
    if not found.evidence:
        return ""
    first = found.evidence[0]
    words = first.directions[0].text if first.directions else first.label
    return f"{first.match.title}: {words}"


# How far ----------------------------------------------------------------------------------------------


def _steps(
    told: VisitValue, draft: Draft, warnings: Sequence[AlertView], missing: Iterable[ChecklistRow]
) -> tuple[Step, ...]:
    rows = {row.number for row in missing}
    alert = any(not one.reason for one in warnings)
    treated = bool(told.treatments)
    return (
        Step("Examine", "findings", "done" if told.findings else "open"),
        Step("Choose", "choose", "alert" if alert else "done" if treated else "open"),
        Step("Agree", "agree", "done" if draft.agreed is not None else "open"),
        Step("Treat", "rows", "done" if treated and 9 not in rows else "open"),
        Step("Plan", "plan", "done" if 10 not in rows or draft.plan.strip() else "open"),
    )
