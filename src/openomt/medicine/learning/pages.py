"""Makes the public's pages from the records, once for each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.learning.values import (
    CONDITIONS,
    LEARN,
    PLACES,
    TECHNIQUES,
    Label,
    Line,
    Link,
    Page,
    Part,
    SourceText,
    Tally,
)
from openomt.medicine.techniques.tables import tables
from openomt.medicine.techniques.telling import evidence_of
from openomt.medicine.techniques.values import Match, Sentence

if TYPE_CHECKING:
    import datetime as dt

    from openomt.knowledge.base import Record, Review
    from openomt.knowledge.evidence import Condition
    from openomt.knowledge.learning import (
        ConditionPage,
        EducationPage,
        PagePart,
        PublicPage,
        Said,
        TechniquePage,
    )

LANGUAGES = ("en", "es")
TOPICS = ("start", "visit", "people", "questions")
LABELS = ("studied-most", "early-evidence", "not-enough", "tested-no-help", "ask-first")
"""The labels of conditions, in the order in which they are shown."""
_UNSURE = frozenset({"K", "?"})
_COURSE, _ASK_FIRST_ALSO = "usual-course", "ask-first-also"


def page(place: str, slug: str, language: str) -> Page | None:
    """One page, or None where there is none."""
    return all_pages(language).get((place, slug))


def pages(place: str, language: str) -> tuple[Page, ...]:
    """The pages of a place, in the order in which they are listed."""
    return tuple(one for one in all_pages(language).values() if one.place == place)


def ask_first_also(language: str) -> str:
    """Who should ask a doctor first, beside those with a condition that has a page."""
    from openomt.knowledge import load
    from openomt.knowledge.evidence import EvidenceSentence

    record = load().get(EvidenceSentence, _ASK_FIRST_ALSO)
    return record.es if language == "es" else record.en


@cache
def all_pages(language: str) -> Mapping[tuple[str, str], Page]:
    """Every page by place and slug. Raises ValueError for a language other than `en` and `es`."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; known are {', '.join(LANGUAGES)}")
    maker = _Maker(language)
    return {(one.place, one.slug): one for one in maker.make()}


class _Maker:
    """Makes pages in one language."""

    def __init__(self, language: str) -> None:
        from openomt.knowledge import load
        from openomt.knowledge.learning import ConditionPage, EducationPage, TechniquePage

        self.known = load()
        self.language = language
        self.education = sorted(
            self.known.all(EducationPage), key=lambda one: (TOPICS.index(one.topic), one.order)
        )
        self.conditions = self.known.all(ConditionPage)
        self.techniques = self.known.all(TechniquePage)

    def make(self) -> Iterable[Page]:
        yield from map(self._education, self.education)
        yield from map(self._condition, self.conditions)
        yield from map(self._technique, self.techniques)

    def _pick(self, record: object, field: str) -> str:
        """What a record says in the language: `field_en`, or `en` where the field has no name."""
        name = f"{field}_{self.language}" if field else self.language
        return str(getattr(record, name))

    def _line(self, said: Said) -> Line:
        return Line(self._pick(said, ""), _mark(said.confidence))

    def _education(self, record: EducationPage) -> Page:
        parts = tuple(map(self._part, record.parts))
        taken = [self._taken(name) for part in record.parts for name in part.take]
        sources = dict.fromkeys((*record.sources, *(name for one in taken for name in one.sources)))
        return Page(
            place=LEARN,
            title=self._pick(record, ""),
            lead=self._pick(record, "lead"),
            topic=record.topic,
            parts=parts,
            sources=self._sources(sources),
            **self._common(record),  # type: ignore[arg-type]
        )

    def _part(self, part: PagePart) -> Part:
        lines = [self._line(said) for said in part.says]
        for name in part.take:
            record = self._taken(name)
            lines.append(Line(self._words(record), _mark(record.confidence)))
        return Part(self._pick(part, ""), tuple(lines), part.style)

    def _taken(self, name: str) -> Record:
        from openomt.knowledge.kinds import KINDS

        kind, _, record = name.partition(":")
        return self.known.get(KINDS[kind], record)

    def _words(self, record: Record) -> str:
        """What a record tells the patient: `es`, or the English beside it."""
        english = next(name for name in ("en", "tell", "plain") if hasattr(record, name))
        return str(getattr(record, "es" if self.language == "es" else english))

    def _condition(self, record: ConditionPage) -> Page:
        rows = [tables().conditions[name] for name in record.conditions]
        told = evidence_of(
            Match(rows[0].id, rows[0].number, rows[0].title, sure=True, words=""), weighed=False
        )
        sentences = [one.es if self.language == "es" else one.en for one in told.patient]
        label = tables().labels[rows[0].label]
        sources = dict.fromkeys((*(name for row in rows for name in row.sources), *record.sources))
        return Page(
            place=CONDITIONS,
            title=_upper(self._pick(rows[0], "")),
            lead=sentences[0],
            label=Label(label.id, self._pick(label, "title"), self._pick(label, "")),
            advice=self._advice(rows[0], told.patient[2:]),  # the second is the meaning of the label
            tallies=tuple(
                Tally(self._pick(one, ""), one.with_omt, one.without, one.of, self._pick(one, "against"))
                for one in record.counts
            ),
            parts=(Part("", tuple(map(self._line, record.says)), name="found"),),
            uses=self._techniques_of(rows),
            keywords=tuple(self._keywords(rows)),
            sources=self._sources(sources),
            **self._common(record),  # type: ignore[arg-type]
        )

    def _advice(self, row: Condition, told: Iterable[Sentence]) -> tuple[Line, ...]:
        """What follows for the patient; the course is marked where its sessions were not re-read."""
        from openomt.knowledge.evidence import EvidenceSentence

        unread = any("session" in part for part in row.unconfirmed)
        course = self._words(self.known.get(EvidenceSentence, _COURSE)).partition("{")[0]
        texts = [one.es if self.language == "es" else one.en for one in told]
        return tuple(Line(text, "K" if unread and text.startswith(course) else "") for text in texts)

    def _techniques_of(self, rows: list[Condition]) -> tuple[Link, ...]:
        codes = {code for row in rows for code in row.techniques if code not in row.worst}
        return tuple(self._link(TECHNIQUES, one) for one in self.techniques if one.code in codes)

    def _keywords(self, rows: list[Condition]) -> Iterable[str]:
        complaints = tables().complaints
        for row in rows:
            yield self._pick(row, "")
            own = complaints[row.id]
            for one in filter(None, (own, complaints.get(own.like))):
                yield from (one.terms_es if self.language == "es" else one.terms)

    def _technique(self, record: TechniquePage) -> Page:
        card = tables().cards[record.code]
        plain = Line(self._words(card), _mark(card.confidence))
        return Page(
            place=TECHNIQUES,
            title=self._pick(record, "name"),
            lead="",
            parts=(
                Part("", (plain,), name="does"),
                Part("", tuple(map(self._line, record.feel)), name="feel"),
                Part("", tuple(map(self._line, record.do)), name="do"),
                Part("", tuple(map(self._line, record.after)), name="after"),
            ),
            poses=record.poses,
            hands=record.hands,
            uses=self._conditions_of(record.code),
            keywords=(card.title, str(card.id)),
            sources=self._sources(dict.fromkeys(card.sources)),
            **self._common(record),  # type: ignore[arg-type]
        )

    def _conditions_of(self, code: str) -> tuple[Link, ...]:
        known = tables().conditions
        return tuple(
            self._link(CONDITIONS, one)
            for one in self.conditions
            if any(
                code in known[name].techniques and code not in known[name].worst for name in one.conditions
            )
        )

    def _common(self, record: PublicPage) -> dict[str, object]:
        return {
            "slug": record.id,
            "language": self.language,
            "related": tuple(self._related(name) for name in record.related),
            "written": record.written,
            "review_due": record.review_due,
            "reviewed": _review(record.reviewed),
            "translated": _review(record.translation_reviewed),
        }

    def _related(self, name: str) -> Link:
        place, _, slug = name.partition("/")
        held: dict[str, Iterable[PublicPage]] = dict(
            zip(PLACES, (self.education, self.conditions, self.techniques), strict=True)
        )
        return self._link(place, next(one for one in held[place] if one.id == slug))

    def _link(self, place: str, record: PublicPage) -> Link:
        if place == CONDITIONS:
            first = tables().conditions[record.conditions[0]]  # type: ignore[attr-defined]  # a ConditionPage
            return Link(place, record.id, _upper(self._pick(first, "")))
        return Link(place, record.id, self._pick(record, "name" if place == TECHNIQUES else ""))

    def _sources(self, names: Iterable[str]) -> tuple[SourceText, ...]:
        known = self.known.sources
        return tuple(
            SourceText(known[name].title, known[name].where, known[name].retrieved) for name in names
        )


def _mark(confidence: object) -> str:
    value = str(getattr(confidence, "value", "") or "")
    return value if value in _UNSURE else ""


def _review(review: Review | None) -> tuple[str, dt.date] | None:
    return None if review is None else (review.by, review.on)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
