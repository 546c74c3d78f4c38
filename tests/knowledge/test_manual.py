"""The manual shows every record with what it stands on, and every example the tests run."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from openomt.knowledge import AWAITING_REVIEW, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def manual() -> ModuleType:
    spec = importlib.util.spec_from_file_location("manual", ROOT / "tools" / "manual.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["manual"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(manual: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("generated")
    manual.write_pages(out)
    return {path.stem: path.read_text(encoding="utf-8") for path in out.glob("*.md")}


def test_every_record_stands_on_some_page_with_its_review_state(
    manual: ModuleType, pages: dict[str, str]
) -> None:
    rows = "\n".join(pages.values())
    missing = [r.id for r in load().everything() if manual.escape(r.id) not in rows]
    assert missing == []
    assert rows.count(AWAITING_REVIEW) >= sum(1 for r in load().everything() if r.reviewed is None)


def test_every_source_can_be_linked_to(pages: dict[str, str]) -> None:
    links = set(re.findall(r'href="sources\.html#([^"]+)"', "\n".join(pages.values())))
    anchors = set(re.findall(r'<a id="([^"]+)"', pages["sources"]))
    assert len(anchors) == len(load().sources)
    assert links <= anchors


def test_every_page_is_in_the_contents(pages: dict[str, str]) -> None:
    listed = set(pages["index"].split())
    assert {name for name in pages if name != "index"} <= listed


def test_no_number_of_cpt_is_printed(pages: dict[str, str]) -> None:
    assert {name: re.findall(r"\b9892\d\b|\b9920\d\b|\b9921\d\b", text) for name, text in pages.items()} == {
        name: [] for name in pages
    }


def test_a_kind_that_no_page_names_appears_by_itself(
    manual: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(manual, "PAGES", ())
    manual.write_pages(tmp_path)
    assert "## Technique" in (tmp_path / "more-vocabulary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("*not bold*", r"\*not bold\*"),
        ("<b>", r"\<b\>"),
        ("two\nlines", "two lines"),
        ("T5 FRSr", "T5 FRSr"),
    ],
)
def test_text_is_shown_as_it_stands(manual: ModuleType, text: str, shown: str) -> None:
    assert manual.escape(text) == shown


def test_the_example_tables_of_the_tests_become_pages(
    manual: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "notation"
    folder.mkdir()
    (folder / "spine.toml").write_text(
        '[[case]]\nfamily = "spine"\ntext = "T5 FRSr|"\nmeans = ["T5 flexed", "rotated right"]\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(manual, "TESTS", tmp_path)
    page = manual.example_pages()["examples-notation"]
    assert "# Every notation accepted" in page
    assert "## Spine" in page
    assert "| <code>T5 FRSr&#124;</code> | T5 flexed, rotated right |" in page
