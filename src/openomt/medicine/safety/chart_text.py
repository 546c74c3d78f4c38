"""What the words of an entry say: facts by phrase, with region and time from the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openomt.medicine.phrases import Mention, Status
from openomt.medicine.phrases.tokens import HARD, folded, tokens
from openomt.medicine.safety.dates import FoundDate, When, dates_in
from openomt.medicine.safety.places import Place, beside, places_in
from openomt.medicine.safety.recognition_tables import (
    MEDICINE,
    FactAt,
    Meaning,
    recognition_tables,
)
from openomt.medicine.safety.signs import Sign
from openomt.medicine.safety.values import Fact, Origin, OriginKind

_CLAUSE = frozenset({",", "-", "+", ":"})
_BARE_PLACE = 4
"""Words of a clause that says little but a place (`fusion, L4-S1 posterior`)."""
_NEAR = 60
"""Characters from a phrase to the words for its place, at most."""
_JOINED = frozenset({"and", "&", "y", "/", ",", "with", "of", "the", "left", "right", "l", "r", "both"})
HARDWARE, ADJACENT = "spinal_fusion_hardware", "fusion_adjacent_level"
SPINE_SURGERY = "spine_surgery_recent"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to read.

    when   its date on record; `over`: the list says that it is past
    """

    text: str
    kind: OriginKind
    when: When | None = None
    over: bool = False


@dataclass(slots=True)
class ReadEntry:
    """An entry with all that was found in it. `sentences`, `clauses`: where they end."""

    entry: Entry
    plain: str
    mentions: tuple[Mention, ...]
    dates: tuple[FoundDate, ...]
    places: tuple[Place, ...]
    sentences: list[int]
    clauses: list[int]

    def sentence(self, at: int) -> int:
        """The number of the sentence a character lies in."""
        return _number(self.sentences, at)

    def clause(self, at: int) -> int:
        """The number of the clause a character lies in."""
        return _number(self.clauses, at)

    def clause_at(self, at: int, least: int = 0) -> str:
        """The words of the clause around a character, to the character `least` at least."""
        number = self.clause(at)
        ends = [0, *self.clauses, len(self.plain)]
        return self.entry.text[ends[number] : max(ends[number + 1], least)]

    def clause_text(self, mention: Mention) -> str:
        """The words of the clause around a mention."""
        return self.clause_at(mention.start, mention.end)

    def sentence_text(self, mention: Mention) -> str:
        """The words of the sentence around a mention."""
        number = self.sentence(mention.start)
        ends = [0, *self.sentences, len(self.plain)]
        return self.entry.text[ends[number] : max(ends[number + 1], mention.end)]


def _number(ends: list[int], at: int) -> int:
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if ends[middle] <= at:
            low = middle + 1
        else:
            high = middle
    return low


def read_entry(entry: Entry, today: date) -> ReadEntry:
    """Finds phrases, dates and places of an entry. Never raises on any text."""
    tables = recognition_tables()
    mentions = tables.matcher.find(entry.text)
    plain = folded(entry.text)
    if not mentions:
        return ReadEntry(entry, plain, (), (), (), [], [])
    found = tokens(entry.text)
    sentences = [end for word, end in zip(found.words, found.ends, strict=True) if word in HARD]
    clauses = [
        end for word, end in zip(found.words, found.ends, strict=True) if word in HARD or word in _CLAUSE
    ]
    regional = any(_is_regional(mention) for mention in mentions)
    places = places_in(entry.text, plain) if regional else ()
    return ReadEntry(entry, plain, mentions, dates_in(plain, today), places, sentences, clauses)


def _is_regional(mention: Mention) -> bool:
    meaning = recognition_tables().phrases.get(mention.meaning)
    return meaning is not None and any(at.from_words for at in (*meaning.facts, *meaning.asks))


def _is_of_spine(mention: Mention) -> bool:
    meaning = recognition_tables().phrases[mention.meaning]
    return any(at.code == SPINE_SURGERY for at in meaning.facts)


def signs_of(read: ReadEntry) -> list[Sign]:
    """The signs of everything but medicines."""
    times = times_of(read)
    signs: list[Sign] = []
    for mention in read.mentions:
        if not mention.meaning.startswith(MEDICINE):
            signs += _signs_of(mention, read, times.get(mention))
    return signs


def _signs_of(mention: Mention, read: ReadEntry, when: When | None) -> list[Sign]:
    meaning = recognition_tables().phrases[mention.meaning]
    status = _status(mention, read.entry)
    origin = origin_of(mention, read.entry, meaning)
    recent = says("recent", read.clause_text(mention)) and status is not Status.PAST
    place = _place_of(mention, read) if _is_regional(mention) else ()
    signs = _denials(meaning, status, origin)
    for at, ask in (*((at, False) for at in meaning.facts), *((at, True) for at in meaning.asks)):
        for fact in _facts(at, place):
            signs.append(Sign(fact, status, origin, ask, when, recent))
        if at.code == HARDWARE and not ask:
            signs += [
                Sign(fact, status, _adjacent_origin(origin), False, when, recent) for fact in _adjacent(place)
            ]
    return signs


def _denials(meaning: Meaning, status: Status, origin: Origin) -> list[Sign]:
    if status is not Status.PRESENT:
        return []
    return [Sign(Fact(at.code, at.region), Status.NEGATED, origin) for at in meaning.denies]


def _status(mention: Mention, entry: Entry) -> Status:
    if entry.over and mention.status is Status.PRESENT:
        return Status.PAST
    return mention.status


def origin_of(mention: Mention, entry: Entry, meaning: Meaning) -> Origin:
    """Where a mention's facts come from, with what was said of it and whether it was misspelt."""
    reason = meaning.why or "stated"
    if mention.because:
        reason = f"{reason} ({mention.status.value}: {mention.because})"
    if not mention.exact:
        reason = f"{reason}; read despite its spelling"
    return Origin(
        entry.kind, entry.text, reason, mention.start, mention.end, meaning.sources, meaning.confidence
    )


def says(what: str, text: str) -> bool:
    """Whether a text holds one of a set of words (`recent`, `long`, `short`, `stopped`)."""
    return bool(recognition_tables().words[what].find(text))


def _facts(at: FactAt, places: tuple[Place, ...]) -> list[Fact]:
    if not at.from_words:
        return [Fact(at.code, at.region)]
    regions = dict.fromkeys(region for place in places for region in place.regions)
    return [Fact(at.code, region) for region in regions] or [Fact(at.code)]


def _adjacent(places: tuple[Place, ...]) -> list[Fact]:
    regions = dict.fromkeys(
        region for place in places if place.level is not None for region in beside(place.level)
    )
    return [Fact(ADJACENT, region) for region in regions]


def _adjacent_origin(origin: Origin) -> Origin:
    return Origin(
        origin.kind,
        origin.source,
        "the level above or below a fusion",
        origin.start,
        origin.end,
        origin.sources,
        "derived",
    )


def _place_of(mention: Mention, read: ReadEntry) -> tuple[Place, ...]:
    """The places a phrase is true of: within its words, or the nearest in its clause, or in its sentence."""
    inside = tuple(p for p in read.places if p.start < mention.end and mention.start < p.end)
    levels = tuple(p for p in inside if p.level is not None)
    if levels or inside:
        return _with_levels(levels or inside, mention, read)
    clause = read.clause(mention.start)
    near = [p for p in read.places if read.clause(p.start) == clause]
    if not near:
        sentence = read.sentence(mention.start)
        spine = _is_of_spine(mention)
        near = [
            p for p in read.places if read.sentence(p.start) == sentence and (spine and p.level is not None)
        ] or [
            p
            for p in read.places
            if read.sentence(p.start) == sentence
            and not _other_between(mention, p, read)
            and len(read.clause_at(p.start).split()) <= _BARE_PLACE
        ]
    near = [p for p in near if _gap(p, mention) <= _NEAR]
    if not near:
        return ()
    best = min(near, key=lambda p: (p.level is None, _gap(p, mention)))
    return _joined_places(best, near, read)


def _with_levels(inside: tuple[Place, ...], mention: Mention, read: ReadEntry) -> tuple[Place, ...]:
    """`L1 compression fracture`, `spinal fusion C5-7`: vertebrae tell more than the word for the spine."""
    if any(place.level is not None for place in inside):
        return inside
    spinal = {"cervical", "thoracic", "lumbar", "sacral"}
    if not all(region.value in spinal for place in inside for region in place.regions):
        return inside
    clause = read.clause(mention.start)
    levels = [
        p
        for p in read.places
        if p.level is not None and _gap(p, mention) <= _NEAR and read.clause(p.start) == clause
    ]
    return tuple(levels) or inside


def _gap(place: Place, mention: Mention) -> int:
    return max(place.start - mention.end, mention.start - place.end, 0)


def _other_between(mention: Mention, place: Place, read: ReadEntry) -> bool:
    low, high = min(mention.end, place.end), max(mention.start, place.start)
    return any(
        other is not mention and other.start >= low and other.end <= high and other.start < high
        for other in read.mentions
    )


def _joined_places(best: Place, near: list[Place], read: ReadEntry) -> tuple[Place, ...]:
    """A place with those joined to it by `and` (`left wrist and ribs`)."""
    chosen = [best]
    at = near.index(best)
    for step in (1, -1):
        other, last = at + step, best
        while 0 <= other < len(near):
            low, high = min(near[other].end, last.end), max(near[other].start, last.start)
            words = read.plain[low:high].replace(",", " , ").split()
            if not words or not set(words) <= _JOINED or not {"and", "&", "y", "/"} & set(words):
                break
            chosen.append(near[other])
            last = near[other]
            other += step
    return tuple(chosen)


def times_of(read: ReadEntry) -> dict[Mention, When]:
    """The date of each mention: written beside it, else that of the entry."""
    times: dict[Mention, When] = {}
    order = sorted(read.mentions, key=lambda mention: (mention.start, mention.end))
    for found in read.dates:
        for mention in _owners(found, order, read):
            times.setdefault(mention, found.when)
    if read.entry.when is not None:
        for mention in read.mentions:
            times.setdefault(mention, read.entry.when)
    return times


def _owners(found: FoundDate, order: list[Mention], read: ReadEntry) -> list[Mention]:
    """The mentions a date is of: those before it in its clause, else those after, else the last before it."""
    clause, sentence = read.clause(found.start), read.sentence(found.start)
    same = [mention for mention in order if read.clause(mention.start) == clause]
    before = [mention for mention in same if mention.start <= found.start]
    if before:
        return _without_other_dates(before, found, read)
    after = [mention for mention in same if mention.start >= found.end]
    if after:
        return after
    earlier = [m for m in order if read.sentence(m.start) == sentence and m.end <= found.start]
    last = max((mention.end for mention in earlier), default=-1)
    return [mention for mention in earlier if mention.end == last or mention.start >= last]


def _without_other_dates(before: list[Mention], found: FoundDate, read: ReadEntry) -> list[Mention]:
    """`appendectomy 2009 and ACL repair 2019`: a date reaches back only to the date before it."""
    bound = max((d.end for d in read.dates if d.end <= found.start), default=0)
    near = [mention for mention in before if mention.start >= bound]
    return near or before[-1:]
