"""The shapes of the notation: what a level, a run of ribs, a score, a plain word and so on look like."""

from __future__ import annotations

import re

from openomt.medicine.notation.levels import TO
from openomt.medicine.notation.numbers import CARDINAL, CARDINALS, NUMBER, ORDINAL, ORDINALS

_RIB_TO = r"\s?(?:-|\bto\b|\bthru\b|\bthrough\b|,|&|/|\band\b)\s?"


_SPECIAL = (
    "left", "right", "ribs", "rib", "head", "standing", "cervical", "thoracic", "lumbar", "tee", "tea", "see",
    "sea", "ell", *CARDINALS, *ORDINALS,
)  # fmt: skip
"""Words that begin a longer shape."""


def _any_of(words: tuple[str, ...]) -> str:
    """A pattern for any of the words, gathered by their first letters so that most words fail at once."""
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in tails.items())


NO_WORD = rf"(?:{_any_of(_SPECIAL)}|[RL](?:[RL]{{3}}|on?[RLA]|[AP]I))\b"
_SHAPE = rf"""
    \s*+(?:
    (?P<stop>[,;.:()])
  | (?P<word>(?!{NO_WORD})[^\W\d_]{{3,}}(?:'[^\W\d_]+)?(?!\w))
  | (?P<zink>\bOA\s[LR],?\s?CT\s[LR],?\s?TL\s[LR],?\s?LS\s[LR]\b|\b[RL]\s?/\s?[RL]\s?/\s?[RL]\s?/\s?[RL]\b
      |\b[RL]{{4}}\b)
  | (?P<point>\b(?:[AP][CTLR]-?\d{{1,2}}(?:\s?-\s?(?:[AP][CTLR])?\d{{1,2}})?|[UL]PL-?5|LC1)\b)
  | (?P<pair>\b[RL](?:\s?on\s?|\s?/\s?|o|\so\s)[RL](?:\s?ST)?\b|
      \b(?:left|right)(?:\son\s(?:a\s|the\s)?|\s?/\s?)(?:left|right)\b)
  | (?P<seg>\b(?:
        (?:OA|AA|C0|O/A|A/A|(?-i:O\sA|A\sA))\b
      | (?:[CTL][\s-]?|(?:tee|tea|see|sea|ell?)\s){CARDINAL}(?!\s?/\s?10\b)
      | S[1-5]\b
    )(?:{TO}(?:\b(?:[CTLS](?:\s?-?)|(?:tee|tea|see|sea|ell?)\s))?{CARDINAL}(?!\s?/)|{TO}(?:OA|AA|S1)\b)?
      (?:\son\s(?:the\s)?[CTLS]-?\d{{1,2}})?)
  | (?P<ordseg>\b{ORDINAL}\s(?:cervical|thoracic|lumbar)\b(?!\srib)(?:\svertebrae?|\ssegment)?
      | \b(?:cervical|thoracic|lumbar)\s(?:vertebrae?\s|segments?\s)?{CARDINAL}
        (?:(?:\s?-\s?|\sto\s){CARDINAL})?(?!\s?/))
  | (?P<ribs>\bribs?\s?\#?(?:(?:right|left|R|L)\s?)?{NUMBER}
        (?:{_RIB_TO}(?:and\s)?(?:ribs?\s)?{NUMBER}(?!\s?/)){{0,11}}
      | \b(?:{NUMBER}{_RIB_TO}(?:and\s)?(?:the\s)?){{0,11}}{ORDINAL}\s(?:(?:right|left|R|L)\s)?ribs?\b)
  | "(?P<quoted>[^"\n]{{1,80}})"
  | (?P<space>\b{ORDINAL}\s(?:ICS|intercostal\sspaces?|interspaces?)\b)
  | (?P<tests>\bstanding\s(?:and|&|\+|/|or)\sseated\s(?:flexion|flex|forward\sbending)(?:\stests?)?\b)
  | (?P<innominate>\b[RL][AP]I\b)
  | (?P<axis>\b(?:left|right|[LR])\s(?:oblique\s)?axis\b|\b[LR]OA\b)
  | (?P<headof>\bhead\sof\s(?:the\s)?(?:left\s|right\s)?(?:fibula|radius)\b)
  | (?P<score>\b\d{{1,3}}\s?(?:->|→|to)\s?\d{{1,3}}(?:\s?/\s?10)?\b(?!\.\d)
      |\b\d{{1,2}}/10\s?(?:->|→|to)\s?\d{{1,2}}(?:/10)?\b(?!\.\d))
  | (?P<fraction>\b\d{{1,2}}\s?/\s?\d{{1,2}}\b)
  | (?P<ordinal>\b{ORDINAL})
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<short>[^\W\d_]+(?:'[^\W\d_]+)?)
  | (?P<arrow>->|=>|[→⇒])
  | (?P<mark>[^\s\w]|_)
    )
    """


_BLANK = re.compile(r"(?<![\[^])\\s(\??)(?!\*)")


SHAPES = re.compile(
    _BLANK.sub(lambda found: r"\s{0,4}" if found[1] else r"\s{1,4}", _SHAPE),
    re.IGNORECASE | re.VERBOSE,
)
"""The shapes of the notation, plain words first, then longest first. A blank stands for up to four."""
