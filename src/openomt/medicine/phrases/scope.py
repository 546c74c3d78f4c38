"""What a text says of each phrase in it: how far `denies`, `mother`, `history of` and their like reach."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openomt.medicine.phrases.automaton import Hit, Match
from openomt.medicine.phrases.tokens import ASKED_AHEAD, HARD, SOFT, Tokens
from openomt.medicine.phrases.values import Role, Status

_REACH = 8
"""Words a denial reaches over when no phrase and no `or` renews it."""
_SHORT_ITEM = 3
_ITEM = 8
"""Words of an item looked at for a statement of its own."""
_ROOT = 4
"""Letters in which two forms of a word agree."""
_TAIL = 4
"""Words between a phrase and what is said of it afterwards."""
_OPENING = {
    Role.NO: "no", Role.DENIES: "no", Role.FAMILY: "family", Role.OTHER: "other", Role.PAST: "past",
    Role.POSSIBLE: "possible",
}  # fmt: skip
_ORDER = (
    ("family", Status.FAMILY),
    ("other", Status.OTHER_PERSON),
    ("no", Status.NEGATED),
    ("possible", Status.POSSIBLE),
    ("past", Status.PAST),
)
_AFTER = (
    (Role.FAMILY_AFTER, Status.FAMILY),
    (Role.OTHER_AFTER, Status.OTHER_PERSON),
    (Role.NO_AFTER, Status.NEGATED),
    (Role.POSSIBLE_AFTER, Status.POSSIBLE),
    (Role.PAST_AFTER, Status.PAST),
)
_RANK = {status: rank for rank, (_, status) in enumerate(_ORDER)} | {Status.PRESENT: len(_ORDER)}
_DENIALS = frozenset({Role.NO, Role.DENIES})
_STARTS_CLAUSE = frozenset({Role.CLAUSE, Role.SELF, Role.CONTRAST})
_STATES_OWN = frozenset({*_OPENING, Role.CONTRAST, Role.CLAUSE, Role.SELF, Role.NOT_A_DENIAL})
_ENDS_ITEM = frozenset({Role.OR, Role.AND, Role.CAUSE, Role.NO, Role.DENIES})
_STRONG = HARD - {"\n", "•", "·"}
"""What ends everything that was said; a line break may stand within a list."""
_MARKS = HARD | SOFT | {ASKED_AHEAD}
_LINKS = frozenset({",", ":", "-", "(", "="})
_YEAR = re.compile(r"(?:19|20)\d\d")


class Said(NamedTuple):
    """What is said of a match, and the tokens that say it (empty for what is simply there)."""

    status: Status
    because: range = range(0)


_PLAIN = Said(Status.PRESENT)


@dataclass(slots=True)
class _Open:
    """A trigger that still holds. `until` the token it reaches to unless renewed; `sure` False after a comma
    that may have ended it; `header`: it stands before a colon and holds for the whole list. `item_end`: where
    the first phrase after it ends.
    """

    first: int
    last: int
    listing: bool = False
    until: int = 0
    sure: bool = True
    header: bool = False
    commas: int = 0
    item_end: int = sys.maxsize


class Clauses:
    """The triggers of a text, and what they make of its phrases."""

    def __init__(self, found: Tokens, hits: Sequence[Hit], matches: Sequence[Match]) -> None:
        self._words = found.words
        self._hits = _longest(hits)
        self._matches = sorted(matches, key=lambda match: match.at)
        self._taken = frozenset(at for match in matches if not match.phrase.quiet for at in match.at)
        self._active = {
            first: hit
            for first, hit in self._hits.items()
            if not self._taken.issuperset(range(first, hit.last + 1))
        }
        self._predicates = frozenset(
            first for first, hit in self._hits.items() if Role.PREDICATE in hit.roles
        )
        self._events = self._find_events()
        self._lists: tuple[set[int], set[int], set[int]] | None = None

    def statuses(self) -> dict[tuple[int, ...], Said]:
        """What is said of each match, by its tokens."""
        before = self._before()
        after = self._after()
        return {
            match.at: self._within(
                match, min(before[match.at], after[match.at], key=lambda s: _RANK[s.status])
            )
            for match in self._matches
        }

    def crossed(self, match: Match, role: Role) -> bool:
        """Whether such a trigger stands among the words the phrase skips."""
        return any(
            at not in match.at and at in self._active and role in self._active[at].roles
            for at in range(match.at[0] + 1, match.at[-1])
        )

    def _within(self, match: Match, said: Said) -> Said:
        """A denial among the words a phrase skips denies its last part, or leaves the whole in doubt."""
        if said.status is not Status.PRESENT or not self.denied_within(match):
            return said
        last = match.at[-1]
        while last - 1 in match.at:
            last -= 1
        for at in range(match.at[0] + 1, last):
            hit = self._active.get(at)
            if hit is not None and hit.roles & _DENIALS and hit.last == last - 1:
                return Said(Status.NEGATED, range(at, last))
        return Said(Status.POSSIBLE, range(match.at[0], match.at[-1] + 1))

    def denied_within(self, match: Match) -> bool:
        """Whether a denial stands among the words a phrase skips."""
        if match.at[-1] - match.at[0] < len(match.at):
            return False
        return self.crossed(match, Role.NO) or self.crossed(match, Role.DENIES)

    def roles_at(self, at: int) -> frozenset[Role]:
        """The roles of the trigger that begins at a token."""
        hit = self._active.get(at)
        return hit.roles if hit else frozenset()

    def _items(self) -> tuple[set[int], set[int], set[int]]:
        """Commas that only short items follow to the end of what they are part of, commas of a list that
        an `or` closes, and commas that another follows.
        """
        if self._lists is None:
            self._lists = self._find_items()
        return self._lists

    def _find_items(self) -> tuple[set[int], set[int], set[int]]:
        short: set[int] = set()
        closed: set[int] = set()
        followed: set[int] = set()
        all_short, joined, comma = True, False, False
        end = len(self._words)
        for at in reversed(self._events):
            word, roles = self._words[at], self.roles_at(at)
            if word in HARD or roles & _STATES_OWN or Role.CAUSE in roles:
                all_short, joined, comma = word in HARD, False, False
            elif word == ",":
                all_short = all_short and end - at - 1 <= _SHORT_ITEM
                if all_short:
                    short.add(at)
                if all_short and joined:
                    closed.add(at)
                if comma:
                    followed.add(at)
                comma = True
            elif Role.OR in roles:
                joined = True
            elif Role.AND not in roles:
                continue
            end = at
        return short, closed, followed

    def _find_events(self) -> list[int]:
        """The tokens at which something may begin or end, in the sentences that hold a phrase."""
        words = self._words
        ends = [at for at, word in enumerate(words) if word in _STRONG]
        ends.append(len(words) - 1)
        sentences = {bisect_left(ends, match.at[0]) for match in self._matches}
        found: list[int] = []
        for number in sorted(sentences):
            start = ends[number - 1] + 1 if number else 0
            stop = ends[min(number, len(ends) - 1)] + 1
            found += [at for at in range(start, stop) if at in self._active or words[at] in _MARKS]
        return found

    def _before(self) -> dict[tuple[int, ...], Said]:
        said: dict[tuple[int, ...], Said] = {}
        starting: dict[int, list[Match]] = {}
        for match in self._matches:
            starting.setdefault(match.at[0], []).append(match)
        open_: dict[str, _Open] = {}
        kept: list[dict[str, _Open]] = []
        skip_to = 0
        for at in sorted({*self._events, *starting}):
            word = self._words[at]
            for match in starting.get(at, ()):
                self._settle_denial(match, open_)
                said[match.at] = _standing(open_, at)
                if "no" in open_:
                    denial = open_["no"]
                    denial.until = match.at[-1] + _REACH
                    denial.item_end = min(denial.item_end, match.at[-1])
            if at < skip_to:
                continue
            hit = self._active.get(at)
            if hit is not None:
                skip_to = hit.last + 1
                self._trigger(hit, open_)
            else:
                self._mark(word, at, open_, kept)
        return said

    def _trigger(self, hit: Hit, open_: dict[str, _Open]) -> None:
        roles = hit.roles
        if Role.NOT_A_DENIAL in roles:
            return
        if Role.CONTRAST in roles:
            open_.clear()
            return
        if roles & _STARTS_CLAUSE and self._begins(hit.first):
            self._new_clause(roles, open_)
        for role in roles:
            name = _OPENING.get(role)
            if name is not None and not (name in open_ and open_[name].first == hit.first):
                open_[name] = _Open(hit.first, hit.last, Role.DENIES in roles, hit.last + _REACH)
        if Role.CAUSE in roles:
            for name in ("no", "past"):
                if name in open_ and hit.first > open_[name].last + 1 and not open_[name].header:
                    del open_[name]
        elif roles & {Role.OR, Role.AND} and "no" in open_:
            denial = open_["no"]
            denial.until = hit.last + _REACH
            if Role.OR not in roles and self._is_past_first(denial, hit.first):
                self._and(hit.last + 1, denial, open_)

    def _and(self, start: int, denial: _Open, open_: dict[str, _Open]) -> None:
        """`no pain in the neck and my leg is numb` ends a denial; `no pain in the neck and pain in the chest`
        may end it.
        """
        if self._states(start):
            del open_["no"]
        elif not denial.listing and self._says_again(start, denial.last + 1):
            denial.sure = False

    def _says_again(self, at: int, since: int) -> bool:
        """Whether a word was said before, in some form (`numbness … numb`)."""
        word = self._words[at] if at < len(self._words) else ""
        beginning = word[:_ROOT]
        return len(beginning) == _ROOT and any(w[:_ROOT] == beginning for w in self._words[since : at - 1])

    def _settle_denial(self, match: Match, open_: dict[str, _Open]) -> None:
        """`no numbness in the arms numb between the legs`: with no mark between, a second statement."""
        denial = open_.get("no")
        first = match.at[0]
        if denial is None or not self._is_past_first(denial, first) or Role.OR in self.roles_at(first - 1):
            return
        if not self._predicates.isdisjoint(range(first, match.at[-1] + 2)):
            del open_["no"]

    @staticmethod
    def _is_past_first(denial: _Open, at: int) -> bool:
        """Whether a denial, which may reach further, has already denied something."""
        return denial.item_end < at and not denial.header

    def _states(self, start: int) -> bool:
        """Whether the item that begins at a token is a statement and not a thing: `legs are weak`."""
        for at in range(start, min(start + _ITEM, len(self._words))):
            roles = self.roles_at(at)
            if at in self._predicates:
                return True
            if self._words[at] in _MARKS or roles & _ENDS_ITEM:
                return False
        return False

    def _begins(self, at: int) -> bool:
        if at == 0 or self._words[at - 1] in {",", "-", "(", ")"}:
            return True
        return self._joins(at - 1)

    @staticmethod
    def _new_clause(roles: frozenset[Role], open_: dict[str, _Open]) -> None:
        for name in ("no", "possible", "past"):
            open_.pop(name, None)
        if Role.SELF in roles:
            open_.pop("family", None)
            open_.pop("other", None)

    def _mark(self, word: str, at: int, open_: dict[str, _Open], kept: list[dict[str, _Open]]) -> None:
        if word == ASKED_AHEAD:
            open_["possible"] = _Open(at, at)
        elif word in HARD:
            self._end_sentence(word, at, open_)
            kept.clear()
        elif word == ",":
            self._comma(at, open_)
        elif word == ":":
            for opened in open_.values():
                opened.header = opened.header or at - opened.last <= 2
        elif word == "-" and not self._starts_line(at):
            for name in [name for name in open_ if not open_[name].header and name != "family"]:
                del open_[name]
        elif word == "(":
            kept.append(dict(open_))
        elif word == ")" and kept:
            before = kept.pop()
            open_.clear()
            open_.update(before)

    def _starts_line(self, at: int) -> bool:
        return at == 0 or self._words[at - 1] in HARD or self._words[at - 1] == ":"

    def _end_sentence(self, word: str, at: int, open_: dict[str, _Open]) -> None:
        listed = word in ("\n", "•", "·") and at > 0
        if listed and self._words[at - 1] == ":":
            return  # a heading: the list below it is meant
        if listed and self._words[at - 1] not in HARD and self._bulleted(at):
            for name in [name for name in open_ if not open_[name].header]:
                del open_[name]
            return
        open_.clear()

    def _bulleted(self, at: int) -> bool:
        return self._words[at] in "•·" or self._words[at + 1 : at + 2] in (["-"], ["•"], ["·"])

    def _comma(self, at: int, open_: dict[str, _Open]) -> None:
        if not open_:
            return
        short, closed, followed = self._items()
        for name in ("past", "possible"):
            if name in open_ and not open_[name].header and at not in closed:
                del open_[name]
        denial = open_.get("no")
        if denial is None or denial.header:
            return
        denial.commas += 1
        many = denial.commas > 1 or at in followed
        states = self._is_past_first(denial, at) and self._states(at + 1)
        if states and at not in closed:
            del open_["no"]
            return
        denial.sure = denial.sure and not states
        if denial.listing or at in closed or (at in short and many):
            denial.until = at + _REACH
        elif at in short:
            denial.sure = False
            denial.until = at + _REACH
        else:
            del open_["no"]

    def _after(self) -> dict[tuple[int, ...], Said]:
        """What is said of each match by words behind it; `DVT and PE ruled out` says it of both."""
        said: dict[tuple[int, ...], Said] = {}
        next_at = len(self._words)
        next_said = _PLAIN
        for match in reversed(self._matches):
            last = match.at[-1]
            joined = range(last + 1, next_at)
            if next_at < len(self._words) and last < next_at and all(self._joins(at) for at in joined):
                found = next_said
            else:
                found = self._tail(last)
            said[match.at] = found
            if match.at[0] < next_at:
                next_at, next_said = match.at[0], found
        return said

    def _tail(self, last: int) -> Said:
        words = self._words
        passed = 0
        at = last + 1
        asked = False
        linked = False
        while at < len(words) and passed <= _TAIL:
            word = words[at]
            hit = self._hits.get(at)
            said = self._said_behind(hit, passed, linked, asked) if hit is not None else None
            if said is not None:
                return said
            if self._past_year(at, last, passed):
                return Said(Status.PAST, range(at, at + 1))
            if at in self._taken or (hit is not None and hit.roles & _STATES_OWN):
                break
            if word == "(+)" or (word == "+" and passed == 0):
                return _PLAIN
            if word == "?":
                if asked or passed > 0:
                    break
                asked = linked = True
            elif word in HARD or word == ",":
                if word != "," or not self._said_after_comma(at):
                    break
            elif word in _LINKS:
                linked = True
            else:
                passed += 1
            at += 1
        return Said(Status.POSSIBLE, range(last + 1, last + 2)) if asked else _PLAIN

    def _joins(self, at: int) -> bool:
        hit = self._hits.get(at)
        return hit is not None and hit.first == hit.last and bool(hit.roles & {Role.AND, Role.OR})

    def _said_after_comma(self, at: int) -> bool:
        hit = self._hits.get(at + 1)
        return hit is not None and bool(hit.roles & {Role.PAST_AFTER, Role.NO_AFTER, Role.POSSIBLE_AFTER})

    def _said_behind(self, hit: Hit, passed: int, linked: bool, asked: bool) -> Said | None:
        span = range(hit.first, hit.last + 1)
        if passed == 0:
            answer = self._answer(hit, linked or asked, span)
            if answer is not None:
                return answer
        if Role.NOT_A_DENIAL in hit.roles and not hit.roles & {role for role, _ in _AFTER}:
            return None
        for role, status in _AFTER:
            if role in hit.roles:
                return Said(status, span)
        return None

    def _answer(self, hit: Hit, linked: bool, span: range) -> Said | None:
        """What a word right behind a phrase answers: `DVT: no`, `pregnant? yes`, `cancer (mother)`."""
        ends = self._ends_clause(hit.last + 1)
        if Role.POSSIBLE_DIRECTLY_AFTER in hit.roles and not linked:
            return Said(Status.POSSIBLE, span)
        if Role.ANSWER_YES in hit.roles and linked:
            return _PLAIN
        if Role.ANSWER_NO in hit.roles and ends:
            return Said(Status.NEGATED, span)
        if linked and (ends or self._words[hit.first - 1] == "("):
            if Role.FAMILY in hit.roles:
                return Said(Status.FAMILY, span)
            if Role.OTHER in hit.roles:
                return Said(Status.OTHER_PERSON, span)
        return None

    def _ends_clause(self, at: int) -> bool:
        return at >= len(self._words) or self._words[at] in HARD or self._words[at] in {",", ")", "-"}

    def _past_year(self, at: int, last: int, passed: int) -> bool:
        if passed > 2 or not _YEAR.fullmatch(self._words[at]):
            return False
        between = (self._hits.get(place) for place in range(last + 1, at))
        return not any(hit is not None and Role.SINCE in hit.roles for hit in between)


def _standing(open_: dict[str, _Open], at: int) -> Said:
    for name, status in _ORDER:
        opened = open_.get(name)
        if opened is None:
            continue
        if name == "no" and at > opened.until:
            continue
        doubtful = name == "no" and not opened.sure
        return Said(Status.POSSIBLE if doubtful else status, range(opened.first, opened.last + 1))
    return _PLAIN


def _longest(hits: Sequence[Hit]) -> dict[int, Hit]:
    """Triggers that do not overlap, the longest first, by their first token."""
    found: dict[int, Hit] = {}
    end = -1
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
        if hit.first > end:
            found[hit.first] = hit
            end = hit.last
    return found
