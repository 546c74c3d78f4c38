"""What a person types about a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.booking import slots
from openomt.care.booking.forms import ByUid, DayField, TimeField
from openomt.care.followup.deadlines import RESULTS
from openomt.care.followup.models import Task
from openomt.care.followup.services import MOST_WORDS, answerers
from openomt.care.patients.models import Patient


class Answerer(ByUid):
    """Somebody who may answer patients."""

    def __init__(self, **kwargs: Any) -> None:
        keys = [one.pk for one in answerers()]
        super().__init__(queryset=User.objects.filter(pk__in=keys).order_by("name"), **kwargs)


class HandOverForm(forms.Form):
    """Whose it becomes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = Answerer(
            label="Hand over to", empty_label="Choose", error_messages={"required": "Choose who takes it."}
        )


class CloseForm(forms.Form):
    """What came of it."""

    outcome = forms.CharField(
        label="What came of it",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a few words what came of it."},
    )


class CalledForm(forms.Form):
    """Whether somebody was reached by phone, and what was said."""

    reached = forms.ChoiceField(
        label="Reached", choices=[("yes", "Spoke with them"), ("no", "Nobody answered")], initial="yes"
    )
    words = forms.CharField(
        label="What was said, or done",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a few words what was said, or that nobody answered."},
    )


class ReplyForm(forms.Form):
    """What the patient is to read."""

    answer = forms.CharField(
        label="To the patient, in their language",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what the patient is to read."},
    )


class TaskForm(forms.Form):
    """A person called, or somebody must call: by hand."""

    patient = ByUid(
        queryset=Patient.objects.filter(merged_into=None),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Find the patient and choose who it is.",
            "invalid_choice": "There is no such patient. Find the patient and choose who it is.",
        },
    )
    urgency = forms.ChoiceField(choices=Task.Urgency.choices, initial=Task.Urgency.ROUTINE)
    title = forms.CharField(label="What needs an answer", max_length=200)
    words = forms.CharField(
        label="In the patient's own words",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    day = DayField(
        label="Answer by",
        required=False,
        help_text="May stay empty, save for a question: then the deadline of its urgency holds.",
    )
    time = TimeField(label="at", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = Answerer(label="Owner", required=False, empty_label="Nobody yet")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if (day is None) != (time is None) and not {"day", "time"} & self.errors.keys():
            self.add_error("time" if time is None else "day", "Give both the day and the time.")
        if day is None and time is None and cleaned.get("urgency") and cleaned["urgency"] not in RESULTS:
            self.add_error("day", "A question has no deadline of its own: say by when it is answered.")
        if day is not None and time is not None:
            due = slots.at(day, time, timezone.get_current_timezone())
            if due <= timezone.now():
                self.add_error("time", "That is in the past.")
            cleaned["due_at"] = due
        return cleaned
