"""What the words of an entry say: facts by phrase, with region and time from the words around them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date

from openomt.medicine.anatomy import Region
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
_ENDING = HARD | _CLAUSE
_BARE_PLACE = 4
"""Words of a clause that says little but a place (`fusion, L4-S1 posterior`)."""
_NEAR = 60
"""Characters from a phrase to the words for its place, at most."""
_JOINED = frozenset({"and", "&", "y", "/", ",", "with", "of", "the", "left", "right", "l", "r", "both"})
_SPINE = frozenset({Region.CERVICAL, Region.THORACIC, Region.LUMBAR, Region.SACRAL})
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
    """An entry with all that was found in it, each in the order of the text.

    sentences, clauses   the characters where they end
    """

    entry: Entry
    plain: str
    mentions: tuple[Mention, ...]
    dates: tuple[FoundDate, ...] = ()
    places: tuple[Place, ...] = ()
    sentences: tuple[int, ...] = ()
    clauses: tuple[int, ...] = ()
    said: dict[tuple[str, int, int], bool] = field(default_factory=dict)

    def sentence(self, at: int) -> tuple[int, int]:
        """From where to where the sentence around a character goes."""
        return self._span(self.sentences, at)

    def clause(self, at: int) -> tuple[int, int]:
        """From where to where the clause around a character goes."""
        return self._span(self.clauses, at)

    def _span(self, ends: tuple[int, ...], at: int) -> tuple[int, int]:
        place = bisect_right(ends, at)
        return (ends[place - 1] if place else 0, ends[place] if place < len(ends) else len(self.plain))

    def says(self, what: str, span: tuple[int, int]) -> bool:
        """Whether a stretch of the text holds one of a set of words; found out once for each stretch."""
        key = (what, *span)
        if key not in self.said:
            self.said[key] = says(what, self.entry.text[slice(*span)])
        return self.said[key]

    def mentions_in(self, start: int, end: int) -> tuple[Mention, ...]:
        """The mentions that begin in a stretch."""
        first = bisect_left(self.mentions, start, key=_start)
        return self.mentions[first : bisect_left(self.mentions, end, key=_start)]

    def places_near(self, mention: Mention) -> tuple[Place, ...]:
        """The places around a mention, not farther than a few words away."""
        first = bisect_left(self.places, mention.start - 2 * _NEAR, key=_start)
        last = bisect_left(self.places, mention.end + _NEAR + 1, key=_start)
        return tuple(place for place in self.places[first:last] if _gap(place, mention) <= _NEAR)


def _start(found: Mention | Place) -> int:
    return found.start


def read_entry(entry: Entry, today: date) -> ReadEntry:
    """Finds phrases, dates and places of an entry. Never raises on any text."""
    mentions = recognition_tables().matcher.find(entry.text)
    plain = folded(entry.text)
    if not mentions:
        return ReadEntry(entry, plain, ())
    found = tokens(entry.text)
    marks = [(word, end) for word, end in zip(found.words, found.ends, strict=True) if word in _ENDING]
    regional = any(_is_regional(mention) for mention in mentions)
    return ReadEntry(
        entry,
        plain,
        mentions,
        dates_in(plain, today),
        places_in(entry.text, plain) if regional else (),
        tuple(end for word, end in marks if word in HARD),
        tuple(end for _, end in marks),
    )


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
    recent = status is not Status.PAST and read.says("recent", read.clause(mention.start))
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
    around = read.places_near(mention)
    inside = tuple(p for p in around if p.start < mention.end and mention.start < p.end)
    clause = read.clause(mention.start)
    near = [p for p in around if read.clause(p.start) == clause]
    if inside:
        return _with_levels(inside, near)
    near = near or _elsewhere_in_sentence(mention, around, read)
    if not near:
        return ()
    best = min(near, key=lambda p: (p.level is None, _gap(p, mention)))
    return _joined_places(best, near, read)


def _with_levels(inside: tuple[Place, ...], near: list[Place]) -> tuple[Place, ...]:
    """`spinal fusion C5-7`: vertebrae tell more than the word for the spine."""
    if any(place.level is not None for place in inside):
        return inside
    if not all(region in _SPINE for place in inside for region in place.regions):
        return inside
    return tuple(place for place in near if place.level is not None) or inside


def _elsewhere_in_sentence(mention: Mention, around: tuple[Place, ...], read: ReadEntry) -> list[Place]:
    """A place in another clause of the sentence: vertebrae for the spine, else one that stands by itself."""
    sentence = read.sentence(mention.start)
    same = [p for p in around if read.sentence(p.start) == sentence]
    levels = [p for p in same if p.level is not None]
    if levels and _is_of_spine(mention):
        return levels
    return [
        p
        for p in same
        if len(read.plain[slice(*read.clause(p.start))].split()) <= _BARE_PLACE
        and not _other_between(mention, p, read)
    ]


def _gap(place: Place, mention: Mention) -> int:
    return max(place.start - mention.end, mention.start - place.end, 0)


def _other_between(mention: Mention, place: Place, read: ReadEntry) -> bool:
    low, high = min(mention.end, place.end), max(mention.start, place.start)
    return any(other.end <= high for other in read.mentions_in(low, high) if other is not mention)


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
    for number, found in enumerate(read.dates):
        before = read.dates[number - 1].end if number else 0
        after = read.dates[number + 1].start if number + 1 < len(read.dates) else len(read.plain)
        for mention in _owners(found, before, after, read):
            times.setdefault(mention, found.when)
    if read.entry.when is not None:
        for mention in read.mentions:
            times.setdefault(mention, read.entry.when)
    return times


def _owners(found: FoundDate, before: int, after: int, read: ReadEntry) -> tuple[Mention, ...]:
    """The mentions a date is of: those before it in its clause and behind the date before it
    (`appendectomy 2009 and ACL repair 2019`), else those after it, else the last before it.
    """
    start, end = read.clause(found.start)
    own = read.mentions_in(max(start, before), found.start + 1)
    if own:
        return own
    shared = _last_before(found.start + 1, start, read)
    if shared:
        return shared
    following = read.mentions_in(found.end, min(end, after))
    return following or _last_before(found.start, read.sentence(found.start)[0], read)


def _last_before(end: int, start: int, read: ReadEntry) -> tuple[Mention, ...]:
    """The last mentions that begin together before a character."""
    last = bisect_left(read.mentions, end, key=_start) - 1
    if last < 0 or read.mentions[last].start < start:
        return ()
    begin = read.mentions[last].start
    return read.mentions_in(begin, begin + 1)
