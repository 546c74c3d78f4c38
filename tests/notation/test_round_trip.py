"""What is written in the house style is read back unchanged."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.medicine.findings import Finding
from openomt.medicine.notation import read, write
from tests.notation.strategies import FINDINGS


@given(FINDINGS)
@settings(max_examples=2000, deadline=None)
def test_a_finding_written_is_the_finding_read(finding: Finding) -> None:
    assert read(write([finding])).values == (finding,)


@given(st.lists(FINDINGS, min_size=1, max_size=6))
@settings(max_examples=500, deadline=None)
def test_many_findings_written_are_the_findings_read(findings: list[Finding]) -> None:
    assert read(write(findings)).values == tuple(findings)
