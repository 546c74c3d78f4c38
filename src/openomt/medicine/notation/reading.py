"""What the reader hands back: findings, treatments and responses, each with the words it came from."""

from __future__ import annotations

from dataclasses import dataclass

from openomt.medicine.anatomy import Level, LevelKind, Region
from openomt.medicine.findings import Finding
from openomt.medicine.quick import quick
from openomt.medicine.visit import ExamState, Response, Treatment


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the author's text: characters `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the author can settle. `options` are the readings to choose from, most likely first."""

    message: str
    options: tuple[Finding, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class ReadFinding:
    """A finding, where it stands in the text, and what a person has to confirm about it.

    inferred  names of the finding's fields that were not stated in so many words
    """

    finding: Finding
    span: Span
    inferred: tuple[str, ...] = ()
    question: Question | None = None


@quick
@dataclass(frozen=True, slots=True)
class ReadTreatment:
    """A treatment and where it stands. `regions`:
    those it was given to when one technique is said for several.
    """

    treatment: Treatment
    span: Span
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """A response and where it stands. `regions` it answers for; empty when the text does not tell."""

    response: Response
    span: Span
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadState:
    """What the text says of a whole region: examined and normal, or not examined."""

    region: Region
    state: ExamState
    span: Span


@dataclass(frozen=True, slots=True)
class Unread:
    """Words the reader did not understand.

    history  they stand in a clause that tells what the patient feels or what was, and finds nothing
    """

    text: str
    span: Span
    history: bool = False

    @property
    def suggestion(self) -> str | None:
        """The nearest term the reader knows, or None. Only ever a suggestion."""
        from openomt.medicine.notation.lexicon import nearest_term  # knowledge loads late

        return nearest_term(self.text)


@quick
@dataclass(frozen=True, slots=True)
class Reading:
    """Everything understood in a text, in the order of the text, and everything that was not."""

    text: str
    findings: tuple[ReadFinding, ...] = ()
    treatments: tuple[ReadTreatment, ...] = ()
    responses: tuple[ReadResponse, ...] = ()
    states: tuple[ReadState, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def values(self) -> tuple[Finding, ...]:
        """The findings alone."""
        return tuple(read.finding for read in self.findings)

    @property
    def tests(self) -> tuple[Finding, ...]:
        """The findings that are results of named tests."""
        return tuple(f for f in self.values if f.level is not None and f.level.kind is LevelKind.TEST)

    @property
    def absences(self) -> tuple[Finding, ...]:
        """What was looked for and not found."""
        return tuple(f for f in self.values if f.absent)

    @property
    def questions(self) -> tuple[ReadFinding, ...]:
        """The findings that a person should confirm before they are printed as fact."""
        return tuple(read for read in self.findings if read.question is not None)

    def readings(self, limit: int = 16) -> tuple[tuple[Finding, ...], ...]:
        """The whole text read in every way the questions allow, most likely first, at most `limit` ways."""
        ways: list[tuple[Finding, ...]] = [()]
        for read in self.findings:
            options: tuple[Finding, ...] = (read.finding,)
            if read.question is not None:
                options += tuple(o for o in read.question.options if o != read.finding)
            ways = [(*way, option) for option in options for way in ways][:limit]
        return tuple(ways)

    def spans_of(self, level: Level) -> tuple[Span, ...]:
        """Where a level is spoken of."""
        return tuple(read.span for read in self.findings if read.finding.level == level)
