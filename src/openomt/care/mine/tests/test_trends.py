"""The pictures of how it goes: what counts comes from the medicine, the words from the page's language."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from openomt.care.desk.measures import SLOTS, counts_at
from openomt.care.intake.models import FormAnswer
from openomt.care.mine.trends import progress
from openomt.care.patients.models import Patient
from openomt.care.portal.testing import visiting
from openomt.care.words import words
from openomt.medicine.instruments.records import outcome_rule, phrase

TODAY = dt.date(2026, 11, 30)


def _answers(one: Patient, instrument: str, *scores: float) -> None:
    for place, score in enumerate(scores):
        FormAnswer.objects.create(
            patient=one,
            instrument=instrument,
            on=TODAY - dt.timedelta(days=30 - place),
            answers={},
            score=score,
        )


@pytest.mark.parametrize(
    ("scores", "word"),
    [
        ((7.0, 4.0), "verdict_better"),
        ((7.0, 6.5), "verdict_bit_better"),
        ((5.0, 5.0), "verdict_same"),
        ((5.0, 5.4), "verdict_bit_worse"),
        ((4.0, 8.0), "verdict_worse"),
        ((4.0,), "verdict_first"),
    ],
)
def test_the_verdict_is_the_medicines(other: Patient, scores: tuple[float, ...], word: str) -> None:
    _answers(other, "peg", *scores)
    with translation.override("en"):
        shown = progress(other, TODAY).pictures[0]
    assert shown.verdict == words()[f"mine.{word}"]["en"]
    assert shown.alarm == (word == "verdict_worse")


def test_the_line_that_counts_is_where_the_medicine_says(other: Patient) -> None:
    _answers(other, "peg", 7.0, 6.0)
    edge = counts_at("peg", 7.0)
    assert edge is not None
    with translation.override("en"):
        shown = progress(other, TODAY).pictures[0]
    assert f"{edge:.1f}".removesuffix(".0") in shown.counts
    assert "t-band" in shown.picture


def test_without_an_agreed_number_only_the_way_is_told(other: Patient) -> None:
    _answers(other, "phq4", 6.0, 3.0)
    with translation.override("es"):
        shown = progress(other, TODAY).pictures[0]
    assert shown.verdict == words()["mine.verdict_way_better"]["es"]
    assert shown.counts == words()["mine.counts_nobody"]["es"]
    assert "t-band" not in shown.picture


def test_every_instrument_of_a_picture_has_its_words() -> None:
    names = {name for slot in SLOTS for name in slot.instruments} - {"sleep"}
    assert not [name for name in names if f"mine.scale_{name}" not in words()]
    assert not [slot.key for slot in SLOTS if f"mine.slot_{slot.key}" not in words()]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_fixed_note_stands_with_every_result(ada: Patient, language: str) -> None:
    address = reverse("mine_progress")
    answer = visiting(Client(), ada).get(address, {"lang": language})
    told = answer.context["progress"]
    note = phrase(outcome_rule().note)[0 if language == "en" else 1]
    assert len(told.pictures) == 3
    assert told.note == note
    assert answer.content.decode().count(note) == len(told.pictures) + 1
    home = visiting(Client(), ada).get(reverse("mine_home"), {"lang": language})
    assert home.content.decode().count(note) == 1


def test_a_picture_says_the_same_as_its_table_and_speaks_spanish(ada: Patient) -> None:
    with translation.override("es"):
        shown = progress(ada, timezone.localdate())
    assert shown.missing == (words()["mine.slot_life"]["es"],)
    for one in shown.pictures:
        picture = ET.fromstring(one.picture)  # noqa: S314  (our own picture)
        dots = [part for part in picture.iter() if part.get("class") in ("t-pt", "t-now")]
        assert len(dots) == len(one.points) == 2
        told = " ".join(picture.itertext())
        assert "Primero" in told
        assert not {"counts", "First", "Pain", "Sleep"} & set(told.replace(":", " ").split())
