"""The matcher: compiled once from phrases and triggers, then asked about many texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openomt.medicine.phrases.automaton import Automaton, Match
from openomt.medicine.phrases.scope import Clauses, Said
from openomt.medicine.phrases.tokens import HARD, Tokens, tokens
from openomt.medicine.phrases.values import Mention, Phrase, Role, Status, Trigger


class Matcher:
    """Finds phrases in a text, each with what is said of it. Never raises on any text.

    Time grows linearly with the text. Case, accents and small misspellings do not matter; the longest phrase
    wins over those within it. Raises PatternError where a phrase cannot be read.
    """

    def __init__(
        self,
        phrases: Iterable[Phrase],
        triggers: Iterable[Trigger] = (),
        ordinary: frozenset[str] = frozenset(),
        short_forms: Mapping[str, str] | None = None,
    ) -> None:
        triggers = tuple(triggers)
        self._automaton = Automaton(phrases, triggers, ordinary, short_forms or {})
        self._abbreviated = frozenset(t.words for t in triggers if t.role is Role.ABBREVIATED)
        self._automaton.freeze()

    def find(self, text: str) -> tuple[Mention, ...]:
        """Every mention, in the order of the text."""
        found = tokens(text, self._abbreviated)
        raw, hits = self._automaton.run(found)
        if not raw:
            return ()
        loose: frozenset[tuple[int, ...]] = frozenset()
        if any(_is_special(match) for match in raw):
            plain = Clauses(found, hits, ())
            raw = [match for match in raw if not _is_special(match) or _stands(match, found, plain)]
            loose = frozenset(match.at for match in raw if plain.denied_within(match))
        matches = _winners(raw, loose)
        clauses = Clauses(found, hits, matches)
        said = clauses.statuses()
        mentions = [_mention(match, said[match.at], found, text) for match in matches if match.phrase.meaning]
        return tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end, mention.meaning)))

    def corrects(self, word: str) -> tuple[str, ...]:
        """The known words an unknown one would be read as; empty where it is known or left alone."""
        return tuple(unit for unit, exact in self._automaton.units(word) if not exact)


def _is_special(match: Match) -> bool:
    return match.phrase.whole or match.at[-1] - match.at[0] >= len(match.at)


def _stands(match: Match, found: Tokens, clauses: Clauses) -> bool:
    if match.phrase.whole and not _is_whole(match, found, clauses):
        return False
    return not clauses.crossed(match, Role.CONTRAST)


def _is_whole(match: Match, found: Tokens, clauses: Clauses) -> bool:
    """Whether the phrase makes up an entry: between marks, beside triggers and years at most."""
    words = found.words
    after = match.at[-1] + 1
    if not (after >= len(words) or not words[after][0].isalpha() or clauses.roles_at(after)):
        return False
    before = match.at[0] - 1
    while before >= 0 and words[before][0].isalnum():
        opens = next((at for at in range(before, max(before - 4, -1), -1) if clauses.roles_at(at)), None)
        if opens is None:
            return words[before].isdigit() and (before == 0 or words[before - 1] in HARD)
        before = opens - 1
    return True


def _winners(matches: list[Match], loose: frozenset[tuple[int, ...]]) -> list[Match]:
    """Without what lies within a longer phrase, and once for each meaning at a place.

    `loose`: phrases with a denial among the words they skip; they hide no shorter one.
    """
    at_token: dict[int, list[Match]] = {}
    for match in matches:
        for token in match.at:
            at_token.setdefault(token, []).append(match)
    longest = {token: max(len(match.at) for match in here) for token, here in at_token.items()}
    kept: dict[tuple[str, tuple[int, ...]], Match] = {}
    for match in matches:
        rivals = at_token[match.at[0]] if longest[match.at[0]] > len(match.at) else ()
        if any(rival.at not in loose and _beats(rival, match) for rival in rivals):
            continue
        key = (match.phrase.meaning, match.at)
        if key not in kept or (match.exact and not kept[key].exact):
            kept[key] = match
    return _once_each(list(kept.values()))


def _beats(rival: Match, match: Match) -> bool:
    if rival.phrase.layer != match.phrase.layer and rival.phrase.meaning:
        return False
    return len(rival.at) > len(match.at) and set(match.at) < set(rival.at)


def _once_each(matches: list[Match]) -> list[Match]:
    """Of phrases of one meaning that share a word, the one with the most words."""
    taken: dict[str, set[int]] = {}
    kept: list[Match] = []
    order = sorted(matches, key=lambda m: (-len(m.at), m.at[-1] - m.at[0], m.at[0], not m.exact))
    for match in order:
        used = taken.setdefault(match.phrase.meaning, set())
        if match.phrase.meaning and not used.isdisjoint(match.at):
            continue
        used.update(match.at)
        kept.append(match)
    return sorted(kept, key=lambda match: match.at)


def _mention(match: Match, said: Said, found: Tokens, text: str) -> Mention:
    start, end = found.starts[match.at[0]], found.ends[match.at[-1]]
    because = ""
    if said.status is not Status.PRESENT and said.because:
        because = text[found.starts[said.because[0]] : found.ends[said.because[-1]]]
    return Mention(match.phrase.meaning, start, end, text[start:end], said.status, match.exact, because)
