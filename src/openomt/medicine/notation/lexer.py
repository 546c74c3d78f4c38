"""Text to tokens: levels, points, numbers, known phrases, signs. Every token keeps its place in the author's text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from openomt.medicine.anatomy import (
    RIB_COUNT,
    SPINE_ORDER,
    LevelKind,
    Region,
    Side,
    named_level,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.notation.lexicon import Meaning, Node, Place, corrected, lexicon
from openomt.medicine.notation.motion import MotionCode, motion_codes


class Token:
    """One unit of the text. `kind` and `value` as in the lexicon, or of the lexer's own kinds:

    place (Place), code (MotionCode), letter (one letter that context must explain), number, ordinal, fraction,
    pair (two sides: `L on R`), zink, ribs, spoken, break, comma, slash, plus, minus, colon, arrow, open, close, unknown.
    """

    __slots__ = ("code", "end", "fixed", "kind", "low", "start", "text", "value")

    def __init__(self, kind: str, value: Any, start: int, end: int, text: str, fixed: bool = False) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.text = text
        self.low = text.lower()
        self.fixed = fixed
        self.code: Meaning | None = None

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}"


_CARDINALS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
             "eleventh", "twelfth")  # fmt: skip
NUMBERS = {word: n for words in (_CARDINALS, _ORDINALS) for n, word in enumerate(words, 1)}

_CARD = r"(?:\d{1,2}(?!\d|st\b|nd\b|rd\b|th\b|\.\d)|(?:" + "|".join(_CARDINALS) + r")\b)"
_ORD = r"(?:\d{1,2}(?:st|nd|rd|th)\b|(?:" + "|".join(_ORDINALS) + r")\b)"
_ANYNUM = rf"(?:{_ORD}|{_CARD})"
_TO = r"(?:\s?-\s?|\s(?:to|thru|through|down\sto)\s|\s?/\s?)"
_RIB_TO = r"\s?(?:-|\bto\b|\bthru\b|\bthrough\b|,|&|/|\band\b)\s?"

_SPECIAL = "|".join(("left", "right", "ribs?", "head", "standing", "cervical", "thoracic", "lumbar", "tee", "tea", "see", "sea", "ell",
                     *_CARDINALS, *_ORDINALS))  # fmt: skip
_SHAPE = rf"""
    \s*+(?:
    (?P<stop>[,;.:()])
  | (?P<word>(?!(?:{_SPECIAL}|[RL]{{4}}|[RL](?:o|on)[RLA]|[RL][AP]I)\b)[^\W\d_]{{3,}}(?:'[^\W\d_]+)?(?!\w))
  | (?P<zink>\bOA\s[LR],?\s?CT\s[LR],?\s?TL\s[LR],?\s?LS\s[LR]\b|\b[RL]\s?/\s?[RL]\s?/\s?[RL]\s?/\s?[RL]\b|\b[RL]{{4}}\b)
  | (?P<point>\b(?:[AP][CTLR]-?\d{{1,2}}(?:\s?-\s?(?:[AP][CTLR])?\d{{1,2}})?|[UL]PL-?5|LC1)\b)
  | (?P<pair>\b[RL](?:\s?on\s?|\s?/\s?|o|\so\s)[RL](?:\s?ST)?\b|\b(?:left|right)(?:\son\s(?:a\s|the\s)?|\s?/\s?)(?:left|right)\b)
  | (?P<seg>\b(?:
        (?:OA|AA|C0|O/A|A/A|(?-i:O\sA|A\sA))\b
      | (?:[CTL][\s-]?|(?:tee|tea|see|sea|ell?)\s){_CARD}(?!\s?/\s?10\b)
      | S[1-5]\b
    )(?:{_TO}(?:\b(?:[CTLS](?:\s?-?)|(?:tee|tea|see|sea|ell?)\s))?{_CARD}(?!\s?/)|{_TO}(?:OA|AA|S1)\b)?(?:\son\s(?:the\s)?[CTLS]-?\d{{1,2}})?)
  | (?P<ordseg>\b{_ORD}\s(?:cervical|thoracic|lumbar)\b(?!\srib)(?:\svertebrae?|\ssegment)?
      | \b(?:cervical|thoracic|lumbar)\s(?:vertebrae?\s|segments?\s)?{_CARD}(?:(?:\s?-\s?|\sto\s){_CARD})?(?!\s?/))
  | (?P<ribs>\bribs?\s?\#?(?:(?:right|left|R|L)\s?)?{_ANYNUM}(?:{_RIB_TO}(?:and\s)?(?:ribs?\s)?{_ANYNUM}(?!\s?/)){{0,11}}
      | \b(?:{_ANYNUM}{_RIB_TO}(?:and\s)?(?:the\s)?){{0,11}}{_ORD}\s(?:(?:right|left|R|L)\s)?ribs?\b)
  | "(?P<quoted>[^"\n]{{1,80}})"
  | (?P<space>\b{_ORD}\s(?:ICS|intercostal\sspaces?|interspaces?)\b)
  | (?P<tests>\bstanding\s(?:and|&|\+|/|or)\sseated\s(?:flexion|flex|forward\sbending)(?:\stests?)?\b)
  | (?P<innominate>\b[RL][AP]I\b)
  | (?P<axis>\b(?:left|right|[LR])\s(?:oblique\s)?axis\b|\b[LR]OA\b)
  | (?P<headof>\bhead\sof\s(?:the\s)?(?:left\s|right\s)?(?:fibula|radius)\b)
  | (?P<score>\b\d{{1,3}}\s?(?:->|→|to)\s?\d{{1,3}}(?:\s?/\s?10)?\b|\b\d{{1,2}}/10\s?(?:->|→|to)\s?\d{{1,2}}(?:/10)?\b)
  | (?P<fraction>\b\d{{1,2}}\s?/\s?\d{{1,2}}\b)
  | (?P<ordinal>\b{_ORD})
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<short>[^\W\d_]+(?:'[^\W\d_]+)?)
  | (?P<arrow>->|=>|[→⇒])
  | (?P<mark>[^\s\w]|_)
    )
    """
_BLANK = re.compile(r"(?<![\[^])\\s(\??)(?!\*)")
_MASTER = re.compile(
    _BLANK.sub(lambda found: r"\s{0,4}" if found[1] else r"\s{1,4}", _SHAPE),
    re.IGNORECASE | re.VERBOSE,
)
"""The shapes of the notation, plain words first, then longest first. A blank stands for up to four."""

_MARKS = {
    ",": "comma", "/": "slash", "&": "and", "+": "plus", "-": "minus", ":": "colon", "(": "open", ")": "close",
    ";": "break", ".": "break", "\n": "break", "?": "break", "!": "break", "|": "break", "∅": "negation",
    "↓": "tart", "↑": "pattern", "<": "compare", ">": "compare", "=": "colon", "[": "open", "]": "close", "@": "counts to",
}  # fmt: skip
_LETTER_HYPHEN = re.compile(r"(?<=[^\W\d_])(?<!\bOA)(?<!\bAA)-(?=[^\W\d_])", re.IGNORECASE)


class _Plain(dict[int, str]):
    """The plain character for any other that stands for just one: dashes, quotes, sub- and superscripts, full width."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = plain if len(plain) == 1 and code > _LAST_ASCII else chr(code)
        return self[code]


_LAST_ASCII = 127
_PLAIN = _Plain({ord(c): "-" for c in "‐‑‒–—−"} | {0x2019: "'", 0x2018: "'", 0xA0: " ", 9: " "})  # fmt: skip

_SPOKEN = frozenset({"tee", "tea", "see", "sea", "el", "ell"})
_SPOKEN_NEXT = re.compile(
    r"\s*(?:[,.;]|$|is\b|was\b|on\b|flex|ext|neutral|rotated|rot\b|side|tender|boggy|[fen]\b|[fen]?rs|nsr|through|to\b)",
    re.I,
)


def normalized(text: str) -> str:
    """The text with dashes, quotes, blanks and sub- or superscript letters made plain. Length never changes."""
    text = text.translate(_PLAIN) if not text.isascii() else text.replace("\t", " ")
    return _LETTER_HYPHEN.sub(" ", text)


def tokens(text: str) -> list[Token]:
    """The tokens of one line of normalized text."""
    raw = _raw(text)
    root = lexicon().root
    codes = motion_codes()
    out: list[Token] = []
    place = 0
    count = len(raw)
    while place < count:
        token = raw[place]
        if token.kind != "word":
            out.append(token)
            place += 1
            continue
        place = _word(raw, place, root, codes, out)
    return out


def _word(
    raw: list[Token], place: int, root: dict[str, Node], codes: dict[str, MotionCode], out: list[Token]
) -> int:
    """Reads the word at `place` as the longest phrase, a motion code, a letter or an unknown; returns the next place."""
    token = raw[place]
    low = token.value
    node = root.get(low)
    fixed = False
    if len(low) == 1:
        if node is not None and node.follow is not None:
            longest, meaning = _walk(raw, place, node)
            if longest > place + 1 and meaning is not None:
                out.append(_phrase(raw, place, longest, meaning))
                return longest
        out.append(Token("letter", low, token.start, token.end, token.text))
        out[-1].code = node.code if node is not None else None
        return place + 1
    if node is None:
        code = codes.get(low)
        if code is not None:
            out.append(Token("code", code, token.start, token.end, token.text))
            return place + 1
        if low in NUMBERS:
            out.append(Token("number", low, token.start, token.end, str(NUMBERS[low])))
            return place + 1
        word = corrected(low)
        if word is None or (node := root.get(word)) is None:
            out.append(Token("unknown", low, token.start, token.end, token.text))
            return place + 1
        fixed = True
    longest, meaning = _walk(raw, place, node)
    if meaning is None:
        code = codes.get(low)
        kind, value = ("code", code) if code is not None else ("unknown", low)
        out.append(Token(kind, value, token.start, token.end, token.text))
        out[-1].code = node.code
        return place + 1
    found = _phrase(raw, place, longest, meaning)
    found.fixed = fixed or (longest > place + 1 and _misspelt(raw, place, longest, root))
    found.code = node.code if longest == place + 1 else None
    out.append(found)
    return longest


def _misspelt(raw: list[Token], place: int, end: int, root: dict[str, Node]) -> bool:
    """Whether a phrase was only known after its spelling was corrected."""
    node = root.get(raw[place].value)
    for token in raw[place + 1 : end]:
        if node is None or node.follow is None:
            return True
        node = node.follow.get(token.value if token.kind == "word" else token.text.lower())
    return node is None


def _walk(raw: list[Token], place: int, node: Node) -> tuple[int, Meaning | None]:
    """Follows the words from `place` down the tree: where the longest known phrase ends, and what it means."""
    first = raw[place].text
    best = node.capitals if node.capitals is not None and first.isupper() else node.meaning
    end = place + 1
    at = end
    while node.follow is not None and at < len(raw):
        token = raw[at]
        word = token.value if token.kind == "word" else token.text.lower()
        step = node.follow.get(word)
        if step is None and token.kind == "word" and (other := corrected(word)) is not None:
            step = node.follow.get(other)
        if step is None:
            break
        node = step
        at += 1
        if node.meaning is not None:
            best, end = node.meaning, at
    return end, best


def _phrase(raw: list[Token], place: int, end: int, meaning: Meaning) -> Token:
    first, last = raw[place], raw[end - 1]
    text = first.text if end == place + 1 else " ".join(t.text for t in raw[place:end])
    return Token(meaning.kind, meaning.value, first.start, last.end, text)


_WORDS = frozenset({"word", "short"})


def _raw(text: str) -> list[Token]:
    """Tokens by shape alone; words are still single and in lower case."""
    out: list[Token] = []
    add = out.append
    for match in _MASTER.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        word = text[start:end]
        if kind in _WORDS:
            add(Token("word", word.lower(), start, end, word))
        elif kind == "stop":
            add(Token(_MARKS[word], word, start, end, word))
        elif kind == "mark":
            add(_mark(word, start, end))
        else:
            _SHAPES[kind](out, text, word, start, end)
    return out


def _mark(word: str, start: int, end: int) -> Token:
    kind = _MARKS.get(word, "unknown" if word.isalnum() else "mark")
    value: object = word
    if word in "↓↑" and (node := lexicon().root.get(word)) is not None and node.meaning is not None:
        kind, value = node.meaning
    return Token(kind, value, start, end, word)


def _words_of(out: list[Token], word: str, start: int) -> None:
    """A shape that turned out not to be one: its words and numbers as they are."""
    for match in _PIECES.finditer(word):
        piece = match.group()
        at = start + match.start()
        kind = "word" if piece[0].isalpha() else "number" if piece[0].isdigit() else "mark"
        token = Token(kind, piece.lower(), at, at + len(piece), piece)
        out.append(_mark(piece, at, at + len(piece)) if kind == "mark" else token)


_PIECES = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:\.\d+)?|[^\s\w]|_")


def number_of(word: str) -> int:
    """The number that digits, an ordinal or a number word stand for."""
    word = word.lower()
    return NUMBERS[word] if word in NUMBERS else int(re.sub(r"\D", "", word))


_NUMBER_IN = re.compile(_ANYNUM, re.IGNORECASE)
_SEG_PARTS = re.compile(
    rf"(?P<first>OA|AA|C0|O/A|A/A|O\sA|A\sA|S[1-5]|(?P<letter>[CTL]|tee|tea|see|sea|ell?)[\s-]?(?P<n>{_CARD}))"
    rf"(?:{_TO}(?P<last>OA|AA|S1|(?P<letter2>[CTLS]|tee|tea|see|sea|ell?)?\s?-?(?P<m>{_CARD})))?"
    rf"(?P<on>\son\s.*)?",
    re.IGNORECASE,
)
_LETTERS = {"tee": "T", "tea": "T", "see": "C", "sea": "C", "el": "L", "ell": "L"}


def _segment_name(letter: str, number: int) -> str:
    if letter == "C" and number == 1:
        return "AA"
    return f"{letter}{number}"


@lru_cache(maxsize=4096)
def _segment_place(written: str) -> tuple[Place | None, str]:
    """The place a level code names, and what is odd about it (`T13`, `C8`, a range that runs upwards)."""
    match = _SEG_PARTS.fullmatch(" ".join(written.split()))
    if match is None:
        return None, ""
    first = _first_name(match)
    last = _last_name(match, first)
    if (first, last) in (("OA", "AA"), ("AA", "C2")) and written[1:2] in "01":
        last = first  # the joint, named by both its bones
    odd = ""
    if first not in SPINE_ORDER or last not in SPINE_ORDER:
        return None, f"there is no vertebra {first if first not in SPINE_ORDER else last}"
    if SPINE_ORDER[last] < SPINE_ORDER[first]:
        first, last = last, first
        odd = "the range was written upwards; read downwards"
    return Place(segment_level(first, last), segment_region(first), "segment"), odd


def _first_name(match: re.Match[str]) -> str:
    if match["letter"] is None:
        name = match["first"].upper().replace("/", "").replace(" ", "")
        return "OA" if name == "C0" else name
    letter = _LETTERS.get(match["letter"].lower(), match["letter"].upper())
    return _segment_name(letter, number_of(match["n"]))


def _last_name(match: re.Match[str], first: str) -> str:
    if match["last"] is None:
        return first
    if match["m"] is None:
        return match["last"].upper()
    letter = match["letter2"] or ("C" if first in ("OA", "AA") else first[0])
    letter = _LETTERS.get(letter.lower(), letter.upper())
    name = _segment_name(letter, number_of(match["m"]))
    joint = "/" in match.group()
    below = SPINE_ORDER.get(name, -1) == SPINE_ORDER.get(first, -9) + 1
    return first if joint and below and letter == first[0] else name


def _segment(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    low = word.split(maxsplit=1)[0].split("-", maxsplit=1)[0].lower()
    if low in _SPOKEN and not _SPOKEN_NEXT.match(text, end):
        _words_of(out, word, start)
        return
    if word[1:2] == " " and word[2:3].isdigit() and not _SPOKEN_NEXT.match(text, end):
        _words_of(out, word, start)
        return
    place, odd = _segment_place(word)
    if place is None:
        out.append(Token("unknown", odd or word, start, end, word))
        return
    out.append(Token("place", place, start, end, word, fixed=bool(odd)))


def _ordinal_segment(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    del text
    low = word.lower()
    letter = "C" if "cervical" in low else "T" if "thoracic" in low else "L"
    found = [number_of(m) for m in _NUMBER_IN.findall(low)]
    names = [_segment_name(letter, n) for n in found]
    if (
        not names
        or any(n not in SPINE_ORDER for n in names)
        or SPINE_ORDER[names[-1]] < SPINE_ORDER[names[0]]
    ):
        _words_of(out, word, start)
        return
    place = Place(segment_level(names[0], names[-1]), segment_region(names[0]), "segment")
    out.append(Token("place", place, start, end, word))


_SIDE_WORD = re.compile(r"\b(right|left|R|L)\b", re.IGNORECASE)
_RANGE_WORD = re.compile(r"-|/|\bto\b|\bthru\b|\bthrough\b")


def _ribs(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    del text
    found = [number_of(m) for m in _NUMBER_IN.findall(word)]
    if any(not 1 <= n <= RIB_COUNT for n in found):
        _words_of(out, word, start)
        return
    side = _SIDE_WORD.search(word)
    if side is not None:
        value = Side.RIGHT if side[1].lower().startswith("r") else Side.LEFT
        out.append(Token("side", value, start + side.start(), start + side.end(), side[1]))
    for number, (first, last) in enumerate(_rib_runs(found, ranged=bool(_RANGE_WORD.search(word.lower())))):
        if number:
            out.append(Token("comma", ",", start, end, ","))
        place = Place(rib_level(first, last), Region.RIB, "rib")
        out.append(Token("place", place, start, end, word))


def _rib_runs(found: list[int], ranged: bool) -> list[tuple[int, int]]:
    """Numbers of ribs as runs: `3-5` and `11 and 12` are one run each, `2 and 5` two."""
    if ranged and len(found) == 2:
        return [(min(found), max(found))]
    runs: list[tuple[int, int]] = []
    for n in found:
        if runs and n == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs


_POINT = re.compile(r"([AP][CTLR]|[UL]PL|LC)-?(\d{1,2})(?:\s?-\s?(?:[AP][CTLR])?(\d{1,2}))?", re.IGNORECASE)
_POINT_REGION = {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR, "R": Region.RIB}


def _point(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    del text
    place = _point_place(word)
    if place is None:
        _words_of(out, word, start)
    else:
        out.append(Token("place", place, start, end, word))


@lru_cache(maxsize=1024)
def _point_place(word: str) -> Place | None:
    match = _POINT.fullmatch(word)
    if match is None:
        return None
    prefix = match[1].upper()
    name = f"{prefix}{int(match[2])}"
    if match[3]:
        name = f"{name}-{prefix}{int(match[3])}"
    region = Region.LUMBAR if prefix in ("UPL", "LPL") else _POINT_REGION[prefix[-1]]
    return Place(named_level(name, LevelKind.POINT), region, "point")


def _simple(kind: str) -> Any:
    def add(out: list[Token], text: str, word: str, start: int, end: int) -> None:
        del text
        out.append(Token(kind, word, start, end, word))

    return add


_PAIR_SIDES = re.compile(r"left|right|[RL](?![a-z])", re.IGNORECASE)


def _pair(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    del text
    stem = word[:-2] if word.upper().endswith("ST") else word
    sides = [
        Side.RIGHT if s.lower().startswith("r") else Side.LEFT for s in re.findall(r"left|right|[RLrl]", stem)
    ]
    if len(sides) != 2:
        _words_of(out, word, start)
        return
    out.append(Token("pair", (sides[0], sides[1], "/" in word), start, end, word))


def _head_of(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`head of the left fibula`: the side stands inside the name."""
    del text
    name = "fibular head" if word.lower().endswith("fibula") else "radial head"
    side = _SIDE_WORD.search(word)
    if side is not None:
        value = Side.RIGHT if side[1].lower() == "right" else Side.LEFT
        out.append(Token("side", value, start + side.start(), start + side.end(), side[1]))
    out.append(Token("place", lexicon().places[name], start, end, word))


def _axis(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`on the right oblique axis`, `ROA`."""
    del text
    side = _SIDE_WORD.search(word)
    letter = (side[1] if side is not None else word)[0].lower()
    out.append(Token("axis", Side.RIGHT if letter == "r" else Side.LEFT, start, end, word))


def _both_tests(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`standing and seated flexion tests`: two tests."""
    del text
    places = lexicon().places
    out.append(Token("place", places["standing flexion test"], start, end, word))
    out.append(Token("and", "and", start, end, "and"))
    out.append(Token("place", places["seated flexion test"], start, end, word))


def _innominate(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`RAI`, `LPI`: side, direction, innominate."""
    del text
    side = Side.RIGHT if word[0] in "Rr" else Side.LEFT
    node = (lexicon().root["ant" if word[1] in "Aa" else "post"].follow or {})["rot"]
    out.append(Token("side", side, start, start + 1, word[0]))
    out.append(Token("place", lexicon().places["innominate"], start + 2, end, word[2]))
    if node.meaning is not None:
        out.append(Token("pattern", node.meaning.value, start + 1, start + 2, word[1]))


def _space(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`2nd ICS`: an intercostal space by its number."""
    del text
    out.append(Token("place", lexicon().places["intercostal space"], start, end, word))


def _quoted(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`"2nd ICS"`: the author's own words, kept beside the finding."""
    del text
    out.append(Token("detail", word, start, end, word))


_SHAPES = {
    "quoted": _quoted,
    "space": _space,
    "innominate": _innominate,
    "tests": _both_tests,
    "axis": _axis,
    "headof": _head_of,
    "zink": _simple("zink"),
    "point": _point,
    "pair": _pair,
    "seg": _segment,
    "ordseg": _ordinal_segment,
    "ribs": _ribs,
    "score": _simple("score"),
    "fraction": _simple("fraction"),
    "ordinal": _simple("ordinal"),
    "number": _simple("number"),
    "arrow": _simple("arrow"),
}
