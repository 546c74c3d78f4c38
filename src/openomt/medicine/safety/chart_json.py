"""A chart from JSON. Every mistake is named by its field: `problems[2].onset: not a date: 'soon'`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from openomt.medicine.safety.chart import (
    Answer,
    BoneDensity,
    Chart,
    Medicine,
    Problem,
    Surgery,
    Vitals,
)
from openomt.medicine.safety.dates import When, written_date
from openomt.medicine.safety.measures import celsius
from openomt.medicine.safety.values import Sex

T = TypeVar("T")
_OVER = frozenset({"resolved", "inactive", "remission", "completed", "entered-in-error", "refuted", "past"})
_SEX = {"f": Sex.FEMALE, "female": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE, "other": Sex.OTHER}
_FIELDS = frozenset(Chart.__dataclass_fields__) | {"age_years"}


class ChartError(ValueError):
    """A field of a chart that cannot be read. The message begins with its path."""


def chart_from_json(data: Any) -> Chart:
    """The chart of a JSON object (already parsed). Raises ChartError naming the field.

    Dates are `2015`, `2015-03` or `2015-03-04`; `birth_date`, `due_date` and `last_period` need the day.
    Entries of lists may be plain strings. A temperature too warm for Celsius is taken as Fahrenheit.
    """
    top = _Fields(data, "")
    top.only(_FIELDS)
    years = top.number("age_years")
    months = top.number("age_months")
    if years is not None and months is None:
        months = years * 12
    return Chart(
        birth_date=top.day("birth_date"),
        age_months=None if months is None else math.floor(months),
        sex=top.choice("sex", _SEX),
        weeks=top.whole("weeks"),
        due_date=top.day("due_date"),
        last_period=top.day("last_period"),
        problems=top.entries("problems", _problem, Problem),
        medicines=top.entries("medicines", _medicine, Medicine),
        vitals=top.entries("vitals", _vitals, None),
        bone_density=top.entries("bone_density", _density, lambda text: BoneDensity(text=text)),
        surgeries=top.entries("surgeries", _surgery, Surgery),
        answers=_answers(top),
        text=top.text("text"),
    )


class _Fields:
    """The fields of one object, read with their path."""

    def __init__(self, data: Any, path: str) -> None:
        if not isinstance(data, Mapping):
            raise ChartError(f"{path or 'chart'}: not an object: {data!r:.60}")
        self._data = data
        self._path = path

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def fail(self, name: str, why: str) -> ChartError:
        return ChartError(f"{self._at(name)}: {why}")

    def only(self, names: frozenset[str]) -> None:
        for name in self._data:
            if name not in names:
                raise self.fail(str(name), f"no such field; fields are {', '.join(sorted(names))}")

    def get(self, name: str) -> Any:
        return self._data.get(name)

    def text(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.fail(name, f"not a text: {value!r:.60}")
        return value

    def number(self, name: str) -> float | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.fail(name, f"not a number: {value!r:.60}")
        if value < 0 and name != "t_score":
            raise self.fail(name, f"below zero: {value}")
        return float(value)

    def whole(self, name: str) -> int | None:
        value = self.number(name)
        if value is not None and value != int(value):
            raise self.fail(name, f"not a whole number: {value}")
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if value not in (None, True, False):
            raise self.fail(name, f"not true or false: {value!r:.60}")
        return bool(value)

    def when(self, name: str) -> When | None:
        text = self.text(name)
        if not text:
            return None
        found = written_date(text)
        if found is None:
            raise self.fail(name, f"not a date: {text!r:.60}")
        return found

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.fail(name, f"not a date (YYYY-MM-DD): {text!r:.60}") from None

    def choice(self, name: str, words: Mapping[str, T]) -> T | None:
        text = self.text(name)
        if not text:
            return None
        if text.lower() not in words:
            raise self.fail(name, f"not one of {', '.join(words)}: {text!r:.60}")
        return words[text.lower()]

    def entries(
        self, name: str, read: Callable[[_Fields], T], from_text: Callable[[str], T] | None
    ) -> tuple[T, ...]:
        value = self.get(name)
        if value is None:
            return ()
        if isinstance(value, Mapping):
            value = [value]
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self.fail(name, f"not a list: {value!r:.60}")
        found: list[T] = []
        for number, entry in enumerate(value):
            if isinstance(entry, str) and from_text is not None:
                found.append(from_text(entry))
            else:
                found.append(read(_Fields(entry, self._at(f"{name}[{number}]"))))
        return tuple(found)


def _problem(fields: _Fields) -> Problem:
    fields.only(frozenset({"text", "code", "onset", "resolved", "status", "over"}))
    over = fields.text("status").lower() in _OVER or fields.flag("over")
    return Problem(
        fields.text("text"), fields.text("code"), fields.when("onset"), fields.when("resolved"), over
    )


def _medicine(fields: _Fields) -> Medicine:
    fields.only(frozenset({"text", "started", "stopped"}))
    return Medicine(fields.text("text"), fields.when("started"), fields.when("stopped"))


def _vitals(fields: _Fields) -> Vitals:
    names = ("systolic", "diastolic", "temperature", "pulse", "spo2")
    fields.only(frozenset({*names, "on", "bp"}))
    systolic, diastolic = fields.number("systolic"), fields.number("diastolic")
    pressure = fields.text("bp")
    if pressure:
        parts = pressure.split("/")
        if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
            raise fields.fail("bp", f"not a blood pressure: {pressure!r:.60}")
        systolic, diastolic = float(parts[0]), float(parts[1])
    temperature = fields.number("temperature")
    return Vitals(
        systolic,
        diastolic,
        None if temperature is None else celsius(temperature),
        fields.number("pulse"),
        fields.number("spo2"),
        fields.day("on"),
    )


def _density(fields: _Fields) -> BoneDensity:
    fields.only(frozenset({"t_score", "site", "text", "on"}))
    return BoneDensity(fields.number("t_score"), fields.text("site"), fields.text("text"), fields.when("on"))


def _surgery(fields: _Fields) -> Surgery:
    fields.only(frozenset({"text", "on"}))
    return Surgery(fields.text("text"), fields.when("on"))


def _answers(top: _Fields) -> tuple[tuple[str, Answer], ...]:
    value = top.get("answers")
    if value is None:
        return ()
    fields = _Fields(value, "answers")
    words = {answer.value: answer for answer in Answer}
    found: list[tuple[str, Answer]] = []
    for code in value:
        answer = fields.choice(str(code), words)
        if answer is None:
            raise fields.fail(str(code), "empty: not asked means leaving it out")
        found.append((str(code), answer))
    return tuple(found)
