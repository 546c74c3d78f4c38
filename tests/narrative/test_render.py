"""What an author wrote is printed as text: it never becomes a heading, a command to the screen, or HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from openomt.medicine.narrative import note, patient_summary, questions_text, to_data, to_markdown, to_text
from openomt.medicine.narrative.render import visible
from openomt.medicine.visit import Plan, Visit

# What was written -> what a screen shows.
VISIBLE: list[tuple[str, str]] = [
    ("neck pain", "neck pain"),
    ("<b>bold</b>", "<b>bold</b>"),
    ("\x1b[31mred", "<U+001B>[31mred"),
    ("a\rb", "a<U+000D>b"),
    ("a\r\nb", "a\nb"),
    ("a\tb", "a\tb"),
    ("\u202etfel", "<U+202E>tfel"),
    ("\u200bx", "<U+200B>x"),
    ("\ud800", "<U+D800>"),
    ("\x00", "<U+0000>"),
    ("dolor 8→2 ñ", "dolor 8→2 ñ"),
]


@pytest.mark.parametrize(("written", "shown"), VISIBLE)
def test_characters_that_act_are_shown_by_their_number(written: str, shown: str) -> None:
    assert visible(written) == shown


def test_a_new_line_in_free_text_cannot_forge_a_heading() -> None:
    text = to_text(note(Visit(history="painting\nSIGNATURE\n  Signed by: X\n\nend")))
    assert text == (
        "SUBJECTIVE\n  History: painting\n    | SIGNATURE\n    |   Signed by: X\n    |\n    | end\n"
    )


def test_a_long_line_is_wrapped_and_loses_no_word() -> None:
    words = " ".join(f"word{number}" for number in range(60)) + " " + "x" * 200
    text = to_text(note(Visit(history=words)))
    assert max(map(len, text.splitlines())) <= 80
    assert re.sub(r"\s", "", text) == "SUBJECTIVEHistory:" + words.replace(" ", "")


def test_questions_are_printed_with_reason_sources_and_confidence(full_visit: Visit) -> None:
    text = questions_text(note(full_visit).to_confirm)
    assert text.startswith("- T10: written as restricted in extension")
    assert "[openomt-research; V]" in text
    assert questions_text(()) == ""


def test_markdown_of_a_full_note_has_its_headings_and_items(full_visit: Visit) -> None:
    text = to_markdown(note(full_visit))
    assert "## Objective\n\n### Related exam\n\n- Reflexes equal, strength full\n" in text
    assert "- **Greatest severity:** 2 of 3\n" in text
    assert text.endswith("- **Signed at:** 2026-11-03 10:05\n")
    assert to_markdown(note(Visit())) == ""


MARKS = st.text(st.sampled_from("<>&*_`#-+=|~[]()!\\.1 \t\nab:/"), max_size=30)


@given(MARKS | st.text(max_size=30))
@settings(max_examples=500, deadline=None)
def test_markdown_shows_free_text_as_the_text_it_is(written: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(
        to_markdown(note(Visit(history=written)))
    )  # fmt: skip
    leaves = [leaf for token in tokens for leaf in (token.children or [token])]
    assert {leaf.type for leaf in leaves} <= {
        "text", "hardbreak", "strong_open", "strong_close", "softbreak", "text_special",
        "heading_open", "heading_close", "paragraph_open", "paragraph_close",
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
    }  # fmt: skip
    shown = "".join(leaf.content for leaf in leaves if leaf.type in ("text", "text_special"))
    expected = "SubjectiveHistory:" + visible(written) if written else ""
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", expected)


def test_data_for_programs_holds_text_origin_and_plain_values(full_visit: Visit) -> None:
    data = to_data(note(full_visit))
    assert isinstance(data, dict)
    exam = next(section for section in data["sections"] if section["key"] == "objective")
    thoracic = next(part for part in exam["parts"] if part["region"] == "thoracic")
    assert thoracic["sentences"][1] == {
        "text": "T10 restricted in extension, left rotation, left sidebending",
        "origin": [
            "findings[2].level",
            "findings[2].motion.plane",
            "findings[2].motion.rotation",
            "findings[2].motion.sidebend",
            "findings[2].motion.frame",
        ],
        "label": "",
        "quoted": False,
    }
    assert data["missing"][0] == {"path": "function_change", "region": None}


def test_a_summary_is_printed_with_its_headings_and_notices() -> None:
    visit = Visit(plan=Plan(goals=("<i>walk</i>",)))
    assert to_text(patient_summary(visit)) == (
        "Your visit\n\nWhat comes next\n  Your goal: <i>walk</i>\n\n"
        "A doctor has not yet checked the wording of this page.\n"
    )
    assert to_markdown(patient_summary(visit, "es")) == (
        "# Su visita\n\n## Lo que sigue\n\n- **Su meta:** &lt;i&gt;walk&lt;/i&gt;\n\n"
        "*Un médico todavía no ha revisado las palabras de esta página.*\n\n"
        "*Un traductor profesional todavía no ha revisado esta página.*\n"
    )
