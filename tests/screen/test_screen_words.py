"""What patients write, in English and Spanish, misspelt or not, and the red flags it must raise or not."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from openomt.medicine.phrases import Status
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_tables import screen_tables
from openomt.medicine.safety.screen_text import hear
from openomt.medicine.safety.values import PatientFacts
from tests.screen.common import person

HERE = Path(__file__).parent
TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "sentences.toml").read_text(encoding="utf-8"))
HELD_OUT: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (HERE / "held_out.toml").read_text(encoding="utf-8")
)
LINES = TABLE["line"] + HELD_OUT["line"]
NEAR_MISSES = TABLE["near_miss"] + HELD_OUT["near_miss"]


@pytest.mark.parametrize("row", LINES, ids=[row["text"] for row in LINES])
def test_the_words_raise_the_flag(row: dict[str, Any]) -> None:
    found = screen({}, row["text"], person(row))
    assert set(row["raises"]) <= {flag.code for flag in found.flags}
    assert set(row.get("notices", ())) <= {notice.code for notice in found.notices}


@pytest.mark.parametrize("row", NEAR_MISSES, ids=[row["text"] for row in NEAR_MISSES])
def test_a_near_miss_raises_nothing(row: dict[str, Any]) -> None:
    found = screen({}, row["text"], person(row))
    assert [flag.code for flag in (*found.flags, *found.unsure)] == []
    assert found.notices == ()
    assert found.urgency == ""


def test_every_flag_a_patient_can_speak_of_has_a_line_in_each_language() -> None:
    counted = Counter((code, row["language"]) for row in TABLE["line"] for code in row["raises"])
    missing = [
        (flag.code, language)
        for flag in screen_tables().flags
        for language in ("en", "es")
        if not counted[flag.code, language]
    ]
    assert missing == []
    assert len(TABLE["line"]) > 100


DENIALS = [
    pytest.param(row, id=f"{case['title']}: {row['text']}")
    for case in tomllib.loads((HERE / "denials.toml").read_text(encoding="utf-8"))["case"]
    for row in case["rows"]
]


@pytest.mark.parametrize("row", DENIALS)
def test_a_denial_binds_only_what_it_denies(row: dict[str, Any]) -> None:
    found = screen({}, row["text"], person(row))
    codes = {flag.code for flag in (*found.flags, *found.unsure)}
    assert row["raises"] in codes if "raises" in row else not codes


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("no numbness in my arms, only in my left leg", "limb_new"),
        ("no numbness or tingling in my arms or hands, only in my left leg", "limb_new"),
        ("no numbness in my arms, just my left leg", "limb_new"),
        ("my arms don't tingle, my leg does", "limb_new"),
        ("my groin isn't numb, my arm is", "limb_new"),
        ("numbness in my left leg", "limb_new"),
        ("no tengo entumecimiento en los brazos, solo en la pierna izquierda", "limb_new"),
        ("no me hormiguean los brazos, la pierna sí", "limb_new"),
        ("entumecimiento en la pierna izquierda", "limb_new"),
    ],
)
def test_a_sign_is_heard_beside_what_is_denied_of_another_place(text: str, sign: str) -> None:
    assert sign in {one.sign for one in hear(text, of_child=False) if one.status is Status.PRESENT}


MISSPELT = [
    # as written, the flag, and the words that raised it
    ("my calf is swolen", "rf_dvt", "calf is swolen"),
    ("I have numbnes down there", "rf_ces", "numbnes down there"),
    ("worst headche of my life", "rf_ha_thunderclap", "worst headche of my life"),
    ("chest presure since noon", "rf_acs", "chest presure"),
    ("la pantorrila hinchada", "rf_dvt", "pantorrila hinchada"),
    ("the room is spining and my neck hurts", "rf_cad", "room is spining"),
]


@pytest.mark.parametrize(("text", "code", "words"), MISSPELT)
def test_misspelt_words_count_and_are_marked(text: str, code: str, words: str) -> None:
    [flag] = [flag for flag in screen({}, text, PatientFacts(age_months=540)).flags if flag.code == code]
    marked = {one.source: one.exact for one in flag.because}
    assert marked.get(words) is False


STATUS = [
    # what is said of it, whether it counts
    ("chest pain", True),
    ("maybe chest pain", True),
    ("I am not sure if it is chest pain", True),
    ("no chest pain", False),
    ("denies chest pain", False),
    ("my father has chest pain", False),
    ("my wife has chest pain", False),
    ("chest pain years ago, resolved", False),
    ("no fever but chest pain", True),
    ("no me duele nada, sin dolor de pecho", False),
]


@pytest.mark.parametrize(("text", "counts"), STATUS)
def test_what_is_denied_past_or_of_others_does_not_count_and_what_is_possible_does(
    text: str, counts: bool
) -> None:
    codes = {flag.code for flag in screen({}, text, PatientFacts(age_months=540)).flags}
    assert ("rf_acs" in codes) is counts


def test_the_span_of_the_words_is_kept() -> None:
    text = "Since Monday I can't feel when I wipe."
    [evidence] = screen({}, text, PatientFacts(age_months=540)).flags[0].because
    assert text[evidence.start : evidence.end] == evidence.source == "can't feel when I wipe"


CHILD_OR_PARENT = [
    # months of the patient, text, raised
    (30, "my son has a stiff neck and a fever", True),
    (540, "my son has a stiff neck and a fever", False),
]


@pytest.mark.parametrize(("months", "text", "raised"), CHILD_OR_PARENT)
def test_my_son_is_the_patient_only_where_the_patient_is_a_child(
    months: int, text: str, raised: bool
) -> None:
    assert bool(screen({}, text, PatientFacts(age_months=months)).flags) is raised


NUMBERS = [
    # months, weeks, text, flag or none
    (2, None, "temp 38.2 this morning", "rf_infant_fever"),
    (2, None, "temp 37.5 this morning", ""),
    (2, None, "temperature 101.1 F", "rf_infant_fever"),
    (5, None, "temp 38.4", ""),
    (5, None, "temp 39.1", "rf_infant_fever"),
    (372, 33, "BP 142/85 at home", "rf_preg_preeclampsia"),
    (372, 33, "BP 118/76 at home", ""),
    (372, 33, "presión 150 sobre 95", "rf_preg_preeclampsia"),
]


@pytest.mark.parametrize(("months", "weeks", "text", "code"), NUMBERS)
def test_a_number_beyond_its_limit_is_a_sign(months: int, weeks: int | None, text: str, code: str) -> None:
    codes = [f.code for f in screen({}, text, PatientFacts(age_months=months, weeks=weeks)).flags]
    assert (code in codes) if code else codes == []


def test_the_known_limits_are_still_as_they_are_listed() -> None:
    for row in HELD_OUT["missed"]:
        found = screen({}, row["text"], person(row))
        assert not set(row["raises"]) & {flag.code for flag in found.flags}, row["text"]
    for row in HELD_OUT["false_alarm"]:
        found = screen({}, row["text"], person(row))
        assert set(row["raises"]) <= {flag.code for flag in found.flags}, row["text"]
