"""What is carried forward: findings and treatment as written, never the answer of that day."""

from __future__ import annotations

import pytest

from openomt.care.visits.before import carried_lines
from openomt.medicine.charting import visit_of
from openomt.medicine.notation import read

CARRIED = {
    "T5 FRSr (2) boggy; BLT; improved": ["T5 FRSr (2) boggy; BLT"],
    "C4 FRSr; HVLA; resolved\nL3 ERSl; ME": ["C4 FRSr; HVLA", "L3 ERSl; ME"],
    "T5 FRSr; ME\nimproved": ["T5 FRSr; ME"],
    "T5 FRSr; ME\nhead, neck, T-spine improved\nribs unchanged": ["T5 FRSr; ME"],
    "C4 FRSr, L3 ERSl; ME; neck improved; L-spine unchanged": ["C4 FRSr, L3 ERSl; ME"],
    "abdomen: no dysfunction": ["abdomen: no dysfunction"],
    "T5 FRSr": ["T5 FRSr"],
    "": [],
}


@pytest.mark.parametrize(("text", "lines"), CARRIED.items())
def test_a_line_is_carried_without_its_response(text: str, lines: list[str]) -> None:
    assert [line.text for line in carried_lines(text)] == lines


@pytest.mark.parametrize("text", CARRIED)
def test_what_is_carried_holds_the_same_findings_and_treatments_and_no_response(text: str) -> None:
    carried = visit_of(read("\n".join(line.text for line in carried_lines(text))))
    told = visit_of(read(text))
    assert carried.findings == told.findings
    assert carried.treatments == told.treatments
    assert carried.responses == ()
