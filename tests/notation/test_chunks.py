"""A line read chunk by chunk has the same tokens as a line matched as a whole."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.medicine.notation.lexer import normalized, tokens
from tests.notation.test_reader import FRAGMENTS, TEXTS

SHAPED = (
    "T4", "C2-3", "L", "4", "R", "l", "on", "o", "O", "A", "OA", "AA", "C0", "to", "down", "-", "/",
    "&", "and", ",", "#", "rib", "ribs", "2nd", "3rd", "11", "third", "fifth", "first", "head", "of", "the",
    "left", "right", "fibula", "standing", "seated", "flexion", "flex", "tests", "or", "thoracic", "lumbar",
    "vertebra", "tee", "see", "ell", "el", "four", "is", "flexed", "ICS", "intercostal", "space", "axis",
    "oblique", "8/10", "8", "->", "2/3", "PC3", "AC3-AC5", "ST", "R/L", "LLRL", "CT", "LS", "RAI", "RonL",
    "onL", "(2)", "4-6", "S1", "LC1", "tender,", "(boggy)", ".", ";", ":", "(", "=", "2nd,", "rib,", "4,",
    "T4,", "T4.", "3:", "1/", "/10", "C", "C1,", ";l", "R)", "at", "AT2", "grade", "4.5", "Rfirst", "Lfour",
    "rightfourth", "ribfour", "4/rib-" * 8, "and3", "#4", "C-4", "T-", "3ribs", "R3", "restricted", "FRSr",
)  # fmt: skip
PIECES = st.sampled_from(SHAPED) | st.sampled_from(FRAGMENTS)
BLANKS = st.sampled_from([" ", " ", " ", "  ", "     "])
LINES = st.lists(st.tuples(PIECES, BLANKS), min_size=1, max_size=9)


def as_written(text: str) -> list[tuple[object, ...]]:
    return [(t.kind, t.value, t.start, t.end, t.text, t.low, t.fixed, t.code) for t in tokens(text)]


def as_a_whole(text: str) -> list[tuple[object, ...]]:
    """The tokens where no blank is a place to cut: a no-break blank at the end rules every cut out."""
    return as_written(f"{text} \N{NO-BREAK SPACE}")


@settings(max_examples=1500)
@given(LINES)
def test_where_a_line_is_cut_does_not_show(pieces: list[tuple[str, str]]) -> None:
    text = normalized("".join(word + blank for word, blank in pieces))
    assert as_written(text) == as_a_whole(text)


def test_the_tables_read_alike() -> None:
    for text in TEXTS:
        for line in normalized(text).splitlines():
            assert as_written(line) == as_a_whole(line), line
