"""How the command line shows a reading: line by line for people, whole for programs."""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import typer
from rich.cells import cell_len

if TYPE_CHECKING:
    from openomt.medicine.findings import Finding
    from openomt.medicine.notation import ReadFinding, Reading, Span, Unread
    from openomt.medicine.typicality import Oddity
    from openomt.medicine.visit import Treatment

WIDTH = 100
"""Columns that everything printed for people keeps to."""

_MARGIN = "  "
_LABEL = 10
_REGION = 16
_INFERRED = {
    "level": "which place is meant",
    "sidebend": "sidebending",
    "spelling": "a spelling was corrected",
}
_GRADES = {"contradiction": "conflict", "warning": "warning", "info": "remark"}
_COLORS = {"contradiction": typer.colors.RED, "warning": typer.colors.YELLOW, "info": None}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, as the reader divides it. Lines and columns (characters) count from 1."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        texts = text.splitlines(keepends=True)
        starts: list[int] = []
        at = 0
        for line in texts:
            starts.append(at)
            at += len(line)
        return cls(tuple(texts), tuple(starts))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        line = max(bisect_right(self.starts, offset), 1)
        return line, offset - (self.starts[line - 1] if self.starts else 0) + 1


# For people -----------------------------------------------------------------------------------------


def account(reading: Reading) -> Iterator[str]:
    """Each line of the author's text with what was understood of it, and what was not underlined beneath."""
    lines = Lines.of(reading.text)
    margin = len(str(len(lines.texts)))
    told = _told_by_line(reading, lines)
    unread: dict[int, list[tuple[Unread, tuple[int, int]]]] = {}
    history: dict[int, list[tuple[Unread, tuple[int, int]]]] = {}
    for one in sorted(reading.unread, key=lambda one: one.span.start):
        place = lines.place(one.span.start)
        (history if one.history else unread).setdefault(place[0], []).append((one, place))
    for number, raw in enumerate(lines.texts, 1):
        if raw.isspace():
            continue
        yield from _author_line(raw, number, margin, unread.get(number, []))
        if number in history:
            yield _kept(history[number], reading.text)
        yield from told.get(number, [_row("", "", "kept as written; nothing in it was read as structure")])


def oddities(reading: Reading) -> Iterator[str]:
    """What does not fit the usual biomechanics: the line it stands on, its rule, sources and confidence."""
    from openomt.medicine.typicality import judge

    found = judge(reading.values)
    lines = Lines.of(reading.text)
    for odd in sorted(found, key=lambda odd: list(_GRADES).index(odd.grade.value)):
        yield from _oddity(odd, reading, lines)
    if found:
        yield from _legend(found)


def house_style(reading: Reading) -> str | None:
    """The findings in the house style; None while a question is open, or where it would read otherwise."""
    from openomt.medicine.notation import read, write

    if any(_is_open(one, reading.text) for one in reading.findings):
        return None
    settled = [replace(one.finding, detail=None) for one in reading.findings]
    text = write(settled)
    again = [replace(finding, detail=None) for finding in read(text).values]
    return text if text and again == settled else None


def _is_open(one: ReadFinding, text: str) -> bool:
    """Whether its author has something to settle before it can be written as fact."""
    from openomt.medicine.charting import charted

    sure = charted(one, text)
    if sure is None or (one.question is not None and one.question.options):
        return True
    inferred = one.finding.motion is not None and bool(one.finding.motion.inferred)
    return inferred or replace(sure, detail=None) != replace(one.finding, detail=None)


def unsettled_lines(reading: Reading) -> Iterator[str]:
    """Every question and every word not read, each with its line and column."""
    lines = Lines.of(reading.text)
    for one in reading.questions:
        line, column = lines.place(one.span.start)
        words = _shown(reading.text[one.span.start : one.span.end])
        question = one.question.message if one.question else ""
        yield "\n".join(wrapped(f"{line}:{column} “{words}”: {question}", "- ", "  "))
    for unread in reading.unread:
        line, column = lines.place(unread.span.start)
        what = "kept as written (history)" if unread.history else "not read"
        words = f"“{unread.text}”" if unread.history else _unread_words(unread)
        yield "\n".join(wrapped(f"{line}:{column} {what}: {_shown(words)}", "- ", "  "))


def wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    """The text in lines of at most `WIDTH` columns."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _told_by_line(reading: Reading, lines: Lines) -> dict[int, list[str]]:
    """The rows beneath each line, in the order of the text."""
    rows: list[tuple[int, list[str]]] = [
        *((one.span.start, list(_finding_rows(one))) for one in reading.findings),
        *((one.span.start, [_row("state", one.region, _words(one.state))]) for one in reading.states),
        *((one.span.start, list(_treated(one.treatment, one.regions))) for one in reading.treatments),
        *((one.span.start, [_response(one.response, one.regions)]) for one in reading.responses),
    ]
    told: dict[int, list[str]] = {}
    for start, texts in sorted(rows, key=lambda row: row[0]):
        told.setdefault(lines.place(start)[0], []).extend(texts)
    return told


def _finding_rows(read: ReadFinding) -> Iterator[str]:
    finding = read.finding
    label = "absent" if finding.absent else "finding"
    if finding.level is not None and finding.level.kind.value == "test":
        label = "test"
    yield _row(label, finding.region, said(finding))
    inferred = [*read.inferred, *(finding.motion.inferred if finding.motion else ())]
    if inferred:
        parts = ", ".join(_INFERRED.get(part, part) for part in dict.fromkeys(inferred))
        yield _row("inferred", "", f"{parts}: please confirm", typer.colors.YELLOW)
    if read.question is not None:
        yield _row("question", "", read.question.message, typer.colors.YELLOW)
        for number, option in enumerate(read.question.options, 1):
            mark = " (read so)" if _same(option, finding) else ""
            yield _row("", "", f"{number}) {said(option)}{mark}", typer.colors.YELLOW)


def _same(option: Finding, finding: Finding) -> bool:
    return (option.level, option.side, option.motion, option.pattern) == (
        finding.level,
        finding.side,
        finding.motion,
        finding.pattern,
    )


def said(finding: Finding) -> str:
    """A finding in words, with what the reader inferred: a row beside it says which parts those are."""
    from openomt.medicine.narrative.words import finding_words, test_words

    whole = replace(finding, motion=replace(finding.motion, inferred=())) if finding.motion else finding
    is_test = finding.level is not None and finding.level.kind.value == "test"
    return test_words(whole).text if is_test else finding_words(whole).text


def _treated(treatment: Treatment, regions: Sequence[str]) -> Iterator[str]:
    from openomt.medicine.narrative.words import treatment_words

    words = treatment_words(treatment).text
    if len(regions) > 1:
        yield _row("treated", "", f"{words}: {_listed(regions)}")
    else:
        place = treatment.region or "".join(regions)
        yield _row("treated", place or "place not said", words)


def _response(response: str, regions: Sequence[str]) -> str:
    if len(regions) > 1:
        return _row("response", "", f"{_words(response)}: {_listed(regions)}")
    return _row("response", "".join(regions) or "all treated", _words(response))


def _listed(regions: Iterable[str]) -> str:
    return ", ".join(_words(region) for region in regions)


def _words(value: str) -> str:
    return str(value).replace("_", " ")


def _row(label: str, region: str, text: str, color: str | None = None) -> str:
    """`finding    cervical         C3 …`, wrapped under its last column."""
    from openomt.medicine.narrative.render import visible

    indent = " " * (len(_MARGIN) + _LABEL + _REGION)
    first = f"{_MARGIN}{label:<{_LABEL}}{_words(region):<{_REGION}}"
    row = "\n".join(wrapped(visible(text), first, indent)) or first.rstrip()
    return typer.style(row, fg=color) if color else row


# The author's line ----------------------------------------------------------------------------------


def _author_line(
    raw: str, number: int, margin: int, unread: list[tuple[Unread, tuple[int, int]]]
) -> Iterator[str]:
    """The line as written, with what was not understood underlined; a long line in pieces."""
    line = raw.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
    spans = deque((column - 1, column - 1 + len(one.text)) for one, (_, column) in unread)
    head, blank = f"{number:>{margin}} | ", f"{'':>{margin}} | "
    for start, end in _pieces(line, WIDTH - len(head)):
        yield typer.style(head, dim=True) + typer.style(_shown(line[start:end].rstrip(" ")), bold=True)
        marks = _carets(line, start, end, spans)
        if marks:
            yield typer.style(blank, dim=True) + typer.style(marks, fg=typer.colors.RED)
        head = blank
    for one, (row, column) in unread:
        yield _row("not read", f"{row}:{column}", _unread_words(one), typer.colors.RED)


def _kept(history: list[tuple[Unread, tuple[int, int]]], text: str) -> str:
    """The words of a line that only tell the history, with where the first one stands."""
    words = ""
    end = -1
    for one, _ in history:
        together = end >= 0 and not text[end : one.span.start].strip()
        words += f" {one.text}" if together else f"”, “{one.text}" if words else f"“{one.text}"
        end = one.span.end
    row, column = history[0][1]
    return _row("kept", f"{row}:{column}", f"{words}”: kept as written (history)")


def _unread_words(unread: Unread) -> str:
    nearest = unread.suggestion
    known = nearest is not None and nearest.casefold() != unread.text.casefold()
    return f"“{unread.text}”" + (f"; did you mean “{nearest}”?" if known else "")


def _shown(text: str) -> str:
    from openomt.medicine.narrative.render import visible

    return visible(text.replace("\t", " "))


def _pieces(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Start and end of each piece of a line that fits the width, broken after a blank where there is one."""
    start = 0
    while start < len(line):
        end = start
        used = 0
        while end < len(line) and (used := used + cell_len(_shown(line[end]))) <= width:
            end += 1
        end = max(end, start + 1)
        if end < len(line):
            blank = line.rfind(" ", start, end)
            end = blank + 1 if blank > start else end
        yield start, end
        start = end


def _carets(line: str, start: int, end: int, spans: deque[tuple[int, int]]) -> str:
    """The underline of one piece of a line; empty where all was read. Takes off the spans it is done with."""
    marks = ""
    while spans and spans[0][0] < end:
        low, high = max(spans[0][0], start), min(spans[0][1], end)
        marks += " " * (cell_len(_shown(line[start:low])) - len(marks))
        marks += "^" * max(cell_len(_shown(line[low:high])), 1)
        if spans[0][1] > end:
            break
        spans.popleft()
    return marks


# Oddities -------------------------------------------------------------------------------------------


def _oddity(odd: Oddity, reading: Reading, lines: Lines) -> Iterator[str]:
    places = [reading.findings[index].span for index in odd.findings]
    at = ", ".join(dict.fromkeys(str(lines.place(span.start)[0]) for span in places))
    label = f"{_MARGIN}{_GRADES[odd.grade.value]:<{_LABEL}}"
    indent = " " * len(label)
    text = "\n".join(wrapped(f"line {at}: {odd.message}", label, indent))
    color = _COLORS[odd.grade.value]
    yield typer.style(text, fg=color) if color else text
    if odd.instead:
        yield "\n".join(wrapped(f"would fit: {odd.instead}", indent, indent))
    why = f"rule {odd.rule} [{odd.confidence}]: {', '.join(odd.sources)}"
    yield typer.style("\n".join(wrapped(why, indent, indent)), dim=True)


def _legend(found: Iterable[Oddity]) -> Iterator[str]:
    from openomt.knowledge.marks import CONFIDENCE_WORDS

    found = list(found)
    marks = {odd.confidence for odd in found}
    words = [f"[{mark.value}] {text}" for mark, text in CONFIDENCE_WORDS.items() if mark.value in marks]
    reviews = dict.fromkeys(odd.review for odd in found)
    yield from wrapped(f"{'; '.join(words)}. Rules: {'; '.join(reviews)}.", _MARGIN, _MARGIN)


# For programs ---------------------------------------------------------------------------------------


def as_json(reading: Reading) -> dict[str, Any]:
    """Everything read with its span, words, line and column; oddities; what was not read; the house style."""
    from openomt.medicine.typicality import judge

    lines = Lines.of(reading.text)

    def where(span: Span) -> dict[str, Any]:
        line, column = lines.place(span.start)
        words = reading.text[span.start : span.end]
        return {"start": span.start, "end": span.end, "line": line, "column": column, "text": words}

    def rows(read: Iterable[Any]) -> list[dict[str, Any]]:
        return [{**asdict(one), "span": where(one.span)} for one in read]

    return {
        "text": reading.text,
        "findings": rows(reading.findings),
        "treatments": rows(reading.treatments),
        "responses": rows(reading.responses),
        "states": rows(reading.states),
        "unread": [
            {"text": one.text, "span": where(one.span), "suggestion": one.suggestion}
            for one in reading.unread
            if not one.history
        ],
        "history": [{"text": one.text, "span": where(one.span)} for one in reading.unread if one.history],
        "oddities": [asdict(odd) for odd in judge(reading.values)],
        "house_style": house_style(reading),
    }
