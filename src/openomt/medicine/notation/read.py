"""Reads what physicians write: `read(text) -> Reading`. Never raises; time grows linearly with length."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

from openomt.medicine.findings import Finding, Tart
from openomt.medicine.notation.bind import bind
from openomt.medicine.notation.compose import compose
from openomt.medicine.notation.emit import findings_of
from openomt.medicine.notation.groups import Anchor, Clause, Group
from openomt.medicine.notation.lexer import normalized, tokens
from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.patterns import untold
from openomt.medicine.notation.reading import (
    ReadFinding,
    Reading,
    ReadResponse,
    ReadState,
    ReadTreatment,
    Span,
    Unread,
)
from openomt.medicine.notation.signs import split_clauses
from openomt.medicine.notation.token import Token
from openomt.medicine.notation.treatments import responses_of, spread, treatments_of
from openomt.medicine.visit import ExamState

_REMEMBERED_LINES = 4096
_LONGEST_REMEMBERED = 400
_NOT_OF_TESTS = frozenset({"tart", "pattern", "motion", "severity"})
"""What can be said of a place, and not of a test."""


def read(text: str) -> Reading:
    """Findings, treatments, responses, states and everything not understood, each with its span.

    A line break ends what a header covers; within a line, what is said of no place of its own belongs to the
    line's
    header or to the place before it. A treatment that names no place was given to what is found in the whole
    text.
    Lines read before are remembered, so that a note read again after each key costs its changed line.
    """
    plain_text = normalized(text)
    if plain_text is text and len(text) <= _LONGEST_REMEMBERED and text.isprintable() and text[-1:] > " ":
        return _read_line(text)
    lines: list[Reading] = []
    start = 0
    for line in plain_text.splitlines(keepends=True):
        plain = line.rstrip()
        if plain:
            found = _read_line(plain) if len(plain) <= _LONGEST_REMEMBERED else _read_long_line(plain)
            lines.append(_moved(found, start) if start else found)
        start += len(line)
    if len(lines) == 1:
        if lines[0].text == text:
            return lines[0]
        return replace(lines[0], text=text, unread=_verbatim(lines[0].unread, text))
    return _joined(text, lines)


@lru_cache(maxsize=_REMEMBERED_LINES)
def _read_line(line: str) -> Reading:
    return _read_long_line(line)


def _read_long_line(line: str) -> Reading:
    clauses = _clauses(line)
    findings: list[ReadFinding] = []
    states: list[ReadState] = []
    telling: list[bool] = []
    for clause in clauses:
        first, known = len(findings), len(states)
        for group in clause.groups:
            if group.unexamined:
                states.extend(_states(group, ExamState.NOT_EXAMINED))
                continue
            more = findings_of(group)
            _add(findings, more, first)
            clause.unknown.extend(_left_out(group) if more or not group.said else group.tokens)
            if group.normal:
                states.extend(_states(group, ExamState.NORMAL))
        telling.append(len(findings) == first and len(states) == known)
    treatments, responses = treatments_of(clauses), responses_of(clauses)
    unread: list[Unread] = []
    for clause, only_tells in zip(clauses, telling, strict=True):
        if clause.unknown:
            unread += _unread(line, clause, history=only_tells and _is_history(clause))
    return Reading(
        text=line,
        findings=tuple(findings),
        treatments=treatments,
        responses=responses,
        states=tuple(states),
        unread=tuple(unread),
    )


def _left_out(group: Group) -> list[Token]:
    """What a group's findings do not say: patterns they do not name, and of a test all but its result."""
    if group.is_test:
        return [token for token in group.tokens if token.kind in _NOT_OF_TESTS]
    return untold(group)


def _unread(line: str, clause: Clause, *, history: bool) -> list[Unread]:
    """What was not understood in a clause, in the order of the text; single signs are left out."""
    unknown = [t for t in clause.unknown if t.end - t.start > 1 or line[t.start].isalnum()]
    unknown.sort(key=attrgetter("start"))
    return [Unread(line[t.start : t.end], Span(t.start, t.end), history) for t in unknown]


def _is_history(clause: Clause) -> bool:
    """`LBP since lifting boxes`: whether a clause without findings plainly tells the history."""
    if clause.techniques or clause.answers:
        return False
    return clause.complaint or clause.history or clause.tells


def _add(findings: list[ReadFinding], more: list[ReadFinding], first: int) -> None:
    """Adds a group's findings; evidence said twice of one place in one clause is one finding."""
    for read in more:
        if len(findings) == first or not _only_evidence(read.finding):
            findings.append(read)
            continue
        for at in range(first, len(findings)):
            if _same_place(findings[at].finding, read.finding):
                findings[at] = _merged(findings[at], read)
                break
        else:
            findings.append(read)


def _same_place(one: Finding, other: Finding) -> bool:
    """Whether a finding only tells evidence, as the other does, of the same place."""
    if one.region is not other.region or one.side is not other.side or not _only_evidence(one):
        return False
    return one.level is not None and one.level == other.level


def _only_evidence(finding: Finding) -> bool:
    named = finding.pattern or finding.motion or finding.position or finding.pain or finding.detail
    return not (named or finding.absent)


def _merged(one: ReadFinding, other: ReadFinding) -> ReadFinding:
    tart = tuple(t for t in Tart if t in one.finding.tart or t in other.finding.tart)
    severity = max((s for s in (one.finding.severity, other.finding.severity) if s is not None), default=None)
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    return replace(one, finding=replace(one.finding, tart=tart, severity=severity), span=span)


def _clauses(line: str) -> list[Clause]:
    """The line's clauses with every word bound to its place."""
    header: Anchor | None = None
    carried: Group | None = None
    clauses: list[Clause] = []
    for part in split_clauses(tokens(line)):
        if part.header is not None:
            header = part.header
        region = header.place.region if header is not None else None
        clause = bind(compose(part.tokens, region), header, carried if part.refers_back else None)
        clause.unknown[:0] = part.dropped
        if clause.unknown:
            tells = lexicon().lists["tells history"]
            clause.tells = not tells.isdisjoint([token.low for token in part.tokens])
        clauses.append(clause)
        if clause.groups:
            carried = clause.groups[-1]
    return clauses


def _states(group: Group, state: ExamState) -> list[ReadState]:
    """What is said of whole regions; a normal structure says nothing of its region."""
    whole = [a.place.region for a in group.anchors if a.place.region is not None and a.place.level is None]
    regions = whole if state is ExamState.NORMAL else group.regions()
    return [ReadState(region, state, Span(group.start, group.end)) for region in regions]


def _joined(text: str, lines: list[Reading]) -> Reading:
    findings = tuple(f for line in lines for f in line.findings)
    return Reading(
        text=text,
        findings=findings,
        treatments=spread(tuple(t for line in lines for t in line.treatments), findings),
        responses=tuple(r for line in lines for r in line.responses),
        states=tuple(s for line in lines for s in line.states),
        unread=_verbatim(tuple(u for line in lines for u in line.unread), text),
    )


def _verbatim(unread: tuple[Unread, ...], text: str) -> tuple[Unread, ...]:
    """The author's own characters, where reading had made dashes and quotes plain."""
    return tuple(Unread(text[u.span.start : u.span.end], u.span, u.history) for u in unread)


@dataclass(frozen=True, slots=True)
class _Shift:
    by: int

    def __call__(self, span: Span) -> Span:
        return Span(span.start + self.by, span.end + self.by)


def _moved(line: Reading, by: int) -> Reading:
    """A line's reading with its spans counted from the start of the whole text."""
    shift = _Shift(by)
    return Reading(
        text=line.text,
        findings=tuple(ReadFinding(f.finding, shift(f.span), f.inferred, f.question) for f in line.findings),
        treatments=tuple(ReadTreatment(t.treatment, shift(t.span), t.regions) for t in line.treatments),
        responses=tuple(ReadResponse(r.response, shift(r.span), r.regions) for r in line.responses),
        states=tuple(ReadState(s.region, s.state, shift(s.span)) for s in line.states),
        unread=tuple(Unread(u.text, shift(u.span), u.history) for u in line.unread),
    )
