"""Which techniques of a clause a word such as `declined` withholds, where another one was agreed to."""

from __future__ import annotations

from openomt.medicine.notation.token import Token

_LISTED = frozenset({"technique", "and", "slash", "filler"})
"""What a bare list of techniques is made of."""
_GOES_ON = _LISTED | {"of", "place", "side"}
"""What may follow a refused technique and still be refused with it (`declined HVLA to the neck and ME`)."""


def withheld(tokens: list[Token], at: int) -> list[Token]:
    """The techniques that the word at `at` withholds; empty when it speaks of none in particular.

    Those beside it up to a comma, else those of the part before, else of the part after; a bare list goes on
    over commas. `HVLA declined, MFR to neck`: only the first; `declines HVLA, ME and MFR`: all three.
    """
    before, after = _split(tokens[:at]), _split(tokens[at + 1 :])
    own, next_own = _techniques(before.pop()), _refused_after(after.pop(0))
    if next_own and not (own and _stands_beside(tokens, at)):
        return next_own + _listed(after)
    if own or before:  # `HVLA to the neck, patient declined`
        own = own or _techniques(before.pop())
        return own + _listed(before[::-1])
    return _listed(after)


def _stands_beside(tokens: list[Token], at: int) -> bool:
    """Whether a technique stands right before the word: `HVLA was declined`."""
    for token in reversed(tokens[:at]):
        if token.kind not in ("filler", "verb"):
            return token.kind == "technique"
    return False


def _techniques(part: list[Token]) -> list[Token]:
    """The techniques of a part after its last word of treatment (`ME done and HVLA declined`)."""
    done = max((place for place, token in enumerate(part) if token.kind == "treating"), default=-1)
    return [token for token in part[done + 1 :] if token.kind == "technique"]


def _refused_after(part: list[Token]) -> list[Token]:
    """The techniques that follow the word, up to what is no part of a list."""
    out: list[Token] = []
    for token in part:
        if token.kind == "technique":
            out.append(token)
        elif out and token.kind not in _GOES_ON:
            break
    return out


def _listed(parts: list[list[Token]]) -> list[Token]:
    """The techniques of the parts that go on a bare list."""
    out: list[Token] = []
    for part in parts:
        if not part or any(token.kind not in _LISTED for token in part):
            break
        out += _techniques(part)
    return out


def _split(tokens: list[Token]) -> list[list[Token]]:
    """The tokens between commas."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "comma":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
