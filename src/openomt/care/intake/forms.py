"""Questionnaires as forms: the medicine's items, checked by the medicine, each error at its item."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from openomt.care.intake.models import FormAnswer
from openomt.medicine import instruments
from openomt.medicine.instruments import Alert, Form, ScoreError
from openomt.medicine.instruments.values import FormItem

_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?")
_LONGEST = 40
_ACTIVITY = 80
_SCALE = 12
"""A whole-number scale with at most so many steps is shown as buttons in a row."""


class DayForm(forms.Form):
    """The day on which questionnaires were answered."""

    on = forms.DateField(
        label="Answered on",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": "Enter the day it was answered.",
            "invalid": "Enter a day such as 2026-11-23.",
        },
    )

    def __init__(self, born: dt.date, data: Mapping[str, Any] | None = None) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"on": today})
        self._born = born
        self.fields["on"].widget.attrs |= {"max": today.isoformat(), "min": born.isoformat()}

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("This day is still to come. Enter the day it was answered.")
        if on < self._born:
            raise forms.ValidationError("This day is before the patient was born.")
        return on


@dataclass(frozen=True, slots=True)
class Question:
    """One item as it is shown: what it asks, what was typed, what is wrong with it.

    look       choices, scale, number, tick or activity
    before     the patient's rating of it the last time, where that helps
    stem_again its stem is that of the question before, so that the eye need not read it again
    """

    item: FormItem
    number: int
    look: str
    name: str
    value: str
    error: str
    options: tuple[tuple[str, str], ...] = ()
    text_name: str = ""
    text: str = ""
    before: str = ""
    stem_again: bool = False

    @property
    def error_id(self) -> str:
        return f"{self.name}-error"


class Questionnaire(forms.Form):
    """One instrument. What was typed is kept as it was typed; `answers` is what the medicine takes."""

    def __init__(
        self, shown: Form, data: Mapping[str, Any] | None = None, last: FormAnswer | None = None
    ) -> None:
        super().__init__(data, prefix=shown.instrument)
        self.shown = shown
        self.record = instruments.instrument(shown.instrument)
        self.answers: dict[str, Any] = {}
        self.faults: dict[str, str] = {}
        self._last = last.answers if last is not None else {}
        for item in shown.items:
            self.fields[item.id] = forms.CharField(required=False)
            if item.kind == "own_activity":
                self.fields[f"{item.id}_text"] = forms.CharField(required=False)
        if self.is_list:
            self.fields["none"] = forms.BooleanField(required=False)

    @property
    def is_list(self) -> bool:
        """Whether it is a list to tick, where no tick at all must be said."""
        return any(item.kind == "tick" for item in self.shown.items)

    @property
    def is_empty(self) -> bool:
        """Whether nobody touched it."""
        return not self.answers and not self.faults

    @property
    def open_items(self) -> tuple[str, ...]:
        """Items that a score needs and nobody answered, by what they ask of."""
        if self.record.missing.rule != "complete":
            return ()
        return tuple(
            item.topic
            for item in self.record.items
            if item.required and item.id in self._asked and item.id in self._unscored
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.shown.items:
            self._take(item, str(cleaned.get(item.id) or ""), str(cleaned.get(f"{item.id}_text") or ""))
        if self.is_list:
            self._take_list(said_none=bool(cleaned.get("none")))
        return cleaned

    def urgent(self) -> tuple[Alert, ...]:
        """Answers a person must see at once, also where others are refused."""
        return instruments.urgent(self.shown.instrument, self.answers)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._question(item, number) for number, item in enumerate(self.shown.items, 1))

    # From what was typed to what the medicine takes ------------------------------------------------------

    def _take(self, item: FormItem, typed: str, text: str) -> None:
        if item.kind == "tick":
            if typed:
                self.answers[item.id] = True
        elif len(text) > _ACTIVITY:
            self._blame(item, f"Too long: {len(text):,} characters. Use at most {_ACTIVITY}.")
        elif len(typed) > _LONGEST:
            self._blame(item, f"Too long for a number: enter {self._allowed(item)}.")
        elif item.kind == "own_activity":
            self._take_activity(item, typed, text)
        elif typed:
            self._checked(item, _number(typed), typed)

    def _take_activity(self, item: FormItem, typed: str, text: str) -> None:
        """An activity without a rating was not asked this time; a rating needs the patient's words."""
        if not typed:
            if text and not self._words_before(item):
                self._blame(item, f"Rate it too: {self._allowed(item)}.")
            return
        if not text:
            self._blame(item, "Write what it is, in the patient's words.")
            return
        self._checked(item, {"value": _number(typed), "text": text}, typed)

    def _checked(self, item: FormItem, answer: Any, typed: str) -> None:
        try:
            instruments.score(self.shown.instrument, {item.id: answer})
        except ScoreError:
            self._blame(item, f"“{typed}” is not an answer here: enter {self._allowed(item)}.")
        else:
            self.answers[item.id] = answer

    def _take_list(self, *, said_none: bool) -> None:
        """Who went through a list left out what is not so, unless nothing was ticked and nobody said so."""
        if self.answers and said_none:
            self._blame(self.shown.items[0], "Some are ticked, and “none of these” too. Leave one of them.")
        elif self.answers or said_none:
            self.answers = {item.id: item.id in self.answers for item in self.shown.items}

    def _blame(self, item: FormItem, message: str) -> None:
        self.faults[item.id] = message
        self.add_error(item.id, message)

    def _allowed(self, item: FormItem) -> str:
        record = next(one for one in self.record.items if one.id == item.id)
        return instruments.allowed(self.record, record)

    @property
    def _asked(self) -> frozenset[str]:
        return frozenset(item.id for item in self.shown.items)

    @property
    def _unscored(self) -> frozenset[str]:
        return frozenset(instruments.score(self.shown.instrument, self.answers).missing)

    # What is shown -------------------------------------------------------------------------------------------

    def _question(self, item: FormItem, number: int) -> Question:
        name = self.add_prefix(item.id)
        look, options = _look(item)
        text_name = self.add_prefix(f"{item.id}_text") if look == "activity" else ""
        text = self._typed(text_name) if text_name else ""
        return Question(
            item=item,
            number=number,
            look=look,
            name=name,
            value=self._typed(name),
            error=self.faults.get(item.id, ""),
            options=options,
            text_name=text_name,
            text=text or ("" if self.is_bound else self._words_before(item)),
            before=self._before(item) if look == "activity" else "",
            stem_again=number > 1 and item.stem == self.shown.items[number - 2].stem,
        )

    def _typed(self, name: str) -> str:
        return str(self.data.get(name, ""))[: _LONGEST * 5] if self.is_bound else ""

    def _words_before(self, item: FormItem) -> str:
        old = self._last.get(item.id)
        return str(old.get("text", "")) if isinstance(old, dict) else ""

    def _before(self, item: FormItem) -> str:
        old = self._last.get(item.id)
        value = old.get("value") if isinstance(old, dict) else None
        return f"{value:g}" if isinstance(value, (int, float)) else ""


def _number(typed: str) -> int | float | str:
    """A number where it reads as one; otherwise the text, which the medicine then refuses."""
    if not _NUMBER.fullmatch(typed):
        return typed
    value = float(typed)
    return int(value) if value.is_integer() else value


def _look(item: FormItem) -> tuple[str, tuple[tuple[str, str], ...]]:
    if item.kind == "tick":
        return "tick", ()
    if item.kind == "choice":
        return "choices", tuple((str(choice.value), choice.label) for choice in item.choices)
    steps = tuple((str(value), str(value)) for value in range(item.low, item.high + 1))
    if item.kind == "own_activity":
        return "activity", steps
    if item.step == 1 and len(steps) <= _SCALE:
        return "scale", steps
    return "number", ()


def questionnaires(
    forms_shown: Sequence[Form], data: Mapping[str, Any] | None, last: Mapping[str, FormAnswer]
) -> list[Questionnaire]:
    """One form for each instrument, with the answers of the last time beside it."""
    return [Questionnaire(shown, data, last.get(shown.instrument)) for shown in forms_shown]
