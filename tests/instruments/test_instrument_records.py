"""The records of instruments: whose they are, what may not stand here, which codes are confirmed."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from openomt.knowledge import Confidence, KnowledgeError, load
from openomt.knowledge.instruments import (
    AnswerAlert,
    BarredInstrument,
    ChangeRule,
    ImportedChange,
    ReviewRule,
)
from openomt.knowledge.loader import DATA, read_files
from openomt.knowledge.narrative import AWAITING_TRANSLATOR, Phrase
from openomt.medicine.instruments import ScoreError, instrument, instruments, score
from tests.reading_level import grade, sentences

SHIPPED = instruments()
BARRED = load().all(BarredInstrument)
GRADE = 6

# A shippable record with a name to try. Nothing of it but the name matters.
RECORD = """
[[instrument]]
id = "{id}"
title = "{title}"
abbreviation = "{abbreviation}"
names = ["{name}"]
domain = "trial"
verdict = "SHIP"
use = "optional"
no_bands = "none"
no_change = "none"
sources = ["openomt"]
confidence = "derived"
license = {{ owner = "nobody", statement = "trial", confidence = "derived" }}
text = {{ wording = "own", es_state = "own", confidence = "derived" }}
items = [{{ id = "q1", kind = "number", topic = "t", low = 0, high = 1, en = "One?", es = "¿Uno?" }}]
scoring = {{ method = "sum", low = 0, high = 1, better = "lower", words = "sum", confidence = "derived" }}
missing = {{ rule = "complete", published = "none", confidence = "derived" }}
"""
PLAIN = {"id": "trial", "title": "Trial", "abbreviation": "TRIAL", "name": "a trial"}


def loading(tmp_path: Path, text: str) -> list[str]:
    """What the loader says against a record beside the shipped ones."""
    path = tmp_path / "trial.toml"
    path.write_text(text, encoding="utf-8")
    try:
        read_files([*DATA.glob("sources*.toml"), *(DATA / "instruments").glob("*.toml"), path])
    except KnowledgeError as error:
        return error.problems
    return []


# What may not be shipped -----------------------------------------------------------------------------------

MUST_BE_BARRED = {
    # short name: one of its long names
    "ODI": "Oswestry Disability Index", "NDI": "Neck Disability Index", "HIT-6": "Headache Impact Test",
    "SF-36v2": "Short Form 36", "SF-12v2": "Short Form 12", "MIDAS": "Migraine Disability Assessment",
    "ISI": "Insomnia Severity Index", "PSQI": "Pittsburgh Sleep Quality Index",
    "BPI": "Brief Pain Inventory", "EQ-5D": "EuroQol", "Epworth": "Epworth Sleepiness Scale",
    "PCS": "Pain Catastrophizing Scale", "GerdQ": "GERD Questionnaire", "SQS": "Sleep Quality Scale",
    "PROMIS": "Patient-Reported Outcomes Measurement Information System",
    "STarT Back": "STarT Back Screening Tool", "REAP-S": "Rapid Eating Assessment for Participants",
    "rPDQS": "Rapid Prime Diet Quality Score", "MEDAS": "Mediterranean Diet Adherence Screener",
    "QuickDASH": "Quick DASH", "LEFS": "Lower Extremity Functional Scale", "CTS-6": "CTS6",
    "QBPDS": "Quebec Back Pain Disability Scale",
}  # fmt: skip
NAMES = sorted({*MUST_BE_BARRED, *MUST_BE_BARRED.values()} | {n for one in BARRED for n in one.names})


def test_a_record_with_a_free_name_loads(tmp_path: Path) -> None:
    assert loading(tmp_path, RECORD.format(**PLAIN)) == []


def test_no_barred_questionnaire_loads_under_any_of_its_names(tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        field = ("title", "abbreviation", "name")[number % 3]
        text = RECORD.format(**PLAIN | {field: name})
        assert any("may not be shipped" in line for line in loading(tmp_path, text)), name


@pytest.mark.parametrize(
    "written",
    ["odi", "The ODI, version 2.1a", "oswestry low back pain disability instrument", "sf36", "SF 36 V2",
     "PROMIS-29 v2.0", "hit 6", "Neck-Disability-Index", "eq5d 5L", "modified Oswestry"],
)  # fmt: skip
def test_another_spelling_does_not_help(tmp_path: Path, written: str) -> None:
    [problem] = loading(tmp_path, RECORD.format(**PLAIN | {"title": written}))
    assert re.search(r"may not be shipped: .+ \((NO|PLUG-IN)\): .+", problem)


def test_a_word_that_only_begins_alike_is_not_barred(tmp_path: Path) -> None:
    assert loading(tmp_path, RECORD.format(**PLAIN | {"title": "Odious isin promise"})) == []


def test_each_barred_questionnaire_names_its_owner_and_is_refused_to_score() -> None:
    for one in BARRED:
        assert one.owner
        with pytest.raises(ScoreError, match="may not be shipped") as caught:
            score(one.title, [0])
        assert one.reason in str(caught.value)


# Six words in a row of instruments that may not stand here, as hashes: not even this test holds the words.
FINGERPRINTS = frozenset(Path(__file__).with_name("fingerprints.txt").read_text(encoding="utf-8").split())


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def fingerprints(text: str) -> set[str]:
    words = re.findall(r"[a-z]+|[0-9]+", text.casefold())
    runs = (" ".join(words[at : at + 6]) for at in range(len(words) - 5))
    return {hashlib.sha256(run.encode()).hexdigest()[:10] for run in runs}


def test_no_words_of_a_barred_questionnaire_stand_anywhere_in_the_data() -> None:
    found = {}
    every: set[str] = set()
    for path in DATA.rglob("*.toml"):
        for text in strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            marks = fingerprints(text)
            every |= marks
            if marks & FINGERPRINTS:
                found[path.name] = text
    assert found == {}
    assert fingerprints("how much pain has interfered with your enjoyment of life?") & every  # it does find


# Whose the text is -----------------------------------------------------------------------------------------


def test_every_shipped_questionnaire_says_why_it_may_be_shipped() -> None:
    for record in SHIPPED:
        assert record.verdict == "SHIP"
        assert record.license.statement
        assert record.license.owner


OWN = {"nrs", "psfs", "sleep", "pgic", "headache_diary"}


def test_published_text_awaits_comparison_and_only_our_own_is_translated_by_us() -> None:
    assert {record.id for record in SHIPPED if record.text.wording == "own"} == OWN
    for record in SHIPPED:
        fixed = record.text.wording == "fixed"
        assert (record.text.state == "to be compared with the published form before release") == fixed
        assert record.text.es_state in (("published", "missing") if fixed else ("own",))
        if fixed:
            assert record.text.confidence is Confidence.TEACHING


@pytest.mark.parametrize(
    ("change", "says"),
    [('wording = "fixed", es_state = "own"', "may not be translated by us"),
     ('wording = "fixed", es_state = "missing"', "says missing, and there is Spanish"),
     ('wording = "own", es_state = "published"', "no published Spanish form")],
)  # fmt: skip
def test_our_own_translation_of_a_published_text_does_not_load(
    tmp_path: Path, change: str, says: str
) -> None:
    text = RECORD.format(**PLAIN).replace('wording = "own", es_state = "own"', change)
    assert any(says in line for line in loading(tmp_path, text))


def test_a_part_without_spanish_does_not_load(tmp_path: Path) -> None:
    text = RECORD.format(**PLAIN).replace("¿Uno?", "")
    assert any("a part is missing" in line for line in loading(tmp_path, text))


# Codes -----------------------------------------------------------------------------------------------------

# LOINC codes the research read, and those it only remembered: these may not be presented as confirmed.
CONFIRMED = {
    "nrs": {"38208-5"},
    "peg": {"91148-7", "75893-8", "91145-3", "91146-1", "91147-9"},
    "phq4": {"70272-0", "44250-9", "44255-8", "69725-0", "68509-9", "LL358-3"},
    "phq2": {"44250-9", "44255-8", "LL358-3"},
    "gad2": {"69725-0", "68509-9", "LL358-3"},
    "phq9": {"44249-1", "44261-6", "44260-8", "44250-9", "44255-8", "LL358-3"},
    "gad7": {"70274-6", "69725-0", "68509-9", "LL358-3"},
    "evs": {"89555-7", "68516-4"},
    "audit_c": {"72109-2", "75626-2", "68519-8", "68520-6"},
}
UNCONFIRMED = {
    "nrs": {"72514-3"}, "phq4": {"69724-3"}, "gad7": {"69737-5"}, "evs": {"89574-8"},
    "sleep": {"93832-4"}, "audit_c": {"68518-0"},
}  # fmt: skip


def test_only_codes_that_were_read_count_as_confirmed() -> None:
    for record in SHIPPED:
        codes = {code.code for code in record.loinc if code.confirmed}
        others = {code.code for code in record.loinc if not code.confirmed}
        assert codes == CONFIRMED.get(record.id, set()), record.id
        assert others == UNCONFIRMED.get(record.id, set()), record.id


def test_the_total_of_another_questionnaire_is_not_sent_for_worry() -> None:
    for record in SHIPPED:
        assert "70273-8" not in {code.code for code in record.loinc}
    for name in ("phq4", "gad2", "gad7"):
        assert any("70273-8" in caution and "PHQ-15" in caution for caution in instrument(name).cautions)


def test_a_code_stands_on_the_item_that_asks_for_it() -> None:
    meant = {"44250-9": "interest", "44255-8": "low mood", "69725-0": "nervous",
             "68509-9": "control of worry", "44260-8": "better off dead or self-harm"}  # fmt: skip
    for record in SHIPPED:
        topics = {item.id: item.topic for item in record.items}
        for code in record.loinc:
            assert code.of in {"panel", "total", "answers", *topics}
            if code.code in meant:
                assert topics[code.of] == meant[code.code]


def test_the_answer_codes_stand_in_the_order_of_the_answers() -> None:
    for name in ("phq4", "phq2", "gad2", "phq9", "gad7"):
        answers = [(option.value, option.loinc) for option in instrument(name).options]
        assert answers == [(0, "LA6568-5"), (1, "LA6569-3"), (2, "LA6570-1"), (3, "LA6571-9")]


# One thing, one text ---------------------------------------------------------------------------------------


def test_a_question_is_asked_in_the_same_words_wherever_it_stands() -> None:
    phq9, gad7, phq4 = instrument("phq9").items, instrument("gad7").items, instrument("phq4").items
    short = [(item.en, item.es) for item in phq4]
    assert short == [(item.en, item.es) for item in (*gad7[:2], *phq9[:2])]
    for name, long in (("phq2", phq9), ("gad2", gad7)):
        mine = [(item.en, item.es) for item in instrument(name).items]
        assert mine == [(item.en, item.es) for item in long[:2]]


def test_a_score_lies_between_the_sums_of_its_lowest_and_highest_answers() -> None:
    for record in SHIPPED:
        highs = [max((o.value for o in record.options_of(i)), default=i.high) for i in record.items]
        method = record.scoring.method
        if method == "sum":
            assert (record.scoring.low, record.scoring.high) == (0, sum(highs))
        if method == "product":
            assert record.scoring.high == highs[0] * highs[1]


def test_exactly_one_rule_decides_a_change() -> None:
    for record in SHIPPED:
        deciding: list[ChangeRule] = [rule for rule in record.change if rule.grade == "matters"]
        assert len(deciding) == (0 if record.no_change else 1), record.id


def test_totals_from_elsewhere_belong_to_barred_questionnaires() -> None:
    barred = {one.id for one in BARRED}
    assert {one.barred for one in load().all(ImportedChange)} <= barred


def test_the_item_on_self_harm_stands_only_where_an_alert_guards_it() -> None:
    guarded = {(alert.instrument, alert.item) for alert in load().all(AnswerAlert)}
    asked = {
        (record.id, item.id) for record in SHIPPED for item in record.items if "better off dead" in item.en
    }
    assert asked == guarded == {("phq9", "q9")}


# Easy to read ----------------------------------------------------------------------------------------------

EXEMPT = {record.id for record in SHIPPED if record.text.wording == "fixed"}


def own_sentences() -> Iterator[str]:
    """Every English sentence written by this project that patients or staff read on a form or a result."""
    for record in SHIPPED:
        if record.id in EXEMPT:
            continue
        yield from sentences(record.intro_en)
        for item in record.items:
            yield from sentences(item.en)
            yield from (label for label in (item.low_en, item.high_en) if label)
            yield from (option.en for option in item.options)
    for phrase in load().all(Phrase):
        if phrase.id.startswith(("alert.self_harm.", "outcome.")):
            yield from sentences(phrase.en)
    for rule in load().all(ReviewRule):
        for told in rule.suggestions.values():
            yield from (part for text in told for part in sentences(text))
    for alert in load().all(AnswerAlert):
        yield from (*sentences(alert.staff), *sentences(alert.unanswered))


def test_every_sentence_of_ours_reads_at_grade_6_or_below() -> None:
    told = list(own_sentences())
    assert len(told) > 50
    assert [(text, round(grade([text]), 1)) for text in told if grade([text]) > GRADE] == []


def test_published_text_is_exempt_from_the_reading_level_since_it_may_not_be_reworded() -> None:
    assert {
        "peg", "rmdq", "evs", "stc", "audit_c", "phq4", "phq2", "gad2", "phq9", "gad7",
    } == EXEMPT  # fmt: skip


def test_no_sentence_of_ours_promises_a_cure() -> None:
    for text in own_sentences():
        assert not re.search(r"toxin|\bcure|heal|guarantee|will fix", text, re.IGNORECASE)


def test_spanish_sentences_await_a_translator() -> None:
    ours = [p for p in load().all(Phrase) if p.id.startswith(("alert.self_harm.", "outcome."))]
    assert len(ours) == 11
    assert {phrase.translation_state for phrase in ours} == {AWAITING_TRANSLATOR}


def test_every_source_named_inside_a_record_exists() -> None:
    def named(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value.get("sources", ())
            for item in value.values():
                yield from named(item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                yield from named(item)

    used = {source for record in SHIPPED for source in named(record.model_dump())}
    assert used - set(load().sources) == set()
    assert len(used) > 20
