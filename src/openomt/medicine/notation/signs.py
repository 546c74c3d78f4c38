"""Clauses, headers and signs: where one statement ends, and what `+`, `-` and `:` mean there."""

from __future__ import annotations

from dataclasses import dataclass

from openomt.medicine.notation.lexer import Token
from openomt.medicine.notation.lexicon import Place

_NAMES = ("dx", "tx", "rx", "a", "p", "o", "s", "diagnosis", "assessment", "ose", "exam")


@dataclass(slots=True)
class Part:
    """The tokens of one clause. `header`: the place it is headed by; `refers_back`: its words may mean the last place."""

    tokens: list[Token]
    header: Place | None = None
    refers_back: bool = False


def split_clauses(found: list[Token]) -> list[Part]:
    """One line's tokens as clauses."""
    parts: list[Part] = []
    now: list[Token] = []
    back = False
    for at, token in enumerate(found):
        if token.kind == "break" and not _inside_number(found, at):
            _close(parts, now, back)
            back = (token.text.lower() not in (".", "!", "?", "|") and token.text != ";") or token.text == ";"
            now = []
            continue
        now.append(token)
    _close(parts, now, back)
    return parts


def _inside_number(found: list[Token], at: int) -> bool:
    """A dot of an abbreviation (`approx. 3`) is not told from a full stop; only a dot without a gap on both sides is."""
    token = found[at]
    if token.text != "." or at == 0 or at + 1 >= len(found):
        return False
    return found[at - 1].end == token.start and found[at + 1].start == token.end


def _close(parts: list[Part], now: list[Token], back: bool) -> None:
    if not now:
        return
    part = Part(now, refers_back=back)
    _take_header(part)
    _settle_signs(part.tokens)
    parts.append(part)


def _take_header(part: Part) -> None:
    """`Cervical: …`, `pelvis - L …`: the place before a colon, or a spaced dash at the start, heads what follows."""
    found = part.tokens
    for at, token in enumerate(found[:4]):
        if token.kind == "colon" or (token.kind == "minus" and at <= 2 and _spaced(found, at)):
            places = [t for t in found[:at] if t.kind == "place"]
            others = [t for t in found[:at] if t.kind not in ("place", "filler", "letter", "unknown", "side")]
            if len(places) == 1 and not others:
                part.header = places[0].value
                if token.kind == "minus":
                    token.kind = "colon"
            return


def _spaced(found: list[Token], at: int) -> bool:
    token = found[at]
    if at == 0 or at + 1 >= len(found):
        return False
    return found[at - 1].end < token.start and token.end < found[at + 1].start


def _settle_signs(found: list[Token]) -> None:
    """Says of each `+` and `-` whether it is a result or joins two things."""
    for at, token in enumerate(found):
        if token.kind == "plus":
            token.kind = "positive" if _is_result(found, at) else "and"
        elif token.kind == "minus" and not _spaced(found, at) and _beside_test(found, at):
            token.kind = "negative"


def _is_result(found: list[Token], at: int) -> bool:
    if _beside_test(found, at):
        return True
    token = found[at]
    after = found[at + 1] if at + 1 < len(found) else None
    if after is None:
        return True
    before = found[at - 1] if at else None
    if before is None:
        return True
    return before.end < token.start and after.start == token.end


def _beside_test(found: list[Token], at: int) -> bool:
    near = found[max(0, at - 2) : at] + found[at + 1 : at + 3]
    return any(t.kind == "place" and t.value.type == "test" for t in near)
