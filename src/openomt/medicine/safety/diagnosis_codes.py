"""What codes of ICD-10-CM mean for safety."""

from __future__ import annotations

from openomt.medicine.phrases import Status
from openomt.medicine.safety.chart import Problem
from openomt.medicine.safety.recognition_tables import (
    CodeMeaning,
    FactAt,
    recognition_tables,
)
from openomt.medicine.safety.signs import Sign
from openomt.medicine.safety.values import Fact, Origin, OriginKind

_SEVENTH = 6
_SHORTEST = 3


def code_meaning(code: str) -> tuple[CodeMeaning, str] | None:
    """What a code means, by the longest known beginning of it, and that beginning. None: nothing known."""
    bare = code.strip().upper().replace(".", "")
    codes = recognition_tables().codes
    for size in range(len(bare), _SHORTEST - 1, -1):
        found = codes.get(bare[:size])
        if found is not None:
            return found, bare[:size]
    return None


def signs_of_code(problem: Problem) -> list[Sign]:
    """The signs of a problem's code."""
    found = code_meaning(problem.code)
    if found is None:
        return []
    meaning, _ = found
    status = Status.PAST if problem.over else Status.PRESENT
    state = _encounter(meaning, problem.code)
    origin = _origin(problem, meaning)
    signs = [_sign(at, status, origin, problem) for at in meaning.lasting]
    if state != "over":
        signs += [_sign(at, status, origin, problem, ask=state == "healing") for at in meaning.meaning.facts]
        signs += [_sign(at, status, origin, problem, ask=True) for at in meaning.meaning.asks]
    return signs


def weeks_of_code(code: str) -> int | None:
    """The weeks a code states (`Z3A.22`); None for any other."""
    found = code_meaning(code)
    if found is None or not found[0].weeks:
        return None
    digits = code.strip().upper().replace(".", "")[len(found[1]) :]
    return int(digits) if digits.isdigit() and int(digits) > 0 else None


def _encounter(meaning: CodeMeaning, code: str) -> str:
    bare = code.strip().upper().replace(".", "")
    if not meaning.encounter or len(bare) <= _SEVENTH:
        return "current"
    return recognition_tables().encounters.get(bare[_SEVENTH], "current")


def _origin(problem: Problem, meaning: CodeMeaning) -> Origin:
    source = f"{problem.code} {problem.text}".strip()
    why = meaning.meaning.why or "the code means it"
    return Origin(
        OriginKind.DIAGNOSIS,
        source,
        why,
        0,
        len(problem.code),
        meaning.meaning.sources,
        meaning.meaning.confidence,
    )


def _sign(at: FactAt, status: Status, origin: Origin, problem: Problem, ask: bool = False) -> Sign:
    current = status is Status.PRESENT and problem.onset is None
    return Sign(Fact(at.code, at.region), status, origin, ask, problem.onset, recent=current)
