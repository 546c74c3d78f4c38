"""What the matcher is given, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What the text says of a phrase it holds."""

    PRESENT = "present"
    NEGATED = "negated"
    FAMILY = "family"  # of a relative by blood
    OTHER_PERSON = "other person"  # of anybody else
    PAST = "past"  # history of, resolved, years ago
    POSSIBLE = "possible"  # suspected, to be ruled out, asked


class Role(StrEnum):
    """What a trigger does to the phrases around it."""

    NO = "no"  # denies what follows (`no`, `not`)
    DENIES = "denies"  # denies a whole list that follows (`denies`, `negative for`)
    NO_AFTER = "no after"  # denies what stands before (`ruled out`)
    ANSWER_NO = "answer no"  # denies what stands before when it ends the clause (`DVT: no`)
    ANSWER_YES = "answer yes"  # affirms what stands before (`pregnant? yes`)
    NOT_A_DENIAL = "not a denial"  # holds a word of denial and denies nothing (`no relief`)
    FAMILY = "family"
    FAMILY_AFTER = "family after"
    OTHER = "other"
    OTHER_AFTER = "other after"
    PAST = "past"
    PAST_AFTER = "past after"
    POSSIBLE = "possible"
    POSSIBLE_AFTER = "possible after"
    POSSIBLE_DIRECTLY_AFTER = "possible directly after"  # only with nothing between (`DVT prophylaxis`)
    CONTRAST = "contrast"  # ends everything said before (`but`)
    CLAUSE = "clause"  # after a comma or `and`, begins a clause of its own (`has`)
    SELF = "self"  # the same, and it is about the patient (`I`, `pt`)
    PREDICATE = "predicate"  # states something by itself, which no denial of a thing reaches (`fell`, `is`)
    CAUSE = "cause"  # ends a denial (`no pain since ...`)
    OR = "or"
    AND = "and"
    SINCE = "since"  # a year behind it is a beginning and not the past (`since 2012`)
    ABBREVIATED = "abbreviated"  # a full stop behind it ends no sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way of saying something.

    meaning   what it says, returned in the mention; empty: it only shields its words from shorter phrases
    words     the words, lower case, with
              `{pee|pass water}` alternatives, `[the]` optional words, `numb*` the beginning of a word,
              `...` up to `gap` other words (`...2` up to two), `^RA` only in capitals,
              `a & b` both within `gap` words in either order
    gap       words that may stand between, for `...` and `&`
    whole     only where it makes up a whole entry of a list
    typos     misspelt words of it are understood
    layer     a longer phrase hides shorter ones of its own layer; one that only shields hides those of all
    quiet     its words still work as triggers (`my son`, `but`)
    """

    meaning: str
    words: str
    language: str = "en"
    gap: int = 4
    whole: bool = False
    typos: bool = True
    layer: int = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that change what is said of phrases nearby. `words` as in `Phrase`, without gaps."""

    role: Role
    words: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found in a text.

    start, end   the characters from its first word to its last; `words` the text between
    exact        False where a word was misspelt
    because      the words that gave the status (`denies`); empty for PRESENT
    """

    meaning: str
    start: int
    end: int
    words: str
    status: Status
    exact: bool = True
    because: str = ""
