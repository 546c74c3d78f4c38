"""What a person types to book, by the clock of the practice."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from openomt.care.accounts.models import Location, User
from openomt.care.booking import slots
from openomt.care.booking.diary import clinicians
from openomt.care.booking.models import STEP, Absence, Appointment, AppointmentType, WorkingHours
from openomt.care.patients.models import Patient

if TYPE_CHECKING:  # Django's own classes take no parameters
    _Choice = forms.ModelChoiceField[Any]
    _TypeForm = forms.ModelForm[AppointmentType]
else:
    _Choice, _TypeForm = forms.ModelChoiceField, forms.ModelForm
YEARS = 2
"""How far away a day may be, before or ahead: further is a slip of the finger."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


FIRST_FIELD = "d0-0-start"
"""Of a week's hours: a form without it was cut off on its way, and must not empty the week."""


class DayField(forms.DateField):
    """A day within some years of today."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day is not None and abs(day - timezone.localdate()) > dt.timedelta(days=366 * YEARS):
            raise ValidationError(f"Choose a day within {YEARS} years of today.")
        return day


class TimeField(forms.TimeField):
    """A time by the clock on the wall, to the minute."""

    widget = forms.TimeInput(attrs={"type": "time", "step": STEP * 60}, format="%H:%M")


class ByUid(_Choice):
    """One of some rows, by its uid; anything that is none is not there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name="uid", **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(uuid.UUID(str(value)) if value else value)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "uid", value)


class Clinician(ByUid):
    """Somebody who sees patients."""

    def __init__(self, **kwargs: Any) -> None:
        keys = [one.pk for one in clinicians()]
        super().__init__(queryset=User.objects.filter(pk__in=keys).order_by("name"), **kwargs)


class When(forms.Form):
    """Where, when and with whom. `moment` in the cleaned data is the start."""

    clinician: forms.ModelChoiceField[User]
    location = forms.ModelChoiceField(Location.objects.filter(is_active=True))
    day = DayField()
    time = TimeField(label="Time")
    override = forms.CharField(
        label="Reason to book it all the same", max_length=200, required=False, strip=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinician"] = Clinician()
        self.order_fields(["patient", "clinician", "location", "type", "day", "time", "reason", "override"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if day is not None and time is not None:
            zone = timezone.get_current_timezone()
            if not slots.exists(day, time, zone):
                self.add_error("time", "There is no such time that day: the clocks go forward.")
            cleaned["moment"] = slots.at(day, time, zone)
        return cleaned


class BookForm(When):
    """A new appointment."""

    patient = ByUid(
        queryset=Patient.objects.filter(merged_into=None),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Find the patient and choose who it is.",
            "invalid_choice": "There is no such patient. Find the patient and choose who it is.",
        },
    )
    type = ByUid(
        queryset=AppointmentType.objects.filter(is_active=True),
        error_messages={"invalid_choice": "This type is not offered. Choose another."},
    )
    reason = forms.CharField(max_length=200, required=False, label="Reason, in a few words")


class CancelForm(forms.Form):
    """Why an appointment is canceled."""

    reason = forms.CharField(
        label="Why", max_length=200, error_messages={"required": "Say why it is canceled, in a few words."}
    )


class StatusForm(forms.Form):
    """The next step of an appointment, or the last one taken back."""

    status = forms.ChoiceField(choices=[*Appointment.Status.choices, ("undo", "Undo")])
    room = forms.CharField(max_length=20, required=False)


class TypeForm(_TypeForm):
    """A kind of appointment."""

    class Meta:
        model = AppointmentType
        fields = ("name", "kind", "minutes")


class AbsenceForm(forms.Form):
    """Hours in which a clinician takes no appointments."""

    first_day = DayField(label="First day")
    first_time = TimeField(label="from")
    last_day = DayField(label="Last day")
    last_time = TimeField(label="until")
    words = forms.CharField(
        label="What is it", max_length=Absence._meta.get_field("words").max_length, required=False
    )
    keep = forms.BooleanField(label="Add it; the appointments stay until moved", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        zone = timezone.get_current_timezone()
        for which in ("first", "last"):
            day, time = cleaned.get(f"{which}_day"), cleaned.get(f"{which}_time")
            if day is not None and time is not None:
                cleaned[which] = slots.at(day, time, zone)
        if "first" in cleaned and "last" in cleaned and cleaned["last"] <= cleaned["first"]:
            self.add_error("last_time", "The end must come after the start.")
        return cleaned


class StretchForm(forms.Form):
    """One stretch of a weekday; empty times: none."""

    start = TimeField(required=False, label="from")
    end = TimeField(required=False, label="to")
    location = forms.ModelChoiceField(Location.objects.filter(is_active=True), required=False, label="at")

    def __init__(self, *args: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday = weekday

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if (start is None) != (end is None) and not self.errors:
            self.add_error("end" if end is None else "start", "Give both times, or neither.")
        if start is not None and end is not None:
            if end <= start:
                self.add_error("end", "The end must come after the start.")
            if cleaned.get("location") is None and "location" not in self.errors:
                self.add_error("location", "Say where.")
        return cleaned

    def row(self) -> WorkingHours | None:
        """The stretch it says, if any."""
        data = self.cleaned_data
        if data.get("start") is None:
            return None
        return WorkingHours(
            weekday=self.weekday, start=data["start"], end=data["end"], location=data["location"]
        )


def week_forms(rows: list[WorkingHours], data: Any = None) -> list[tuple[str, list[StretchForm]]]:
    """Two stretches for each weekday, or as many as there are, with what they hold."""
    found = []
    usual = rows[0].location if rows else Location.objects.filter(is_active=True).first()
    for weekday, name in enumerate(WEEKDAYS):
        there = [row for row in rows if row.weekday == weekday]
        stretches = []
        for place in range(max(2, len(there))):
            row = there[place] if place < len(there) else None
            initial: dict[str, Any] = {"location": row.location if row else usual}
            if row is not None:
                initial |= {"start": row.start, "end": row.end}
            form = StretchForm(data, prefix=f"d{weekday}-{place}", initial=initial, weekday=weekday)
            stretches.append(form)
        found.append((name, stretches))
    return found
