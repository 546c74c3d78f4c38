"""`openomt knowledge` and `openomt explain`, as a person and as a program use them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner

from openomt.cli import app
from openomt.knowledge import KnowledgeError, load
from openomt.knowledge.marks import AWAITING_REVIEW

runner = CliRunner()


def run(*arguments: str, code: int = 0) -> str:
    """What the command prints; standard error when it fails."""
    result = runner.invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def rows(*arguments: str) -> list[dict[str, Any]]:
    found = json.loads(run(*arguments, "--json"))
    assert isinstance(found, list)
    return found


def test_validate_says_how_many_records_hold_together() -> None:
    number = sum(1 for _ in load().everything())
    assert run("knowledge", "--validate").startswith(f"{number} records and {len(load().sources)} sources")


def test_validate_lists_every_problem_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise KnowledgeError(["a.toml: region 'head': sources: Field required", "b.toml: not readable"])

    monkeypatch.setattr("openomt.knowledge.loader.validated", broken)
    assert run("knowledge", "--validate", code=1).splitlines() == [
        "a.toml: region 'head': sources: Field required",
        "b.toml: not readable",
        "2 problems",
    ]


def test_without_filter_it_counts_each_kind_and_what_awaits_review() -> None:
    text = run("knowledge")
    assert "    10  region (10 await review)" in text
    assert f"are {AWAITING_REVIEW}" in text
    assert "standard teaching, source not retrieved [K]" in text


def test_awaiting_counts_by_kind() -> None:
    lines = run("knowledge", "--awaiting").splitlines()
    assert lines[0].split() == ["10", "region"]
    assert lines[-1].endswith(f"are {AWAITING_REVIEW}")


def test_a_kind_is_listed_with_confidence_and_review_state() -> None:
    lines = run("knowledge", "--kind", "region").splitlines()
    assert len(lines) == 10
    assert all(line.endswith(f"(two or more sources agree; {AWAITING_REVIEW})") for line in lines)


def test_filters_narrow_together() -> None:
    found = rows("knowledge", "--kind", "assignment", "--confidence", "?", "--search", "JUNCTION")
    assert [row["id"] for row in found] == ["ct-junction", "tl-junction", "ls-junction"]
    assert {row["confidence_words"] for row in found} == {"uncertain or disputed"}


def test_the_source_filter_keeps_the_records_that_name_it() -> None:
    found = rows("knowledge", "--source", "pope-ccp")
    assert {"common-compensatory", "uncommon-compensatory"} <= {row["id"] for row in found}
    assert all("pope-ccp" in {source["id"] for source in row["sources"]} for row in found)


def test_sources_are_listed_and_the_unread_ones_marked() -> None:
    lines = run("knowledge", "--kind", "source").splitlines()
    assert len(lines) == len(load().sources)
    [glossary] = [line for line in lines if line.startswith("ecop-glossary ")]
    assert glossary.endswith("(text not retrieved)")


def test_show_prints_one_record_whole() -> None:
    text = run("knowledge", "show", "oa")
    assert "default: head" in text
    assert "region: cervical; why: Chiropractic CPT regions" in text
    assert "confidence: two or more sources agree [V]" in text
    assert f"review: {AWAITING_REVIEW}" in text
    assert "Lecture 171b: Billing and Coding for OMT" in text


def test_show_prints_a_source_with_its_warning() -> None:
    assert "NOT TO BE TRUSTED" in run("knowledge", "show", "250plus-ribs")


def test_show_names_the_nearest_id() -> None:
    assert run("knowledge", "show", "diafragm", code=2).startswith("no record 'diafragm'; nearest: diaphragm")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--kind", "rumor"), "no such kind: 'rumor'; kinds: region, assignment"),
        (("--source", "pope-cpp"), "no such source: 'pope-cpp'; nearest: pope-ccp"),
        (("--confidence", "sure"), "no such confidence: 'sure'; one of V, 1, K, ?, derived"),
    ],
)
def test_a_filter_that_does_not_exist_is_refused(arguments: tuple[str, str], message: str) -> None:
    assert run("knowledge", *arguments, code=2).startswith(message)


def test_explain_gives_each_meaning_of_a_colliding_short_form() -> None:
    text = run("explain", "SFT")
    assert text.startswith("SFT: 2 meanings")
    assert "meaning: standing flexion test" in text
    assert "meaning: seated flexion test" in text
    assert "told apart: Also seated flexion test: never mapped silently" in text
    assert f"review: {AWAITING_REVIEW}" in text
    assert "source: Sacral instant diagnosis (Thompson, ACOM)" in text


def test_explain_heeds_case_and_mentions_the_other_one() -> None:
    same_case, _, other_case = run("explain", "pt").partition("also written")
    assert "meaning: patient" in same_case
    assert "physical therapy" not in same_case
    assert other_case.startswith(" 'PT': abbreviation PT: physical therapy")


def test_explain_takes_the_other_case_when_there_is_only_that() -> None:
    assert "left on left sacral torsion" in run("explain", "lol")


def test_explain_takes_several_words_and_any_hyphen() -> None:
    assert {row["id"] for row in rows("explain", "ct", "junction")} >= {"ct-junction"}


def test_explain_finds_a_disputed_structure() -> None:
    found = rows("explain", "diaphragm")
    assert ("assignment", "diaphragm") in {(row["kind"], row["id"]) for row in found}


def test_explain_marks_a_form_nobody_saw() -> None:
    text = run("explain", "USF")
    assert "seen in a source: no" in text
    assert "uncertain or disputed [?]" in text


def test_numbers_of_cpt_are_not_shown_without_a_license() -> None:
    everything = (
        run("knowledge", "--json")
        + run("knowledge", "--search", "regions")
        + run("knowledge", "show", "omt-1-2")
    )
    assert "OMT, 1-2 regions" in everything
    assert re.findall(r"\b9(?:892|92)\d\d?\b", everything) == []
    assert "unknown term" in run("explain", "98925", code=2)


def test_an_unknown_term_fails_with_the_nearest_ones() -> None:
    message = run("explain", "counterstrane", code=2)
    assert message.startswith("unknown term 'counterstrane'; nearest: counterstrain")


def test_an_unknown_term_far_from_everything_fails_without_a_guess() -> None:
    assert run("explain", "qqqqzzzz", code=2).strip() == "unknown term 'qqqqzzzz'"
