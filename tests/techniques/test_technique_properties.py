"""What holds of every suggestion, whoever the patient is and whatever was found."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.knowledge import load
from openomt.knowledge.safety import PatientFact, TechniqueCard
from openomt.medicine.findings import Finding
from openomt.medicine.notation import read
from openomt.medicine.safety.plan import stated
from openomt.medicine.safety.values import Fact, PatientFacts, Verdict
from openomt.medicine.techniques import Option, Preferences, Refusal, Standing, suggest

FACTS = sorted(record.id for record in load().all(PatientFact))
CODES = sorted(str(card.id) for card in load().all(TechniqueCard))
COMPLAINTS = (
    None,
    "low back pain",
    "acute low back pain",
    "COPD",
    "headache",
    "fibromyalgia",
    "sciatica",
    "M54.2",
)
FINDINGS = [
    finding
    for text in (
        "L4 FRSr", "OA FSrRl", "PL3 tender R", "ribs 3-5 inh L", "L on R torsion", "diaphragm restricted",
        "SBS torsion R", "R shoulder restricted", "edema both legs", "Chapman's point R 5th ICS tender",
        "T12-L2 NSrRl", "L psoas trigger point",
    )
    for finding in read(text).values
]  # fmt: skip

patients = st.builds(
    lambda codes, months, weeks: PatientFacts(
        age_months=months, weeks=weeks, present=tuple(stated(Fact(code)) for code in sorted(codes))
    ),
    st.sets(st.sampled_from(FACTS), max_size=4),
    st.one_of(st.none(), st.integers(0, 1200)),
    st.one_of(st.none(), st.integers(0, 42)),
)
findings = st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=3)
refused = st.lists(st.sampled_from(CODES), max_size=3)
few = settings(max_examples=60, deadline=None)


def ranked(
    patient: PatientFacts, found: Sequence[Finding], complaint: str | None, *codes: str
) -> list[list[Option]]:
    preferences = Preferences(refused=tuple(Refusal(code) for code in codes))
    return [list(target.options) for target in suggest(patient, found, complaint, preferences).targets]


@few
@given(patients, findings, st.sampled_from(COMPLAINTS), refused)
def test_ranks_run_from_1_without_a_gap_and_are_the_same_each_time(
    patient: PatientFacts, found: list[Finding], complaint: str | None, codes: list[str]
) -> None:
    first = ranked(patient, found, complaint, *codes)
    for options in first:
        assert [option.rank for option in options] == list(range(1, len(options) + 1))
        assert len({option.technique for option in options}) == len(options)
    assert ranked(patient, found, complaint, *codes) == first


@few
@given(patients, findings, st.sampled_from(COMPLAINTS), refused)
def test_what_is_contraindicated_never_ranks_above_what_is_not(
    patient: PatientFacts, found: list[Finding], complaint: str | None, codes: list[str]
) -> None:
    for options in ranked(patient, found, complaint, *codes):
        barred = [option.verdict.rank >= Verdict.ABSOLUTE.rank for option in options]
        assert barred == sorted(barred)
        willing = [option.verdict.rank for option in options if option.technique not in codes]
        assert willing == sorted(willing)


@few
@given(patients, findings, st.sampled_from(COMPLAINTS), refused)
def test_every_rule_behind_a_limit_is_named(
    patient: PatientFacts, found: list[Finding], complaint: str | None, codes: list[str]
) -> None:
    for options in ranked(patient, found, complaint, *codes):
        for option in options:
            if option.verdict is not Verdict.CLEAR:
                assert option.fired[0].level == option.verdict.value
                assert option.fired[0].why
            assert option.reasons
            assert all(reason.text and reason.sources and reason.confidence for reason in option.reasons)


@few
@given(patients, findings, st.sampled_from(COMPLAINTS), refused)
def test_refusing_hides_nothing_changes_no_verdict_and_is_said(
    patient: PatientFacts, found: list[Finding], complaint: str | None, codes: list[str]
) -> None:
    before = ranked(patient, found, complaint)
    after = ranked(patient, found, complaint, *codes)
    for plain, refusing in zip(before, after, strict=True):
        assert {(o.technique, o.verdict) for o in plain} == {(o.technique, o.verdict) for o in refusing}
        for option in refusing:
            if option.technique in codes:
                assert option.standing in (Standing.REFUSED, Standing.CONTRAINDICATED)
                assert any("the patient refused" in reason.text for reason in option.reasons)


@few
@given(patients, findings, st.sampled_from(FACTS))
def test_one_more_fact_never_makes_a_verdict_milder_and_hides_nothing(
    patient: PatientFacts, found: list[Finding], code: str
) -> None:
    more = PatientFacts(
        age_months=patient.age_months, weeks=patient.weeks, present=(*patient.present, stated(Fact(code)))
    )
    for before, after in zip(ranked(patient, found, None), ranked(more, found, None), strict=True):
        later = {option.technique: option.verdict.rank for option in after}
        assert all(later[option.technique] >= option.verdict.rank for option in before)


@few
@given(patients, findings, st.sets(st.sampled_from(["supine", "prone", "side", "seated", "standing"])))
def test_no_position_is_named_that_the_patient_cannot_take(
    patient: PatientFacts, found: list[Finding], cannot: set[str]
) -> None:
    preferences = Preferences(positions_not_possible=frozenset(cannot))
    for target in suggest(patient, found, None, preferences).targets:
        for option in target.options:
            assert cannot.isdisjoint(option.positions)
            if option.standing in (Standing.OFFERED, Standing.WITH_REASON):
                assert option.positions


@few
@given(findings, st.sampled_from(COMPLAINTS))
def test_the_score_is_the_sum_of_the_reasons(found: list[Finding], complaint: str | None) -> None:
    for options in ranked(PatientFacts(), found, complaint):
        for option in options:
            assert option.score == round(sum(reason.weight for reason in option.reasons), 1)
