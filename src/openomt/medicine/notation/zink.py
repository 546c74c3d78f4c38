"""The Zink line: four fascial zones and which way each turns easily, in words or as `L/R/L/R`."""

from __future__ import annotations

import re

from openomt.medicine.anatomy import Side
from openomt.medicine.findings import SpinalMotion
from openomt.medicine.notation.assembly import LETTER_SIDES
from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.motion import Motion
from openomt.medicine.notation.token import Token

_ZONES = {"OA": "OA", "CT": "CT junction", "TL": "TL junction", "LS": "lumbosacral junction"}
_COMPENSATORY = {"CCP": "L/R/L/R", "UCCP": "R/L/R/L"}
"""The common and the uncommon compensatory pattern."""
_ZONE_SIDE = re.compile(r"(?:oa|ct|tl|ls)\s*([rl])(?=\W|ct|tl|ls|$)")
_SIDE = re.compile(r"[rl]")


def settle_zink(found: list[Token]) -> None:
    """Under `Zink` the four zones are fascial, named at the junctions;
    the sides are which way each turns easily.
    """
    places = lexicon().places
    for at, token in enumerate(found):
        name = _ZONES.get(token.text.upper())
        if name is not None:
            token.kind, token.value = "place", places[name]
        elif at and found[at - 1].kind == "place":
            side = LETTER_SIDES.get(token.value) if token.kind == "letter" else token.value
            if token.kind in ("letter", "side") and side is not None:
                token.kind, token.value = "motion", _turned(side)
    _spell_out(found)
    for at, token in enumerate(found):
        if token.kind == "zink":
            found[at : at + 1] = _zones_of(token)
            return


def _spell_out(found: list[Token]) -> None:
    """`CCP`, `UCCP`: a compensatory pattern by its name, when the zones are not written out."""
    if any(t.kind in ("zink", "place") for t in found):
        return
    for token in found:
        if token.text in _COMPENSATORY:
            token.kind, token.text = "zink", _COMPENSATORY[token.text]
            return


def _turned(side: Side) -> Motion:
    return Motion(SpinalMotion(rotation=side), named=False, coded=True)


def _zones_of(token: Token) -> list[Token]:
    """`L/R/L/R` from the head down, as four zones."""
    out: list[Token] = []
    text = token.text.lower()
    letters = (_ZONE_SIDE if "oa" in text else _SIDE).findall(text)
    for name, letter in zip(_ZONES.values(), letters, strict=False):
        out.append(Token("place", lexicon().places[name], token.start, token.end, token.text))
        out.append(Token("motion", _turned(LETTER_SIDES[letter]), token.start, token.end, token.text))
        out.append(Token("comma", ",", token.start, token.end, ","))
    return out[:-1]
