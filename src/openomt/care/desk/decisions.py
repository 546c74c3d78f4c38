"""Forms of what is decided about a course. Their first values come from the medicine's rule of review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils import timezone

from openomt.care.patients.models import Course, Goal
from openomt.medicine.instruments.records import review_rule

_DATE = {"type": "date"}
_BAD_DAY = {"invalid": "Enter a day such as 2026-11-23.", "required": "Enter a day."}
_PLAN = ("title", "started_on", "planned_visits", "until", "review_on")
FARTHEST = dt.timedelta(days=366 * 2)


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs=_DATE),
        error_messages=_BAD_DAY,
    )


def _coming(day: dt.date | None) -> dt.date | None:
    """A day to come, within two years. Raises ValidationError."""
    today = timezone.localdate()
    if day is not None and day < today:
        raise forms.ValidationError("This day is over. Enter one to come.")
    if day is not None and day > today + FARTHEST:
        raise forms.ValidationError("This is more than two years ahead.")
    return day


class ContinueForm(forms.Form):
    """Go on as planned, and a day to look again."""

    prefix = "continue"
    review_on = _day("Next review on")

    def __init__(self, data: Any = None) -> None:
        weeks = review_rule().review_weeks[0]
        super().__init__(data, initial={"review_on": timezone.localdate() + dt.timedelta(weeks=weeks)})

    def clean_review_on(self) -> dt.date | None:
        return _coming(self.cleaned_data["review_on"])


class PlanForm(forms.Form):
    """The plan of a course, to begin one or to change it."""

    prefix = "plan"
    title = forms.CharField(
        label="What it is for", max_length=120, error_messages={"required": "Say what the course is for."}
    )
    started_on = _day("First day")
    planned_visits = forms.IntegerField(
        label="Up to how many visits",
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    until = _day("Until", required=False)
    review_on = _day("Review on", required=False)

    def __init__(self, data: Any = None, *, course: Course | None = None) -> None:
        super().__init__(data, initial=_usual() if course is None else model_to_dict(course, _PLAN))
        self._review_on = course.review_on if course is not None else None

    def clean_started_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["started_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("A course begins with its first visit: this day is still to come.")
        if day < timezone.localdate() - FARTHEST * 5:
            raise forms.ValidationError("This is more than ten years back.")
        return day

    def clean_until(self) -> dt.date | None:
        return _far(self.cleaned_data["until"])

    def clean_review_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["review_on"]
        return day if day == self._review_on else _coming(day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("started_on"), cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", "This is before the first day.")
        return cleaned


def _usual() -> dict[str, Any]:
    """A course as the rule of review has it, from today."""
    rule, today = review_rule(), timezone.localdate()
    return {
        "started_on": today,
        "planned_visits": rule.visits,
        "until": today + dt.timedelta(weeks=rule.weeks[1]),
        "review_on": today + dt.timedelta(weeks=rule.review_weeks[0]),
    }


def _far(day: dt.date | None) -> dt.date | None:
    if day is not None and day > timezone.localdate() + FARTHEST:
        raise forms.ValidationError("This is more than two years ahead.")
    return day


class StopForm(forms.Form):
    """The end of a course, and how it went."""

    prefix = "stop"
    ended_on = _day("Last day")
    outcome = forms.CharField(
        label="How it went", max_length=200, error_messages={"required": "Say how it went."}
    )

    def __init__(self, data: Any = None, *, outcome: str = "") -> None:
        super().__init__(data, initial={"ended_on": timezone.localdate(), "outcome": outcome})

    def clean_ended_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return day


def _rating(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=10,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class GoalForm(forms.Form):
    """What the patient wants to be able to do, 0 (cannot) to 10 (as before)."""

    prefix = "goal"
    text = forms.CharField(
        label="What the patient wants to do",
        max_length=200,
        error_messages={"required": "Write what the patient wants to do."},
    )
    start = _rating("At the start")
    now = _rating("Now")
    target = _rating("Goal")


class RateForm(forms.Form):
    """Where the patient stands with each goal today."""

    prefix = "rate"

    def __init__(self, goals: Sequence[Goal], data: Any = None) -> None:
        super().__init__(data)
        self.goals = goals
        for number, goal in enumerate(goals, 1):
            field = _rating(goal.text)
            field.initial = goal.now
            self.fields[f"goal{number}"] = field

    def rated(self) -> Iterator[tuple[Goal, int | None]]:
        """The goals that stand elsewhere than before."""
        for number, goal in enumerate(self.goals, 1):
            now: int | None = self.cleaned_data[f"goal{number}"]
            if now != goal.now:
                yield goal, now
