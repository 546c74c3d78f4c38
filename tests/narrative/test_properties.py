"""What holds of the note and the summary of every visit, however odd."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum

from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.medicine.anatomy import (
    SPINE,
    Level,
    LevelKind,
    Region,
    Side,
    named_level,
    rib_level,
    segment_level,
)
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.narrative import (
    CodeLine,
    Note,
    SectionKey,
    Sentence,
    Summary,
    note,
    patient_summary,
    questions_text,
    resolve,
    to_data,
    to_markdown,
    to_text,
)
from openomt.medicine.narrative.exam import GREATEST
from openomt.medicine.narrative.words import MOTION_PARTS
from openomt.medicine.visit import (
    Consent,
    Evaluation,
    ExamState,
    Plan,
    Response,
    Setting,
    Signature,
    Treatment,
    Visit,
)

# No deadline: the first example reads all of knowledge.
thorough = settings(max_examples=150, deadline=None)
usual = settings(max_examples=60, deadline=None)

HOSTILE = ["<script>alert(1)</script>", "\x1b[2J", "a\nSIGNATURE\n  Signed by: X", "`*_|#",
           "{place}", "\u202eleft",
           "1. one\n---\n", "    indented", "\r\n", "\ud800", "&lt;", " "]  # fmt: skip
texts = st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE))
some_texts = st.lists(texts, max_size=2).map(tuple)

sides = st.none() | st.sampled_from(Side)
spinal_levels = st.tuples(st.integers(0, len(SPINE) - 1), st.integers(0, 3)).map(
    lambda pair: segment_level(SPINE[pair[0]], SPINE[min(pair[0] + pair[1], len(SPINE) - 1)])
)
rib_levels = st.tuples(st.integers(1, 12), st.integers(0, 3)).map(
    lambda pair: rib_level(pair[0], min(pair[0] + pair[1], 12))
)
plain_names = st.sampled_from(["psoas", "sacrum", "innominate", "AL1", "seated flexion test", "SBS"])
plain_levels = spinal_levels | rib_levels | st.builds(named_level, plain_names, st.sampled_from(LevelKind))
odd_levels = st.builds(Level, texts, st.sampled_from(LevelKind), texts, texts)
motions = st.builds(
    SpinalMotion,
    st.none() | st.sampled_from(Plane),
    sides,
    sides,
    st.sampled_from(Frame),
    st.lists(st.sampled_from(MOTION_PARTS), max_size=3).map(tuple),
)
tarts = st.lists(st.sampled_from(Tart), max_size=4).map(tuple)
scores = st.integers(0, 10)
patterns = st.sampled_from(
    ["upslip", "inhalation", "L on R torsion", "positive", "negative", "tenderpoint", "deep"]
)
structured_findings = st.builds(
    Finding,
    st.sampled_from(Region),
    st.none() | plain_levels,
    sides,
    st.none() | motions,
    st.none() | patterns,
    tarts,
    st.none() | st.integers(0, 3),
    st.booleans(),
)
odd_findings = st.builds(
    Finding,
    st.sampled_from(Region),
    st.none() | plain_levels | odd_levels,
    sides,
    st.none() | motions,
    st.none() | texts,
    tarts,
    st.none() | st.integers(-2, 9),
    st.booleans(),
    st.none() | texts,
    st.none() | st.tuples(scores, scores),
    st.none() | texts,
)
techniques = st.none() | st.sampled_from(["hvla", "ME", "Still", "visceral"]) | texts
treatments = st.builds(
    Treatment, techniques, st.none() | st.sampled_from(Region), st.none() | plain_levels | odd_levels, sides
)
evaluations = st.from_type(Evaluation)
visits = st.builds(
    Visit,
    date=st.none() | st.dates(),
    setting=st.builds(Setting, performer=texts),
    chief_complaint=texts,
    history=texts,
    function=texts,
    function_change=texts,
    safety_screen=texts,
    related_exam=texts,
    assessment=texts,
    shorthand=texts,
    findings=st.lists(structured_findings | odd_findings, max_size=5).map(tuple),
    states=st.lists(st.tuples(st.sampled_from(Region), st.sampled_from(ExamState)), max_size=4).map(tuple),
    treatments=st.lists(treatments, max_size=4).map(tuple),
    responses=st.lists(st.tuples(st.sampled_from(Region), st.sampled_from(Response)), max_size=4).map(tuple),
    positions=texts,
    tolerance=texts,
    complications=some_texts,
    complications_asked=st.booleans(),
    evaluation=st.none() | evaluations,
    consent=st.builds(Consent, st.none() | st.booleans(), some_texts, some_texts),
    plan=st.builds(
        Plan,
        some_texts,
        texts,
        texts,
        texts,
        some_texts,
        some_texts,
        some_texts,
        some_texts,
        st.none() | st.booleans(),
    ),
    signature=st.none()
    | st.builds(Signature, texts, texts, st.datetimes(timezones=st.none() | st.just(dt.UTC))),
    free_text=texts,
    response_words=st.lists(st.tuples(st.sampled_from(Region), texts), max_size=2).map(tuple),
    signed=st.none() | st.booleans(),
)
code_lines = st.lists(st.builds(CodeLine, texts, texts, texts), max_size=2).map(tuple)


def sentences(told: Note | Summary) -> Iterator[Sentence]:
    parts = told.parts if isinstance(told, Summary) else [part for s in told.sections for part in s.parts]
    for part in parts:
        yield from part.sentences


def holds_something(value: object) -> bool:
    return value is not None and value not in ("", ())


@given(visits, code_lines)
@thorough
def test_every_sentence_leads_back_to_data_that_is_there(visit: Visit, codes: tuple[CodeLine, ...]) -> None:
    told = note(visit, codes=codes)
    for origin in [*(s.origin for s in sentences(told)), *(q.origin for q in told.to_confirm)]:
        assert origin
        for path in origin:
            assert holds_something(resolve(path, visit, codes)), path


@given(visits, st.sampled_from(["en", "es"]))
@thorough
def test_every_sentence_for_the_patient_leads_back_to_data_that_is_there(visit: Visit, language: str) -> None:
    for sentence in sentences(patient_summary(visit, language)):
        assert sentence.origin
        for path in sentence.origin:
            assert holds_something(resolve(path, visit)), path


@given(visits)
@thorough
def test_every_finding_stands_in_exactly_one_line_of_the_exam(visit: Visit) -> None:
    told = Counter[int]()
    for part in (part for s in note(visit).sections if s.key is SectionKey.OBJECTIVE for part in s.parts):
        for sentence in part.sentences:
            if sentence.label != GREATEST:
                told.update({int(path.split("[")[1].split("]")[0]) for path in sentence.origin
                             if path.startswith("findings[")})  # fmt: skip
    assert told == Counter(range(len(visit.findings)))


def stated_tokens(value: object) -> Iterator[str]:
    """Every side, number and text that a value holds, as words."""
    if isinstance(value, Level):
        yield from re.findall(r"\w+", f"{value.name} {value.first} {value.last}")
    elif isinstance(value, Enum):
        yield from re.findall(r"\w+", str(value.value))
    elif is_dataclass(value):
        for field in fields(value):
            yield from stated_tokens(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from stated_tokens(part)
    elif value is not None:
        yield from re.findall(r"\w+", str(value))


# Words of the printed scales, of TART and of patterns spelled out say no side, number or level.
PLACE_OR_NUMBER = re.compile(r"\d|^(left|right|bilateral|bilaterally)$|^(?:OA|AA|[CTLS]\d+)$")
SCALES = re.compile(r" of (?:3|10)\b|\(outside 0 to 3\)")


@given(visits)
@thorough
def test_every_side_number_and_level_of_a_sentence_is_in_its_data(visit: Visit) -> None:
    for sentence in sentences(note(visit)):
        printed = SCALES.sub("", sentence.text) if not sentence.quoted else sentence.text
        said = {word for word in re.findall(r"\w+", printed) if PLACE_OR_NUMBER.search(word)}
        held = {token for path in sentence.origin for token in stated_tokens(resolve(path, visit))}
        held |= {f"{side}ly" for side in held & {"bilateral"}}
        assert said <= held, (sentence, said - held)


@given(st.lists(structured_findings, max_size=4).map(tuple))
@thorough
def test_an_inferred_part_changes_nothing_that_is_printed(findings: tuple[Finding, ...]) -> None:
    """What is printed of a motion with inferred parts is what would be printed had they never been there."""
    told = note(Visit(findings=findings))
    for sentence in sentences(told):
        for path in sentence.origin:
            if ".motion." in path and not path.endswith(".frame"):
                number, part = int(path.split("[")[1].split("]")[0]), path.rsplit(".", 1)[1]
                motion = findings[number].motion
                assert motion is not None
                assert part not in motion.inferred
    without = tuple(without_inferred(finding) for finding in findings)
    assert to_text(told).replace("position awaits confirmation", "named, nothing more recorded") == to_text(
        note(Visit(findings=without))
    ).replace("position awaits confirmation", "named, nothing more recorded")


def without_inferred(finding: Finding) -> Finding:
    motion = finding.motion
    if motion is None:
        return finding
    left = SpinalMotion(
        None if "plane" in motion.inferred else motion.plane,
        None if "rotation" in motion.inferred else motion.rotation,
        None if "sidebend" in motion.inferred else motion.sidebend,
        motion.frame,
    )
    empty = left.plane is None and left.rotation is None and left.sidebend is None
    # An empty motion keeps a finding from being a bare negative of its region.
    return replace(finding, motion=SpinalMotion() if empty else left)


@given(visits)
@usual
def test_every_inferred_part_is_asked(visit: Visit) -> None:
    asked = {
        path for question in note(visit).to_confirm if question.id == "inferred" for path in question.origin
    }
    assert asked == {
        f"findings[{number}].motion.{part}"
        for number, finding in enumerate(visit.findings)
        if finding.motion
        for part in finding.motion.inferred
        if getattr(finding.motion, part) is not None
    }


@given(visits, code_lines)
@usual
def test_the_same_visit_gives_the_same_note(visit: Visit, codes: tuple[CodeLine, ...]) -> None:
    again = replace(visit)
    assert note(visit, codes=codes) == note(again, codes=codes)
    assert to_text(note(visit)) == to_text(note(again))
    assert to_markdown(patient_summary(visit, "es")) == to_markdown(patient_summary(again, "es"))


FREE_TEXT = ("chief_complaint", "history", "function", "function_change", "safety_screen", "related_exam",
             "assessment", "shorthand", "positions", "tolerance", "free_text")  # fmt: skip


@given(visits)
@usual
def test_free_text_is_kept_character_for_character(visit: Visit) -> None:
    quoted = Counter((path, s.text) for s in sentences(note(visit)) if s.quoted for path in s.origin)
    for name in FREE_TEXT:
        words = getattr(visit, name)
        assert quoted[name, words] == (1 if words else 0)
    for number, goal in enumerate(visit.plan.goals):
        assert quoted[f"plan.goals[{number}]", goal] == (1 if goal else 0)


@given(visits, st.sampled_from(["en", "es"]))
@usual
def test_the_patient_reads_no_code_and_the_plan_as_it_was_written(visit: Visit, language: str) -> None:
    told = patient_summary(visit, language)
    plan = [
        text for s in sentences(told) if s.quoted and s.origin[0].startswith("plan.") for text in [s.text]
    ]
    goals = [goal for goal in visit.plan.goals if goal]
    assert plan[: len(goals)] == goals
    assert not any(
        path.startswith(("evaluation", "billing", "codes")) for s in sentences(told) for path in s.origin
    )


@given(visits, code_lines)
@thorough
def test_a_printed_note_is_80_columns_wide_and_harmless(visit: Visit, codes: tuple[CodeLine, ...]) -> None:
    told = note(visit, codes=codes)
    headings = [section.title.upper() for section in told.sections]
    for summary in (patient_summary(visit, "en"), patient_summary(visit, "es")):
        to_text(summary).encode("utf-8")
    text = to_text(told)
    assert [line for line in text.split("\n") if line and not line.startswith(" ")] == headings
    for line in (text + questions_text(told.to_confirm)).split("\n"):
        assert len(line) <= 80
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line)


@given(visits, code_lines)
@usual
def test_a_told_visit_becomes_json(visit: Visit, codes: tuple[CodeLine, ...]) -> None:
    for told in (note(visit, codes=codes), patient_summary(visit, "es")):
        data = to_data(told)
        assert json.loads(json.dumps(data)) == data
