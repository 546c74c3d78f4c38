"""The patient's summary of a visit: what was found, done and felt, and what comes next, in everyday words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from openomt.medicine.anatomy import LevelKind, Region, Side
from openomt.medicine.findings import Finding, Frame, Tart
from openomt.medicine.narrative.exam import Numbered, is_whole_region_normal, regional_findings
from openomt.medicine.narrative.phrases import LANGUAGES, phrase, plain_name, region_record, technique_record
from openomt.medicine.narrative.values import Part, Sentence, Summary
from openomt.medicine.narrative.words import RESULTS, stated
from openomt.medicine.visit import ExamState, Visit


def patient_summary(visit: Visit, language: str = "en") -> Summary:
    """What happened at a visit, for the patient, in `en` or `es`; nothing that the visit does not hold.

    Words that the physician wrote for the plan are quoted as they are, in the language they were written in.
    Raises ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: there are {' and '.join(LANGUAGES)}")
    teller = _Teller(visit, language)
    told = (
        ("heading.found", tuple(teller.found())),
        ("heading.done", tuple(teller.done())),
        ("heading.response", tuple(teller.responded())),
        ("heading.next", tuple(teller.next_steps())),
    )
    parts = tuple(Part(teller.say(heading), sentences) for heading, sentences in told if sentences)
    title = teller.title()
    quoted = tuple(path for part in parts for s in part.sentences if s.quoted for path in s.origin)
    return Summary(
        language,
        title,
        parts,
        tuple(teller.notices()) if parts else (),
        tuple(teller.unreviewed),
        tuple(teller.untranslated) if language != "en" else (),
        quoted if language != "en" else (),
    )


@dataclass(slots=True)
class _Teller:
    """Speaks one language, and keeps which of the words it used still wait for a qualified reader."""

    visit: Visit
    language: str
    unreviewed: dict[str, None] = field(default_factory=dict)
    untranslated: dict[str, None] = field(default_factory=dict)

    def say(self, phrase_id: str, **slots: str) -> str:
        record = phrase(phrase_id)
        self._note_state(
            f"phrase {phrase_id}", record.reviewed is not None, record.translation_reviewed is not None
        )
        template = record.en if self.language == "en" else record.es
        return template.format(**slots)

    def _note_state(self, record: str, reviewed: bool, translated: bool) -> None:
        if not reviewed:
            self.unreviewed[record] = None
        if not translated:
            self.untranslated[record] = None

    def region(self, region: Region) -> str:
        record = region_record(region)
        if self.language == "en":
            self._note_state(f"region {record.id}", record.reviewed is not None, True)
            return record.plain
        return self._spanish(f"region.{record.id}") or record.plain

    def _spanish(self, name_id: str) -> str | None:
        record = plain_name(name_id)
        if record is None:
            return None
        self._note_state(
            f"plainname {name_id}", record.reviewed is not None, record.translation_reviewed is not None
        )
        return record.es

    def technique(self, name: str) -> str:
        """What a patient is told of a technique; a general word where there is none in this language."""
        record = technique_record(name)
        if record is None:
            return self.say("technique.unknown")
        if self.language == "en":
            self._note_state(f"technique {record.id}", record.reviewed is not None, True)
            return record.plain
        return self._spanish(f"technique.{record.id}") or self.say("technique.unknown")

    def title(self) -> str:
        if self.visit.date is None:
            return self.say("visit.undated")
        return self.say("visit.date", date=self._date(self.visit.date))

    def _date(self, day: dt.date) -> str:
        month = self.say(f"month.{day.month}")
        return self.say("date.format", day=str(day.day), month=month, year=str(day.year))

    def found(self) -> Iterator[Sentence]:
        """What the hands found, region by region, from the head down."""
        for region in Region:
            numbered = regional_findings(self.visit, region)
            changes = [(number, finding) for number, finding in numbered if is_change(finding)]
            if changes:
                yield from self._change(region, changes)
            else:
                yield from self._normal(region, numbered)

    def _change(self, region: Region, changes: list[Numbered]) -> Iterator[Sentence]:
        sides = _common_side(changes)
        origin = tuple(f"findings[{number}]" for number, _ in changes)
        phrase_id = f"found.change.{sides.value}" if sides else "found.change"
        yield Sentence(self.say(phrase_id, region=self.region(region)), origin)
        for tart in Tart:
            paths = tuple(
                f"findings[{number}].{path}"
                for number, finding in changes
                for path in _evidence(finding, tart)
            )
            if paths:
                yield Sentence(self.say(f"found.{tart.value}"), paths)

    def _normal(self, region: Region, numbered: list[Numbered]) -> Iterator[Sentence]:
        bare = [
            f"findings[{number}].absent" for number, finding in numbered if is_whole_region_normal(finding)
        ]
        said = []
        if dict(self.visit.states).get(region) is ExamState.NORMAL:
            said = [
                f"states[{n}]" for n, e in enumerate(self.visit.states) if e == (region, ExamState.NORMAL)
            ]
        if bare or said:
            yield Sentence(self.say("found.normal", region=self.region(region)), (*said, *bare))

    def done(self) -> Iterator[Sentence]:
        """Where treatment was given and how, then what the patient did not want."""
        consent = self.visit.consent
        if consent.given is not None:
            yield Sentence(
                self.say("consent.given" if consent.given else "consent.withheld"), ("consent.given",)
            )
        for region in (*Region, None):
            yield from self._treated(region)
        for number, refused in enumerate(consent.refused):
            if refused:
                yield Sentence(
                    self.technique(refused), (f"consent.refused[{number}]",), self.say("done.refused")
                )

    def _treated(self, region: Region | None) -> Iterator[Sentence]:
        here = [(n, t) for n, t in enumerate(self.visit.treatments) if t.region is region]
        if not here:
            return
        text = (
            self.say("done.unplaced")
            if region is None
            else self.say("done.region", region=self.region(region))
        )
        yield Sentence(text, tuple(f"treatments[{n}]" for n, _ in here))
        told: dict[str, list[str]] = {}
        for number, treatment in here:
            if treatment.technique:
                path = f"treatments[{number}].technique"
                told.setdefault(self.technique(treatment.technique), []).append(path)
        for words, paths in told.items():
            yield Sentence(words, tuple(paths), self.say("done.how"))

    def responded(self) -> Iterator[Sentence]:
        """How each treated region answered, and what went wrong."""
        for region in Region:
            for number, (where, response) in enumerate(self.visit.responses):
                if where is region:
                    text = self.say(f"response.{response.value}", region=self.region(region))
                    yield Sentence(text, (f"responses[{number}]",))
        yield from self._pain()
        for number, (where, words) in enumerate(self.visit.response_words):
            if words:
                label = self.say("response.words", region=self.region(where))
                yield Sentence(words, (f"response_words[{number}]",), label, quoted=True)
        for number, words in enumerate(self.visit.complications):
            if words:
                yield Sentence(
                    words, (f"complications[{number}]",), self.say("complications.some"), quoted=True
                )
        if self.visit.complications_asked and not self.visit.complications:
            yield Sentence(self.say("complications.none"), ("complications_asked",))

    def _pain(self) -> Iterator[Sentence]:
        for number, finding in enumerate(self.visit.findings):
            if finding.pain is not None and not finding.absent:
                before, after = finding.pain
                region = self.region(finding.region)
                text = self.say("pain.point", region=region, before=str(before), after=str(after))
                yield Sentence(text, (f"findings[{number}].pain",))

    def next_steps(self) -> Iterator[Sentence]:
        """The plan, in the physician's own words."""
        plan = self.visit.plan
        yield from self._quote("next.goal", plan.goals, "plan.goals")
        yield from self._quote("next.frequency", plan.frequency, "plan.frequency")
        yield from self._quote("next.review", plan.next_review, "plan.next_review")
        yield from self._quote("next.stop", plan.stop_when, "plan.stop_when")
        yield from self._quote("next.exercise", plan.home_exercise, "plan.home_exercise")
        yield from self._quote("next.aftercare", plan.aftercare, "plan.aftercare")
        yield from self._quote("next.precautions", plan.return_precautions, "plan.return_precautions")
        yield from self._quote("next.other", plan.other, "plan.other")

    def _quote(self, label: str, said: str | tuple[str, ...], path: str) -> Iterator[Sentence]:
        if isinstance(said, str):
            if said:
                yield Sentence(said, (path,), self.say(label), quoted=True)
            return
        for number, text in enumerate(said):
            if text:
                yield Sentence(text, (f"{path}[{number}]",), self.say(label), quoted=True)

    def notices(self) -> Iterator[str]:
        """That a physician, or a translator, has yet to read the words."""
        if self.unreviewed:
            yield self.say("notice.review")
        if self.language != "en" and self.untranslated:
            yield self.say("notice.translation")


def is_change(finding: Finding) -> bool:
    """Whether a finding tells of a change that is there and that the author stated."""
    if finding.absent:
        return False
    named = bool(finding.pattern) and finding.pattern not in RESULTS
    return named or bool(finding.tart) or bool(finding.severity) or stated(finding.motion) is not None


def _evidence(finding: Finding, tart: Tart) -> Iterator[str]:
    """The fields of a finding that state one kind of evidence; motion written as restricted is one."""
    if tart in finding.tart:
        yield "tart"
    motion = stated(finding.motion)
    if tart is Tart.RESTRICTION and motion is not None and motion.frame is Frame.RESTRICTION:
        yield "motion.frame"


def _common_side(changes: list[Numbered]) -> Side | None:
    """The side that all changes of a region lie on; None where one has none.

    Beside a vertebra, or alone, a side may be a direction that is restricted: it is not taken for a place.
    """
    sides = set()
    for _, finding in changes:
        placed = finding.level is not None and finding.level.kind is not LevelKind.SEGMENT
        sides.add(finding.side if placed else None)
    if None in sides:
        return None
    return sides.pop() if len(sides) == 1 else Side.BILATERAL
