"""Signs of danger in what a patient writes, in English or Spanish, misspelt or not."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from openomt.medicine.phrases import Matcher, Mention, Phrase, Status, ordinary_words, triggers
from openomt.medicine.safety.screen_tables import screen_tables

if TYPE_CHECKING:
    from openomt.knowledge.redflags import DangerPhrase

_PART = "~"
"""Before the meaning of a phrase that is only a part of a sign."""
CLAUSE_END = "clause_end"
CHILD_WORD = "child_word"
EXCEPTION = "exception"
ONLY_THERE = "only_there"
ONLY_THEN = "only_then"
PERHAPS_THERE = "perhaps_there"
AFFIRMED = "affirmed"
_WORDS_OF_SCOPE = (CLAUSE_END, CHILD_WORD, EXCEPTION, ONLY_THERE, ONLY_THEN, PERHAPS_THERE)
_EXCEPTED = (EXCEPTION, ONLY_THERE, ONLY_THEN, PERHAPS_THERE)
_TO_PLACE = 4
"""Words between `only in` and the place it speaks of, and from the start of a clause to its subject."""
_TO_AFFIRMED = 14
"""Words between what is denied of one place and the place it is affirmed of."""
_TO_EXCEPTION = 20
"""Characters between a denied sign and the time that is excepted (`no chest pain at all, only when I cough`)."""
_CHILD = f"{_PART}{CHILD_WORD}"
_MARKS = ".,;:!?)\n-"
_MARK = re.compile(rf"[{_MARKS}]")
_NOT_BLANK = re.compile(r"[^ \t]")
_ENDS = re.compile(r"[.;!?\n]+(?:\s|$)|\n")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CELSIUS, _FAHRENHEIT = range(30, 44), range(95, 112)
_DEGREES = re.compile(
    r"(?<![\d.,/])(\d{2,3})(?:[.,](\d))?(?![\d/])\s*(?:°|º|degrees?|grados?)?\s*([cf]\b)?", re.I
)
_PRESSURE = re.compile(r"(?<!\d)(\d{2,3})\s*(?:/|over|sobre)\s*(\d{2,3})(?!\d)", re.I)
_WEEKS = re.compile(r"(?<!\d)(\d{1,2})\s*-?\s*(?:weeks?|wks?|semanas?)\b", re.I)
_DIGIT = re.compile(r"\d")
_HEAT = re.compile(r"fever|temp|fiebre|calentura", re.I)
_NEAR_HEAT = 40
_LEAST_SURE = (Status.NEGATED, Status.OTHER_PERSON, Status.FAMILY, Status.PAST, Status.POSSIBLE)
_SAYS_NOTHING = frozenset({Status.NEGATED, Status.OTHER_PERSON, Status.FAMILY})


@dataclass(frozen=True, slots=True)
class Heard:
    """A sign the text speaks of, where, and what it says of it."""

    sign: str
    start: int
    end: int
    status: Status
    exact: bool = True


class _Part(NamedTuple):
    """A concept in the text, at characters and at words."""

    concept: str
    start: int
    end: int
    first: int
    last: int
    status: Status
    exact: bool


@dataclass(frozen=True, slots=True)
class _Joined:
    """Concepts that together are a sign."""

    sign: str
    concepts: tuple[str, ...]
    within: int
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Measure:
    sign: str
    at_least: float
    below: float | None
    second: float | None


@dataclass(frozen=True, slots=True)
class _Ears:
    """What the text is heard with."""

    matcher: Matcher
    joined: Mapping[str, tuple[_Joined, ...]]
    by_place: Mapping[str, tuple[tuple[str, str], ...]]
    affirmed: re.Pattern[str]
    measures: Mapping[str, tuple[_Measure, ...]]


@cache
def _ears() -> _Ears:
    from openomt.knowledge import load
    from openomt.knowledge.redflags import DangerPhrase, DangerSign, MeasuredSign

    known = load()
    signs = {record.id for record in known.all(DangerSign)}
    joined: dict[str, list[_Joined]] = defaultdict(list)
    for record in known.all(DangerSign):
        for concepts in record.words:
            joined[concepts[0]].append(_Joined(record.id, concepts, record.within, frozenset(concepts)))
    used = {name for rows in joined.values() for row in rows for name in row.concepts}
    phrases: list[Phrase] = []
    affirmed: list[str] = []
    for said in known.all(DangerPhrase):
        if said.means == AFFIRMED:
            affirmed += said.phrases
            continue
        if said.harmless:
            phrases += _phrases(said, "", 0)
            continue
        if said.means in signs:
            phrases += _phrases(said, said.means, 0)
        if said.means in used or said.means in _WORDS_OF_SCOPE:
            phrases += _phrases(said, f"{_PART}{said.means}", 1)
    measures: dict[str, list[_Measure]] = defaultdict(list)
    for row in known.all(MeasuredSign):
        measures[row.kind_of].append(_Measure(row.sign, row.at_least, row.below, row.second))
    return _Ears(
        Matcher(phrases, triggers(), ordinary_words()),
        {name: tuple(rows) for name, rows in joined.items()},
        _by_place(joined),
        re.compile(rf"\s+(?:{'|'.join(sorted(map(re.escape, affirmed), key=len, reverse=True))})\b", re.I),
        {name: tuple(rows) for name, rows in measures.items()},
    )


def _by_place(joined: Mapping[str, list[_Joined]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Of each second concept of a pair, the signs it makes and the first concept they need."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in (row for rows in joined.values() for row in rows):
        if len(row.concepts) == 2:
            found[row.concepts[1]].append((row.sign, row.concepts[0]))
    return {name: tuple(pairs) for name, pairs in found.items()}


def _phrases(said: DangerPhrase, meaning: str, layer: int) -> Iterator[Phrase]:
    return (
        Phrase(meaning, words, said.language, typos=not said.exact, layer=layer, quiet=said.quiet)
        for words in said.phrases
    )


def hear(text: str, *, of_child: bool) -> tuple[Heard, ...]:
    """Every sign the text speaks of, in the order of the text, with what is said of it.

    `of_child`: the patient may be a child, so that `my son` is the patient and not a relative.
    """
    if not text.strip():
        return ()
    ears = _ears()
    mentions = ears.matcher.find(text)
    patient_is_child = of_child and any(mention.meaning == _CHILD for mention in mentions)
    found: list[Heard] = []
    parts: list[_Part] = []
    starts = [match.start() for match in _WORD.finditer(text)]
    for mention in mentions:
        status = mention.status
        if patient_is_child and status is Status.FAMILY:
            status = Status.PRESENT  # `my son` is the patient
        if mention.meaning[0] == _PART:
            parts.append(_part(mention, status, starts))
        else:
            found.append(Heard(mention.meaning, mention.start, mention.end, status, mention.exact))
    if len(parts) > 1:
        found += _join(text, parts, ears.joined)
        found += _affirmed(text, parts, starts, ears)
        found = [_excepted(one, text, parts) for one in found]
    found += _measured(text, ears.measures)
    return tuple(sorted(set(found), key=lambda one: (one.start, one.end, one.sign)))


def _excepted(heard: Heard, text: str, parts: Sequence[_Part]) -> Heard:
    """`no chest pain except when I breathe`: what is denied but for a time is there."""
    if heard.status is not Status.NEGATED:
        return heard
    times = (part.start for part in parts if part.concept == ONLY_THEN)
    near = [at for at in times if 0 < at - heard.end <= _TO_EXCEPTION]
    if any(not _ENDS.search(text[heard.end : at]) for at in near):
        return replace(heard, status=Status.PRESENT)
    return heard


def _part(mention: Mention, status: Status, starts: Sequence[int]) -> _Part:
    first = bisect_left(starts, mention.start)
    last = max(first, bisect_left(starts, mention.end) - 1)
    return _Part(mention.meaning[1:], mention.start, mention.end, first, last, status, mention.exact)


def _join(text: str, parts: Sequence[_Part], joined: Mapping[str, tuple[_Joined, ...]]) -> Iterator[Heard]:
    for segment in _segments(text, parts):
        by_concept: dict[str, list[_Part]] = defaultdict(list)
        for part in segment:
            by_concept[part.concept].append(part)
        here = by_concept.keys()
        for concept in here:
            for row in joined.get(concept, ()):
                if row.needs <= here:
                    yield from _places(row, by_concept)


def _affirmed(text: str, parts: Sequence[_Part], starts: Sequence[int], ears: _Ears) -> Iterator[Heard]:
    """`my arm isn't numb, my groin is`: what is denied of one place and affirmed of the next is there."""
    turns = {part.start: part.end for part in parts if part.concept == CLAUSE_END}
    opening = sorted({0, *turns.values(), *(match.end() for match in _MARK.finditer(text))})
    told: dict[str, _Part] = {}
    before: deque[_Part] = deque()
    for place in parts:
        before.append(place)
        said = ears.affirmed.match(text, place.end)
        if said is None or not _ends_clause(text, said.end(), turns):
            continue
        start = opening[bisect_right(opening, place.start) - 1]
        while before and before[0].end <= start:
            part = before.popleft()
            told[part.concept] = part
        if place.first - bisect_left(starts, start) > _TO_PLACE:
            continue
        for sign, concept in ears.by_place.get(place.concept, ()):
            denied = told.get(concept)
            if denied is not None and place.first - denied.last <= _TO_AFFIRMED:
                status = Status.POSSIBLE if place.status is Status.NEGATED else Status.PRESENT
                yield Heard(sign, denied.start, said.end(), status, place.exact and denied.exact)


def _ends_clause(text: str, at: int, turns: Mapping[int, int]) -> bool:
    """Whether nothing more of the clause follows: the end, a mark, or a word that begins another thought."""
    following = _NOT_BLANK.search(text, at)
    return following is None or following[0] in _MARKS or following.start() in turns


def _segments(text: str, parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Parts between the ends of sentences and the words that begin another thought."""
    ends = [match.start() for match in _ENDS.finditer(text)]
    ends += [part.start for part in parts if part.concept == CLAUSE_END]
    ends.sort()
    at: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        if part.concept != CLAUSE_END:
            at[bisect_left(ends, part.start)].append(part)
    yield from at.values()


def _places(row: _Joined, by_concept: Mapping[str, list[_Part]]) -> Iterator[Heard]:
    """Each place where all concepts of a row stand close enough."""
    yield from _excepted_places(row, by_concept)
    for anchor in by_concept[row.concepts[0]]:
        chosen = [anchor]
        for name in row.concepts[1:]:
            near = _nearest(by_concept[name], chosen)
            if near is None:
                break
            chosen.append(near)
        else:
            words = sum(part.last - part.first + 1 for part in chosen)
            span = max(part.last for part in chosen) - min(part.first for part in chosen) + 1
            status = _said_together(chosen, by_concept)
            if status is not None and span - words <= row.within:
                yield Heard(
                    row.sign,
                    min(part.start for part in chosen),
                    max(part.end for part in chosen),
                    status,
                    all(part.exact for part in chosen),
                )


def _excepted_places(row: _Joined, by_concept: Mapping[str, list[_Part]]) -> Iterator[Heard]:
    """`no numbness in my arms, only in my left leg`: the place after the exception, though another is nearer."""
    if len(row.concepts) != 2:
        return
    said, places = by_concept[row.concepts[0]], by_concept[row.concepts[1]]
    for mark in (part for name in (ONLY_THERE, PERHAPS_THERE) for part in by_concept.get(name, ())):
        before = bisect_left(said, mark.first, key=_first_word) - 1
        after = bisect_right(places, mark.first, key=_first_word)
        if before < 0 or after == len(places):
            continue
        denied, there = said[before], places[after]
        near = there.first - mark.last <= _TO_PLACE and there.first - denied.last <= _TO_AFFIRMED
        if near and denied.status is Status.NEGATED:
            status = _said_together([denied, there], by_concept)
            if status is not None:
                yield Heard(row.sign, denied.start, there.end, status, denied.exact and there.exact)


def _first_word(part: _Part) -> int:
    return part.first


def _nearest(rivals: Sequence[_Part], chosen: Sequence[_Part]) -> _Part | None:
    """The part nearest to the first chosen that shares no word with any chosen."""
    anchor = chosen[0].first
    middle = bisect_left(rivals, anchor, key=lambda part: part.first)
    near = rivals[max(0, middle - 3) : middle + 4]
    free = [part for part in near if all(part.first > c.last or part.last < c.first for c in chosen)]
    return min(free, key=lambda part: (abs(part.first - anchor), part.first)) if free else None


def _said_together(chosen: Sequence[_Part], by_concept: Mapping[str, list[_Part]]) -> Status | None:
    """What is said of a sign of several words. `no numbness except between my legs` and `no weakness, only in
    the left leg` say that it is there; `numb all over except in the groin` says nothing of the groin (None).
    """
    first = min(chosen, key=lambda part: part.first)
    last = max(chosen, key=lambda part: part.last)
    found = {part.status for part in chosen}
    for name in _EXCEPTED:
        if any(first.last < part.first < last.first for part in by_concept.get(name, ())):
            if first.status is Status.NEGATED:
                found.discard(Status.NEGATED)
                if name == PERHAPS_THERE:
                    found.add(Status.POSSIBLE)
            elif name == EXCEPTION:
                return None
    return _weakest(found)


def _weakest(found: set[Status]) -> Status:
    """A sign of several words is as sure as the least sure of them."""
    return next((status for status in _LEAST_SURE if status in found), Status.PRESENT)


def _measured(text: str, measures: Mapping[str, tuple[_Measure, ...]]) -> Iterator[Heard]:
    if not _DIGIT.search(text):
        return
    for match in _DEGREES.finditer(text):
        scale = _scale(match, text)
        if scale is None:
            continue
        degrees = float(f"{match[1]}.{match[2] or 0}")
        yield from _meant(match, degrees, measures.get(scale, ()))
    for match in _PRESSURE.finditer(text):
        for row in measures.get("blood pressure", ()):
            if float(match[1]) >= row.at_least or (row.second and float(match[2]) >= row.second):
                yield Heard(row.sign, match.start(), match.end(), Status.PRESENT)
    for match in _WEEKS.finditer(text):
        yield from _meant(match, float(match[1]), measures.get("weeks of pregnancy", ()))


def _scale(match: re.Match[str], text: str) -> str | None:
    """Which thermometer a number is of: by its letter, else by the number, where the text speaks of heat."""
    letter = (match[3] or "").lower()
    if letter:
        return "celsius" if letter == "c" else "fahrenheit"
    if not _HEAT.search(text[max(0, match.start() - _NEAR_HEAT) : match.end() + _NEAR_HEAT]):
        return None
    number = int(match[1])
    return "celsius" if number in _CELSIUS else "fahrenheit" if number in _FAHRENHEIT else None


def _meant(match: re.Match[str], number: float, rows: Sequence[_Measure]) -> Iterator[Heard]:
    for row in rows:
        if number >= row.at_least and (row.below is None or number < row.below):
            yield Heard(row.sign, match.start(), match.end(), Status.PRESENT)


def counts(heard: Heard) -> bool:
    """Whether a sign is raised: not where it is denied, of somebody else, or over (unless the past counts).

    What is only possible is raised: such doubts go to a person.
    """
    if heard.status is Status.PAST:
        return screen_tables().signs[heard.sign].past
    return heard.status not in _SAYS_NOTHING
