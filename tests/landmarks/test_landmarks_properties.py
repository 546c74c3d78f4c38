"""What holds of every diagnosis: mirror symmetry, more agreement never harms, no exceptions, speed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from openomt.medicine.anatomy import Side
from openomt.medicine.landmarks import (
    Diagnosis,
    Observation,
    ObservationError,
    catalog,
    diagnose,
    read_tests,
)

SWAP = {"L": "R", "R": "L", "left": "right", "right": "left"}
ARGUMENTS = [f"{key}={result}" for _, _, key, results in catalog() for result in results]
arguments = st.lists(st.sampled_from(ARGUMENTS), max_size=10)


def mirror_name(text: str) -> str:
    return re.sub(r"\b(L|R|left|right)\b", lambda match: SWAP[match[0]], text)


def mirror(observation: Observation) -> Observation:
    side = observation.side.opposite if observation.side else None
    return replace(observation, side=side)


def ranks(diagnosis: Diagnosis) -> dict[str, tuple[int, int]]:
    return {candidate.name: (candidate.rank, candidate.score) for candidate in diagnosis.candidates}


@given(arguments)
def test_the_mirror_image_has_the_mirrored_diagnosis(given_tests: list[str]) -> None:
    observations = read_tests(given_tests)
    straight = diagnose(observations)
    mirrored = diagnose([mirror(one) for one in observations])
    for one, image in zip(straight, mirrored, strict=True):
        assert {mirror_name(name): rank for name, rank in ranks(one).items()} == ranks(image)
        assert {mirror_name(name) for name in one.open} == set(image.open)
        assert {(d.test, d.separates) for d in one.deciding} == {
            (d.test, d.separates) for d in image.deciding
        }
        assert [mirror_name(text) for text in one.conflicts] == list(image.conflicts)


@given(arguments, st.data())
def test_a_fitting_test_never_lowers_a_candidate(given_tests: list[str], data: st.DataObject) -> None:
    observations = list(read_tests(given_tests))
    for one in diagnose(observations):
        candidate = data.draw(st.sampled_from(one.candidates))
        conflicted = {title.split(":")[0] for title in one.conflicts}
        wanted = [reason for reason in candidate.missing if reason.title not in conflicted]
        if not wanted:
            continue
        reason = data.draw(st.sampled_from(wanted))
        more = observation_of(reason.test, data.draw(st.sampled_from(reason.expected)), one)
        after = next(
            d for d in diagnose([*observations, more]) if (d.family, d.place) == (one.family, one.place)
        )
        now = next(c for c in after.candidates if c.name == candidate.name)
        assert now.rank <= candidate.rank
        assert now.score == candidate.score + 1


def observation_of(test: str, result: str, diagnosis: Diagnosis) -> Observation:
    """`deep right` as an observation."""
    value, _, side = result.partition(" ")
    sides = {"left": Side.LEFT, "right": Side.RIGHT, "both": Side.BILATERAL, "": None}
    return Observation(test, value, sides[side], diagnosis.place)


@given(arguments)
def test_every_candidate_carries_reasons_and_sources(given_tests: list[str]) -> None:
    for one in diagnose(read_tests(given_tests)):
        assert [c.rank for c in one.candidates] == sorted(c.rank for c in one.candidates)
        for candidate in one.candidates:
            assert candidate.score == len(candidate.fits) - len(candidate.contradicts)
            assert candidate.sources
            assert candidate.confidence in ("V", "1", "K", "?", "derived")
            assert all(
                r.why and r.expected for r in (*candidate.fits, *candidate.contradicts, *candidate.missing)
            )
            assert all(r.observed for r in (*candidate.fits, *candidate.contradicts))
            assert all(not r.observed for r in candidate.missing)


@given(st.text(max_size=30))
def test_any_text_reads_or_is_refused_in_words(text: str) -> None:
    try:
        read = read_tests(text)
    except ObservationError as error:
        read = ()
        message = str(error)
    else:
        message = "argument"
    assert message.startswith("argument")
    assert len(read) <= len(text.split())


def test_a_diagnosis_takes_less_than_two_milliseconds() -> None:
    observations = read_tests(
        "seated-flexion=R sulcus-deep=R ila-posterior=L spring=neg l5-plane=N"
        " standing-flexion=R asis-inferior=R psis-superior=R"
    )
    diagnose(observations)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        diagnose(observations)
        times.append(time.perf_counter() - start)
    assert sorted(times)[25] < 0.002


def test_pydantic_is_not_loaded_before_a_table_is_needed() -> None:
    code = "import sys, openomt.medicine.landmarks; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
