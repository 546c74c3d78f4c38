"""Reads what physicians write: `read(text) -> Reading`. Never raises; time grows linearly with length."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.bind import Binder
from openomt.medicine.notation.compose import compose
from openomt.medicine.notation.emit import findings_of
from openomt.medicine.notation.groups import Anchor, Clause, Group
from openomt.medicine.notation.lexer import Token, normalized, tokens
from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.reading import ReadFinding, Reading, ReadState, Span, Unread
from openomt.medicine.notation.signs import split_clauses
from openomt.medicine.notation.treatments import responses_of, treatments_of
from openomt.medicine.visit import ExamState


def read(text: str) -> Reading:
    """Findings, treatments, responses, states and everything not understood, each with its span.

    A blank line or a line break ends what a header covers; within a line, what is said of no place of its own belongs
    to the line's header or to the place before it.
    """
    reading = _Collector(text)
    plain = normalized(text)
    start = 0
    for line in plain.splitlines(keepends=True):
        if not line.isspace():
            reading.line(tokens(line), start)
        start += len(line)
    return reading.result()


class _Collector:
    """Gathers a reading line by line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.clauses: list[Clause] = []
        self.findings: list[ReadFinding] = []
        self.states: list[ReadState] = []
        self.unread: list[Unread] = []

    def line(self, found: list[Token], start: int) -> None:
        if start:
            for token in found:
                token.start += start
                token.end += start
        header: Anchor | None = None
        carried: Group | None = None
        clauses = []
        for part in split_clauses(found):
            if part.header is not None:
                header = part.header
            region = header.place.region if header is not None else None
            composed = compose(part.tokens, region)
            clause = Binder(composed, header, carried if part.refers_back else None).read()
            clauses.append(clause)
            carried = clause.groups[-1] if clause.groups else carried
        for clause in clauses:
            self._take(clause)

    def _take(self, clause: Clause) -> None:
        self.clauses.append(clause)
        for group in clause.groups:
            if group.unexamined:
                self._unexamined(group)
            else:
                self.findings.extend(findings_of(group))
                if group.normal:
                    self._normal(group)
        self.unread.extend(_unread(self.text, token) for token in clause.unknown if token.end - token.start > 1)

    def _unexamined(self, group: Group) -> None:
        for region in group.regions():
            self.states.append(ReadState(region, ExamState.NOT_EXAMINED, Span(group.start, group.end)))

    def _normal(self, group: Group) -> None:
        for anchor in group.anchors:
            if anchor.place.level is None and anchor.place.region is not None:
                self.states.append(ReadState(anchor.place.region, ExamState.NORMAL, Span(group.start, group.end)))

    def result(self) -> Reading:
        findings = tuple(self.findings)
        return Reading(
            text=self.text,
            findings=findings,
            treatments=treatments_of(self.clauses, findings),
            responses=responses_of(self.clauses, findings),
            states=tuple(self.states),
            unread=tuple(self.unread),
        )


def _unread(text: str, token: Token) -> Unread:
    return Unread(text[token.start : token.end], Span(token.start, token.end))


def known_regions() -> dict[str, Region]:
    """Region by every name the vocabulary gives it."""
    return {name: place.region for name, place in lexicon().places.items() if place.region and place.type == "region"}
