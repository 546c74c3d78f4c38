"""Names as search compares them, days as people write them, ages as people say them."""

from __future__ import annotations

import datetime as dt

import pytest

from openomt.care.patients import names
from openomt.care.patients.days import age, read_about, read_day

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Smith", "smith"),
        ("De la Peña", "delapena"),
        ("O'Brien", "obrien"),
        ("García-López", "garcialopez"),
        ("Łukasz", "lukasz"),
        ("Øster", "oster"),
        ("Großmann", "grossmann"),
        ("李", "李"),
        ("🙂", ""),
        ("", ""),
    ],
)
def test_a_name_is_compared_without_accents_case_and_punctuation(name: str, key: str) -> None:
    assert names.key(name) == key


@pytest.mark.parametrize(
    ("one", "other"), [("Smith", "Smyth"), ("Catherine", "Katherine"), ("Philips", "Filips")]
)
def test_names_that_sound_alike_have_one_sound(one: str, other: str) -> None:
    assert names.sound(one) == names.sound(other) != ""


def test_sounds_and_keys_fit_their_columns() -> None:
    assert len(names.sound("Bartholomew" * 30)) <= names.SOUND_LENGTH
    assert len(names.key("ﷺ" * 80)) <= names.KEY_LENGTH
    assert names.sound("李") == ""


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("(212) 555-0142", "2125550142"),
        ("+1 212 555 0142", "2125550142"),
        ("1-212-555-0142", "2125550142"),
        ("0123", "0123"),
        ("٣٤٥٦", ""),
        ("1" * 40, "1" * 15),
    ],
)
def test_a_phone_is_compared_by_its_digits(phone: str, digits: str) -> None:
    assert names.digits(phone) == digits


@pytest.mark.parametrize(
    "text",
    [
        "1990-03-04", "3/4/1990", "03/04/1990", "03041990", "19900304", "Mar 4 1990", "4 Mar 1990",
        "March 4, 1990", "mar 4,1990", "3-4-1990", "3/4/90", "  3/4/1990 ",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_spelling(text: str) -> None:
    assert read_day(text, TODAY) == dt.date(1990, 3, 4)


@pytest.mark.parametrize(
    "text",
    ["", "1990", "1990-03", "0001-01-01", "9999-12-31", "99999-01-01", "13/40/1990", "2/30/1990", "today",
     "yesterday", "Smith", "٣/٤/١٩٩٠", "5551234567", "3.4.1990", "1" * 400],
)  # fmt: skip
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    assert read_day(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2015", "2015"), ("2015-03", "2015-03"), ("3/2015", "2015-03"), ("Mar 2015", "2015-03"),
        ("2015-03-04", "2015-03-04"), ("3/4/2015", "2015-03-04"), ("soon", None), ("0015", None), ("15", None),
    ],
)  # fmt: skip
def test_a_chart_keeps_a_year_a_month_or_a_day(text: str, kept: str | None) -> None:
    assert read_about(text, TODAY) == kept


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("2026-11-23", "0 days"), ("2026-11-22", "1 day"), ("2026-11-10", "13 days"), ("2026-11-09", "2 weeks"),
        ("2026-08-24", "13 weeks"), ("2026-08-23", "3 months"), ("2024-11-24", "23 months"),
        ("2024-11-23", "2 y"), ("1992-11-24", "33 y"), ("1992-11-23", "34 y"), ("2027-01-01", "not born yet"),
    ],
)  # fmt: skip
def test_an_age_is_said_as_people_say_it(born: str, said: str) -> None:
    assert age(dt.date.fromisoformat(born), TODAY) == said
