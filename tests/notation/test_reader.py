"""How the reader behaves on any text: nothing is lost, nothing is invented, and it never raises."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openomt.medicine.anatomy import SPINE, Side, segment_level, segment_region
from openomt.medicine.findings import Finding, Frame, Plane, Tart
from openomt.medicine.notation import (
    ReadFinding,
    Reading,
    ReadResponse,
    ReadState,
    ReadTreatment,
    Span,
    Unread,
    read,
    write,
)
from openomt.medicine.notation.lexicon import lexicon
from tests.notation.test_examples import EMPTY, TABLES, rows, understood

ROWS = {table.stem: [str(row["text"]) for row in rows(table)] for table in TABLES}
TEXTS = list(dict.fromkeys(text for texts in ROWS.values() for text in texts))
ONE_LINERS = [text for text in TEXTS if "\n" not in text]
CODES = [*ROWS["spine"], *ROWS["ranges"], *ROWS["upper_neck"]]
OF_THEIR_OWN = [
    text
    for family in ("spine", "ranges", "ribs", "pelvis", "tart")
    for text in ROWS[family]
    if ":" not in text  # a header holds to the end of its line
]

FRAGMENTS = sorted(
    {word for text in TEXTS for word in text.split()}
    | {str(name) for name in lexicon().places}
    | set("()[]{}+-–→↓:;,./\\'\"∅RLFENST0123")
    | {
        "T1-",
        "-T4",
        "8→",
        "/10",
        "R:",
        "L/",
        "/R",
        "C7–T",
        "T99",
        "rib 0",
        "ribs 12-1",
        "(((",
        "²",
        "ﬂ",
        "İ",
        "\t",
    }
)
SOME_TEXT = st.sampled_from(TEXTS)
LINES = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map(" ".join)


def parts_of(reading: Reading) -> tuple[ReadFinding | ReadTreatment | ReadResponse | ReadState | Unread, ...]:
    """Everything in a reading that has a span."""
    return (*reading.findings, *reading.treatments, *reading.responses, *reading.states, *reading.unread)


def moved(span: Span, by: int) -> Span:
    """The same stretch of a text that stands `by` characters later."""
    return Span(span.start + by, span.end + by)


def check_honest(text: str) -> None:
    """The reading keeps the text, and each of its spans is a stretch of it."""
    reading = read(text)
    assert reading.text == text
    assert all(0 <= part.span.start < part.span.end <= len(text) for part in parts_of(reading))
    assert all(text[words.span.start : words.span.end] == words.text for words in reading.unread)
    assert reading == read(text)


# --- never raises, keeps the text -----------------------------------------------------------------------


@given(st.text(max_size=300))
@settings(max_examples=1500, deadline=None)
def test_any_text_is_read_and_kept(text: str) -> None:
    check_honest(text)


@given(st.lists(LINES, max_size=4).map("\n".join))
@settings(max_examples=1500, deadline=None)
def test_any_words_of_the_trade_are_read_and_kept(text: str) -> None:
    check_honest(text)


@given(SOME_TEXT, st.data())
@settings(max_examples=500, deadline=None)
def test_a_line_cut_short_anywhere_is_read_and_kept(text: str, data: st.DataObject) -> None:
    check_honest(text[: data.draw(st.integers(0, len(text)))])


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """Two examples on a line, a few characters lost or put in."""
    letters = list(draw(st.sampled_from([" ", "; ", ", ", ""])).join(draw(st.tuples(SOME_TEXT, SOME_TEXT))))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(letters) - 1))
        letters[at] = draw(st.just("") | st.sampled_from("RLSFENrl0159-–/+,;:() →") | st.characters())
    return "".join(letters)


@given(spoilt())
@example("no somatic dysfunction of cervical; OA LCT R TL L LS L")
@example("side-bent")
@example("L5 e-E Sa Ra FRS-r")
@settings(max_examples=1500, deadline=None)
def test_spoilt_lines_are_read_and_kept(text: str) -> None:
    check_honest(text)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \r\n", "---", "...", "()", "\x00", "\ud800", "🙂"])
def test_nothing_is_read_out_of_nothing(text: str) -> None:
    assert understood(text) == EMPTY


@pytest.mark.parametrize("text", ONE_LINERS)
def test_the_example_is_kept_whole(text: str) -> None:
    check_honest(text)


# --- spans ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T5 FRSr", ["T5 FRSr"]),
        ("  T5 FRSr  ", ["T5 FRSr"]),
        ("FRSr T5", ["FRSr T5"]),
        ("T5 FRSr, T8 ERSl, ribs 3-5 inh L", ["T5 FRSr", "T8 ERSl", "ribs 3-5 inh L"]),
        ("T4–7 NSrRl; L on L", ["T4–7 NSrRl", "L on L"]),
        ("R ant innom / L upslip", ["R ant innom", "L upslip"]),
        ("R AC4 8→2/10", ["R AC4 8→2/10"]),
        ("Lumbar: L3 ERSl", ["L3 ERSl"]),
        ("left psoas is hypertonic", ["left psoas is hypertonic"]),
        ("T5 FRSr\nL3 ERSl", ["T5 FRSr", "L3 ERSl"]),
        ("T5 FRSr\r\nL3 ERSl", ["T5 FRSr", "L3 ERSl"]),
        ("🙂 T5 FRSr", ["T5 FRSr"]),
        ("ﬂex? T5 FRSr", ["T5 FRSr"]),
    ],
)
def test_a_finding_spans_the_words_it_came_from(text: str, words: list[str]) -> None:
    assert [text[r.span.start : r.span.end] for r in read(text).findings] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T5 FRSr - HVLA, resolved", ["HVLA", "resolved"]),
        ("L on L – ME → improved", ["ME", "improved"]),
        ("Cervical: C5 FRSl - muscle energy, unchanged", ["muscle energy", "unchanged"]),
    ],
)
def test_a_treatment_and_a_response_span_their_own_words(text: str, words: list[str]) -> None:
    reading = read(text)
    treatments = [text[r.span.start : r.span.end] for r in reading.treatments]
    responses = [text[r.span.start : r.span.end] for r in reading.responses]
    assert treatments + responses == words


def test_a_level_tells_where_it_is_spoken_of() -> None:
    text = "T5 FRSr; L3 ERSl; T5 boggy"
    assert [text[s.start : s.end] for s in read(text).spans_of(segment_level("T5"))] == [
        "T5 FRSr",
        "T5 boggy",
    ]


@pytest.mark.parametrize("text", OF_THEIR_OWN)
def test_findings_come_in_the_order_of_the_text(text: str) -> None:
    starts = [found.span.start for found in read(text).findings]
    assert starts == sorted(starts)


# --- lines and items --------------------------------------------------------------------------------------


@given(st.lists(LINES | st.sampled_from(ONE_LINERS), min_size=1, max_size=4))
@settings(max_examples=500, deadline=None)
def test_lines_are_read_one_by_one(lines: list[str]) -> None:
    whole = read("\n".join(lines))
    findings: list[ReadFinding] = []
    states: list[ReadState] = []
    unread: list[Unread] = []
    start = 0
    for line in lines:
        part = read(line)
        findings += [replace(found, span=moved(found.span, start)) for found in part.findings]
        states += [replace(state, span=moved(state.span, start)) for state in part.states]
        unread += [replace(words, span=moved(words.span, start)) for words in part.unread]
        start += len(line) + 1
    assert (list(whole.findings), list(whole.states), list(whole.unread)) == (findings, states, unread)


def test_a_header_ends_with_its_line() -> None:
    assert read("Thoracic: 4 FRSr\n5 ERSl").values == read("Thoracic: 4 FRSr").values


@given(st.sampled_from(OF_THEIR_OWN), st.sampled_from(OF_THEIR_OWN))
@settings(max_examples=500, deadline=None)
def test_items_apart_by_semicolon_do_not_touch_each_other(first: str, second: str) -> None:
    assert read(f"{first}; {second}").values == read(first).values + read(second).values


# --- what is not understood -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ONE_LINERS)
def test_a_word_nobody_knows_is_shown_and_changes_nothing(text: str) -> None:
    plain, odd = read(text), read(f"{text}; zzqxv")
    assert "zzqxv" in [words.text for words in odd.unread]
    assert odd.values == plain.values


@pytest.mark.parametrize("text", ONE_LINERS)
def test_a_word_nobody_knows_is_shown_wherever_it_stands(text: str) -> None:
    odd = [text[: word.start()] + "zzqxv" + text[word.end() :] for word in re.finditer(r"\S+", text)]
    assert [line for line in odd if "zzqxv" not in {words.text for words in read(line).unread}] == []


@pytest.mark.parametrize("text", ONE_LINERS)
def test_a_number_nobody_can_place_is_shown_wherever_it_stands(text: str) -> None:
    lines = [
        f"{text[: gap.start()]} 47 {text[gap.start() :]}" for gap in re.finditer(r"^|(?<=\S)(?=\s|$)", text)
    ]
    assert [line for line in lines if not any("47" in words.text for words in read(line).unread)] == []


PLACED = (
    "T5",
    "L4",
    "C3",
    "T4-7",
    "R rib 4",
    "ribs 4-6 L",
    "R rib 1",
    "R psoas",
    "L innom",
    "R PSIS",
    "L AC4",
)
SAID = (
    "tender", "tender R", "boggy", "restricted", "FRSr", "NSrRl", "exh", "inh", "elevated", "flexed", "post",
    "ant", "superior", "hypertonic 2/3", "(2)", "sev 2", "improved",
)  # fmt: skip
OTHERS = (
    "HVLA", "ME", "st", "counterstrain", "HVLA neck", "seated flexion + L", "spring neg", "L on L", "R upslip",
    "R exh", "pain 8/10", "DTR 2/4", "2+", "8→2", "x", "q", "improved", "worse",
)  # fmt: skip
ITEMS = st.sampled_from(OTHERS) | st.tuples(st.sampled_from(PLACED), st.sampled_from(SAID)).map(" ".join)


def said(text: str) -> tuple[object, ...]:
    """All that is read in a text, without the places it stands at."""
    reading = read(text)
    return (
        [(found.finding, found.inferred, found.question) for found in reading.findings],
        [(given.treatment, given.regions) for given in reading.treatments],
        [(answer.response, answer.regions) for answer in reading.responses],
        [(state.region, state.state) for state in reading.states],
        [words.text for words in reading.unread],
    )


@given(st.lists(ITEMS, min_size=1, max_size=4), st.data())
@settings(max_examples=500, deadline=None)
def test_another_number_is_another_reading_or_is_shown(items: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items) - 1))
    number = data.draw(st.integers(0, 40))
    separators = data.draw(
        st.lists(st.sampled_from([", ", "; ", " - ", " ", " and "]), min_size=4, max_size=4)
    )

    def line(number: int) -> str:
        numbered = [*items[:at], f"{items[at]} {number}", *items[at + 1 :]]
        return "".join(f"{item}{sign}" for item, sign in zip(numbered, separators, strict=False))

    assert said(line(number)) != said(line(number + data.draw(st.integers(1, 5))))


@pytest.mark.parametrize(
    ("text", "unread", "suggestion"),
    [
        ("T5 FRSr - kountrstrain", "kountrstrain", "counterstrain"),
        ("L psoas xypertonic", "xypertonic", "hypertonic"),
        ("torasic", "torasic", "thoracic"),
        ("zzqxv", "zzqxv", None),
        ("L psoas blorp", "blorp", None),
    ],
)
def test_a_near_miss_is_unread_with_a_suggestion(text: str, unread: str, suggestion: str | None) -> None:
    found = {words.text: words.suggestion for words in read(text).unread}
    assert found == {unread: suggestion}


@pytest.mark.parametrize("text", ["T5 FSSr", "T5 FRSrq", "T15 FRSr", "C9 ERSl", "T5 NXrRl"])
def test_a_code_is_never_corrected(text: str) -> None:
    reading = read(text)
    assert reading.unread
    assert all(found.inferred == () for found in reading.findings)


# --- letters and signs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", CODES)
def test_case_means_nothing_in_codes_of_the_spine(text: str) -> None:
    assert read(text.lower()).values == read(text).values
    assert read(text.upper()).values == read(text).values


@pytest.mark.parametrize("dash", "‐‑‒–—−")
@pytest.mark.parametrize(
    "text", ["T4-7 NSrRl", "T4-T7 N SL RR", "ribs 3-5 inh L", "PT1-PT4 tender", "L-on-L torsion"]
)
def test_every_dash_is_a_dash(text: str, dash: str) -> None:
    assert read(text.replace("-", dash)).values == read(text).values


@pytest.mark.parametrize("space", "\u00a0\u2009\u202f\u3000\t")
@pytest.mark.parametrize("text", CODES)
def test_every_space_is_a_space(text: str, space: str) -> None:
    assert read(text.replace(" ", space)).values == read(text).values


@pytest.mark.parametrize("text", CODES)
def test_more_spaces_are_one_space(text: str) -> None:
    assert read(text.replace(" ", "   ")).values == read(text).values


@pytest.mark.parametrize(
    ("signs", "plain"),
    [
        ("T5 FRSᵣ", "T5 FRSr"),
        ("T4-7 NSᵣRₗ", "T4-7 NSrRl"),
        ("OA ESₗRᵣ", "OA ESlRr"),
        ("T₅ FRSr", "T5 FRSr"),
        ("T5 ＦＲＳｒ", "T5 FRSr"),
        ("R AC4 8→2/10", "R AC4 8->2/10"),
        ("T5 FRSr → HVLA → resolved", "T5 FRSr -> HVLA -> resolved"),
        ("Spurling’s negative", "Spurling's negative"),
        ("L4 won’t extend", "L4 won't extend"),
        ("L4 ↓ ext", "L4 dec ext"),
        ("Lumbar: ∅ SD", "Lumbar: no SD"),
    ],
)
def test_signs_are_read_like_their_plain_letters(signs: str, plain: str) -> None:
    with_signs, without = read(signs), read(plain)
    assert without.values + without.treatments + without.states != ()
    assert with_signs.values == without.values
    assert [t.treatment for t in with_signs.treatments] == [t.treatment for t in without.treatments]
    assert [r.response for r in with_signs.responses] == [r.response for r in without.responses]


@pytest.mark.parametrize("position", ["F SARA", "f Sa Ra", "f SaRt", "F StRT"])
def test_case_is_kept_in_a_counterstrain_position(position: str) -> None:
    (finding,) = read(f"R AC4 {position}").values
    assert finding.position == position


# --- doubt ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["T5 FRSr", "T4-7 NSrRl", "L on L", "ribs 3-5 inh L", "R ant innom", ""])
def test_a_clear_text_has_one_reading_and_no_question(text: str) -> None:
    reading = read(text)
    assert reading.questions == ()
    assert reading.readings() == (reading.values,)


@pytest.mark.parametrize("text", ["T6 FSR", "T4-8 NSRL", "OA flexed RSL"])
def test_an_ambiguous_code_has_two_readings_the_likelier_first(text: str) -> None:
    reading = read(text)
    ways = reading.readings()
    assert ways[0] == reading.values
    assert len(ways) == len(set(ways)) == 2


def test_ways_multiply_and_are_limited() -> None:
    reading = read("T6 FSR; T9 FSR; L3 ERSl")
    assert len(reading.readings()) == 4
    assert len(reading.readings(limit=3)) == 3
    assert reading.readings(limit=1) == (reading.values,)
    assert all(way[2] == reading.values[2] for way in reading.readings())


def test_a_rib_without_a_side_offers_both_sides() -> None:
    sides = {way[0].side for way in read("rib 6 inhaled").readings()}
    assert {Side.LEFT, Side.RIGHT} <= sides


def test_a_restriction_is_kept_as_written_and_its_ease_is_the_opposite() -> None:
    (finding,) = read("T10 restricted ext, RL, SL").values
    assert finding.motion is not None
    assert (finding.motion.frame, finding.motion.plane) == (Frame.RESTRICTION, Plane.EXTENDED)
    ease = finding.motion.ease()
    assert (ease.plane, ease.rotation, ease.sidebend) == (Plane.FLEXED, Side.RIGHT, Side.RIGHT)
    assert Tart.RESTRICTION in finding.tart


# --- the same thing elsewhere -----------------------------------------------------------------------------

OF_T5 = [text for text in ROWS["spine"] if text.startswith("T5") and "T6" not in text and ";" not in text]


@pytest.mark.parametrize("name", [name for name in SPINE if name not in ("OA", "AA", "S1")])
def test_every_vertebra_is_read_like_every_other(name: str) -> None:
    for text in OF_T5:
        there = read(text.replace("T5", name)).values
        level, region = segment_level(name), segment_region(name)
        assert there == tuple(replace(found, level=level, region=region) for found in read(text).values)


SIDE_WORD = re.compile(r"\b(left|right)\b", re.IGNORECASE)
SIDE_LETTERS = re.compile(r"(?<!\w)[FENRSLBO()]{1,8}(?!\w)", re.IGNORECASE)
MIRRORED = {"left": "right", "right": "left", "Left": "Right", "Right": "Left", "L": "R", "R": "L"}
IN_WORDS = [text for text in TEXTS if SIDE_WORD.search(text) and not SIDE_LETTERS.search(text)]


def other_side(text: str) -> str:
    """The text with left and right exchanged."""
    return re.sub(r"\b(left|right|Left|Right|L|R)\b", lambda word: MIRRORED[word[0]], text)


def mirrored(finding: Finding) -> Finding:
    """The finding as it would stand on the other side of the body."""
    motion = finding.motion
    if motion is not None:
        rotation = motion.rotation.opposite if motion.rotation else None
        motion = replace(
            motion, rotation=rotation, sidebend=motion.sidebend.opposite if motion.sidebend else None
        )
    return replace(
        finding,
        side=finding.side.opposite if finding.side else None,
        motion=motion,
        pattern=other_side(finding.pattern) if finding.pattern else None,
        detail=other_side(finding.detail) if finding.detail else None,
    )


@pytest.mark.parametrize("text", IN_WORDS)
def test_left_and_right_are_read_alike(text: str) -> None:
    assert read(other_side(text)).values == tuple(mirrored(found) for found in read(text).values)


# --- views of a reading -----------------------------------------------------------------------------------


def test_tests_and_absences_are_told_apart() -> None:
    reading = read("seated flexion + R, spring neg; T5 tender; no tenderness at L3")
    assert [found.level.name for found in reading.tests if found.level] == [
        "seated flexion test",
        "spring test",
    ]
    assert [found.level.name for found in reading.absences if found.level] == ["spring test", "L3"]


# --- back and forth ---------------------------------------------------------------------------------------


def accepted(finding: Finding) -> Finding:
    """The finding once a person has accepted what was inferred; the author's wording stays with the text."""
    motion = replace(finding.motion, inferred=()) if finding.motion else None
    return replace(finding, motion=motion, detail=None)


@pytest.mark.parametrize("text", TEXTS)
def test_what_an_example_means_can_be_written_and_read_again(text: str) -> None:
    meant = tuple(accepted(value) for value in read(text).values)
    assert read(write(meant)).values == meant
