"""Forms of what is decided about a course. Their first values come from the medicine's rule of review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from openomt.care.patients.models import Course, Goal
from openomt.medicine.instruments.records import review_rule

_DATE = {"type": "date"}
_BAD_DAY = {"invalid": "Enter a day such as 2026-11-23.", "required": "Enter a day."}
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


class PlanForm(forms.ModelForm[Course]):
    """The plan of a course, to begin one or to change it."""

    prefix = "plan"
    started_on = _day("First day")
    until = _day("Until", required=False)
    review_on = _day("Review on", required=False)

    class Meta:
        model = Course
        fields = ("title", "started_on", "planned_visits", "until", "review_on")
        labels = {"title": "What it is for", "planned_visits": "Up to how many visits"}
        error_messages = {"title": {"required": "Say what the course is for."}}

    def __init__(self, data: Any = None, *, course: Course | None = None) -> None:
        rule, today = review_rule(), timezone.localdate()
        start = {
            "started_on": today,
            "planned_visits": rule.visits,
            "until": today + dt.timedelta(weeks=rule.weeks[1]),
            "review_on": today + dt.timedelta(weeks=rule.review_weeks[0]),
        }
        super().__init__(data, instance=course, initial=None if course is not None else start)

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
        if day is not None and self.instance.pk and day == self.instance.review_on:
            return day
        return _coming(day)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("started_on"), cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", "This is before the first day.")
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


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
    """Where the patient stands with a goal today."""

    now = _rating("Now")

    def __init__(self, data: Any = None, *, number: int, goal: Goal | None = None) -> None:
        super().__init__(data, prefix=f"goal{number}", initial={"now": goal.now if goal else None})
        self.number = number
        self.goal = goal
