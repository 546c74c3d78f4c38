"""The README's transcripts are what the program prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openomt.cli import app

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCKS = re.findall(
    r"```console\n\$ openomt ([^\n]+)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
)


def test_there_are_transcripts() -> None:
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize(("command", "printed"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_a_transcript_is_what_the_program_prints(command: str, printed: str) -> None:
    result = CliRunner().invoke(app, shlex.split(command.removesuffix("2>/dev/null")))
    assert result.stdout.rstrip() == printed.rstrip()
