"""Form fields for what staff type: lines of plain text, days in many spellings, numbers that are numbers."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from openomt.care.patients.days import FIRST, read_about, read_day

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the reading direction of what follows, by which a text can look like another."""
_LAYOUT = frozenset("\n\t")
LONGEST_TEXT = 4000
DAY_HELP = "3/4/1990 or 1990-03-04"
ABOUT_HELP = "Year, month or day: 2015, 2015-03"


def plain_text(text: str) -> None:
    """Raises ValidationError for characters that cannot be seen and could mislead."""
    hidden = {char for char in set(text) if char in _TURNING or unicodedata.category(char) in ("Cc", "Cs")}
    if hidden - _LAYOUT:
        names = ", ".join(sorted(f"U+{ord(char):04X}" for char in hidden - _LAYOUT))
        raise ValidationError(f"Holds characters that cannot be seen ({names}). Remove them.")


class Line(forms.CharField):
    """One line of text."""

    default_validators = [*forms.CharField.default_validators, plain_text]

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split(" ")).replace("\r", " ").replace("\n", " ")


class Text(forms.CharField):
    """Several lines of text."""

    widget = forms.Textarea
    default_validators = [*forms.CharField.default_validators, plain_text]

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", LONGEST_TEXT)
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class Day(forms.DateField):
    """A day in any usual spelling. `future`: it may be still to come; `past`: it may be over."""

    widget = forms.TextInput

    def __init__(self, *, future: bool = True, past: bool = True, **options: Any) -> None:
        self.future, self.past = future, past
        options.setdefault("help_text", DAY_HELP)
        super().__init__(**options)
        self.widget.attrs.update({"autocomplete": "off", "maxlength": "40"})

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value
        today = timezone.localdate()
        day = read_day(str(value), today)
        if day is None:
            raise ValidationError(f"This is no day that can be read. Write it as {DAY_HELP}.", code="invalid")
        if not FIRST <= day <= dt.date(2100, 12, 31):
            raise ValidationError("Is the year right?", code="invalid")
        if day > today and not self.future:
            raise ValidationError("This day is still to come.", code="invalid")
        if day < today and not self.past:
            raise ValidationError("This day is over.", code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.date) else value


class About(forms.CharField):
    """A year, a month or a day, kept as `2015`, `2015-03` or `2015-03-04`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", ABOUT_HELP)
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        found = read_about(text, timezone.localdate())
        if found is None:
            raise ValidationError("Write a year, a month or a day: 2015, 2015-03 or 2015-03-04.")
        return found
