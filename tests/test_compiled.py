"""The reader's compiled modules are used only while they are of the very sources that stand there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from openomt import compiled


@pytest.fixture
def notation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sources whose modules were compiled just now."""
    folder = tmp_path / "medicine" / "notation"
    folder.mkdir(parents=True)
    for source in (folder / "read.py", folder.parent / "findings.py"):
        source.write_text("one = 1\n", encoding="utf-8")
    built = tmp_path / "built"
    built.mkdir()
    monkeypatch.delenv("OPENOMT_PURE", raising=False)
    monkeypatch.setattr(compiled, "BUILT", built)
    monkeypatch.setattr(compiled, "STAMP", built / "sources")
    compiled.STAMP.write_text(compiled.fingerprint(folder), encoding="utf-8")
    return folder


def test_modules_of_these_sources_are_used(notation: Path) -> None:
    assert compiled.compiled_folder(notation) == str(compiled.BUILT)


def test_the_environment_asks_for_pure_python(notation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENOMT_PURE", "1")
    assert compiled.compiled_folder(notation) is None


@pytest.mark.parametrize("changed", ["read.py", "../findings.py"])
def test_a_changed_source_is_never_read_compiled(notation: Path, changed: str) -> None:
    source = notation / changed
    before = source.stat().st_mtime_ns
    source.write_text("one = 2\n", encoding="utf-8")
    os.utime(source, ns=(before, before + 1_000_000))
    assert compiled.compiled_folder(notation) is None


def test_a_new_source_is_never_left_out(notation: Path) -> None:
    (notation / "more.py").touch()
    assert compiled.compiled_folder(notation) is None


def test_another_checkout_reads_its_own_sources(notation: Path) -> None:
    assert compiled.compiled_folder(notation.parent) is None


def test_nothing_compiled_is_pure_python(notation: Path) -> None:
    compiled.STAMP.unlink()
    assert compiled.compiled_folder(notation) is None
