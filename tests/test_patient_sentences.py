"""Every sentence for patients, in whatever record, is easy to read and stands in two languages.

Words that no patient may read are records (`barredclaim`), checked in tests/evidence.
"""

from __future__ import annotations

import json

import pytest

from openomt.knowledge import load
from openomt.knowledge.kinds import KINDS
from openomt.knowledge.narrative import AWAITING_TRANSLATOR, PlainName
from tests.patient_sentences import Told, everything_told, measured
from tests.reading_level import grade, spanish_ease, spanish_syllables, syllables

GRADE = 6


def too_hard(texts: list[Told]) -> list[str]:
    return [
        f"{grade([part]):.1f} {text.where}: {part}"
        for text in texts
        if not text.fixed
        for part in measured(text.en)
        if grade([part]) > GRADE
    ]


def test_every_english_sentence_for_patients_reads_at_grade_6_or_below() -> None:
    hard = too_hard(everything_told())
    assert hard == [], "\n".join([f"{len(hard)} sentences", *hard])


def test_every_text_for_patients_has_a_spanish_one_that_says_whether_a_translator_read_it() -> None:
    ours = [text for text in everything_told() if not text.fixed]
    assert [text.where for text in ours if not text.es] == []
    assert [text.where for text in ours if not text.state] == []
    assert AWAITING_TRANSLATOR in {text.state for text in ours}


def test_every_kind_of_record_with_spanish_words_is_looked_at() -> None:
    spanish = {kind for kind, model in KINDS.items() if '"es": {' in json.dumps(model.model_json_schema())}
    filled = {record.kind for record in load().everything()}
    seen = {text.where.split()[0] for text in everything_told()}
    assert "phrase" in spanish
    assert spanish & filled - seen == {PlainName.kind}  # told with the English words it belongs to


def test_a_hard_sentence_among_easy_ones_is_noticed() -> None:
    hard = "Osteopathic manipulation occasionally provokes considerable musculoskeletal discomfort."
    found = too_hard([Told("here", f"You may be sore. {hard} Rest a bit.", "", "")])
    assert len(found) == 1
    assert hard in found[0]
    assert too_hard([Told("here", hard, "", "", fixed=True)]) == []


# Known counts and grades show that the measures measure.
@pytest.mark.parametrize(
    ("word", "count"),
    [("neck", 1), ("moved", 1), ("treated", 2), ("muscles", 2), ("bones", 1), ("being", 2), ("usual", 3),
     ("movement", 2), ("emergency", 4), ("manipulative", 5)],
)  # fmt: skip
def test_english_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("cuello", 2), ("región", 2), ("día", 2), ("oír", 2), ("guía", 2), ("pingüino", 3), ("que", 1), ("y", 1),
     ("aéreo", 4), ("siguiente", 3), ("hoy", 1), ("articulación", 5)],
)  # fmt: skip
def test_spanish_syllables(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat.", -2, 1),
        ("Osteopathic manipulative treatment addresses somatic dysfunction comprehensively.", 20, 40),
    ],
)
def test_the_english_measure_tells_easy_from_hard(text: str, low: float, high: float) -> None:
    assert low < grade([text]) < high


def test_the_spanish_measure_tells_easy_from_hard() -> None:
    easy = "Le duele el pie. No corra."
    hard = "La manipulación osteopática proporciona habitualmente modificaciones musculoesqueléticas."
    assert spanish_ease([easy]) > 90
    assert spanish_ease([hard]) < 0


def test_nothing_to_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        grade(["8/10"])
