"""What people may type into the pages of accounts."""

from __future__ import annotations

import datetime as dt
import unicodedata
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Credential, Location, Practice, User
from openomt.care.accounts.npi import check_npi

_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows: a name could be made to read as another."""
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_STATE = RegexValidator(r"\A[A-Z]{2}\Z", "Two capital letters, such as NY.")
_HOME_ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Mountain, no summer time (Arizona)"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
)


class PlainText(forms.BaseForm):
    """Refuses characters that nobody types, at their field."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, str) and (bad := _untypable(value)):
                self.add_error(name, f"This holds a character that cannot be kept ({bad}). Type it anew.")
        return data


def _untypable(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} or character in _TURNS_TEXT:
            return f"U+{ord(character):04X}"
    return ""


class StateField(forms.CharField):
    """A state by its two letters, in whichever case they are typed."""

    def __init__(self) -> None:
        super().__init__(max_length=2, required=False, validators=[_STATE])
        self.widget.attrs |= {"autocomplete": "address-level1", "size": 4}

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()


class DayField(forms.DateField):
    """A day in a browser's date field, within what a calendar of this practice can hold."""

    def __init__(self, **settings: Any) -> None:
        widget = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "min": str(EARLIEST), "max": str(LATEST)}
        )
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%m/%d/%Y"], **settings)

    def to_python(self, value: Any) -> dt.date | None:
        day = super().to_python(value)
        if day and not EARLIEST <= day <= LATEST:
            raise ValidationError(f"A day from {EARLIEST.year} to {LATEST.year}.")
        return day


class UnlockForm(forms.Form):
    """The password, to open a locked session."""

    password = forms.CharField(
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class NameForm(PlainText, forms.Form):
    """One's own name."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class PinForm(forms.Form):
    """A new signing PIN. Asks for the password, so that nobody sets one on a screen left open."""

    pin = forms.CharField(
        label="New PIN",
        max_length=6,
        help_text="Six digits. No repetitions, and no rows such as 123456.",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}),
    )
    again = forms.CharField(
        label="New PIN again",
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}),
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "pin" in data and "again" in data and data["pin"] != data["again"]:
            self.add_error("again", "The two PINs differ.")
        return data


class PersonForm(PlainText, forms.Form):
    """A member of the practice."""

    email = forms.EmailField(max_length=254, help_text="With this they sign in.")
    name = forms.CharField(max_length=120)
    credentials = forms.CharField(
        max_length=40, required=False, help_text="Stand behind the name in a signature, such as DO."
    )
    npi = forms.CharField(
        label="NPI",
        max_length=10,
        required=False,
        validators=[check_npi],
        help_text="Ten digits; who signs visits needs one for claims.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    roles = forms.TypedMultipleChoiceField(
        choices=[(role.value, role.words) for role in Role],
        coerce=Role,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role: without one an account can do nothing."},
    )


class CredentialForm(PlainText, forms.ModelForm):  # type: ignore[type-arg]
    """What entitles a clinician, from a day on."""

    state = StateField()
    valid_from = DayField(label="From")
    valid_to = DayField(label="Until", required=False, help_text="Empty: with no end yet.")

    class Meta:
        model = Credential
        fields = ("kind", "number", "state", "valid_from", "valid_to", "may_sign_omt")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        begin, end = data.get("valid_from"), data.get("valid_to")
        if begin and end and end < begin:
            self.add_error("valid_to", "It cannot end before it began.")
        return data


class EndCredentialForm(forms.Form):
    """The last day of a credential."""

    valid_to = DayField(label="Last day")


class PracticeForm(PlainText, forms.ModelForm):  # type: ignore[type-arg]
    """The practice's details."""

    state = StateField()
    zone = forms.ChoiceField(label="Time zone")
    npi = forms.CharField(label="NPI of the practice", max_length=10, required=False, validators=[check_npi])

    class Meta:
        model = Practice
        fields = (
            "name",
            "npi",
            "tax_id",
            "street",
            "city",
            "state",
            "postal_code",
            "phone",
            "email",
            "zone",
            "idle_minutes",
            "answer_hours",
            "claim_submitter",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = _zones()  # type: ignore[attr-defined]


def _zones() -> list[tuple[str, Any]]:
    others = sorted(
        zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc")
    )
    return [
        ("United States", list(_HOME_ZONES)),
        ("All", [(zone, zone.replace("_", " ")) for zone in others]),
    ]


class LocationForm(PlainText, forms.ModelForm):  # type: ignore[type-arg]
    """A place where patients are seen."""

    state = StateField()
    place_of_service = forms.CharField(
        max_length=2,
        validators=[RegexValidator(r"\A[0-9]{2}\Z", "Two digits.")],
        help_text="For claims; 11 is an office.",
    )

    class Meta:
        model = Location
        fields = (
            "name",
            "street",
            "city",
            "state",
            "postal_code",
            "phone",
            "hours",
            "place_of_service",
            "is_active",
        )
        labels = {"is_active": "Patients are seen here"}
        help_texts = {"hours": "As patients read it: Mon to Thu 8 to 5."}


class CptForm(forms.Form):
    """The owner's word that the practice holds a license."""

    WORDS = "we hold a CPT license"
    words = forms.CharField(
        label="Type: we hold a CPT license",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if " ".join(words.lower().rstrip(".").split()) != self.WORDS.lower():
            raise ValidationError(f"Type the words as they stand: {self.WORDS}")
        return words


class AuditFilter(forms.Form):
    """Which events of the audit to show."""

    person = forms.ModelChoiceField(
        User.objects.order_by("name"), required=False, empty_label="Everybody", to_field_name="uid"
    )
    action = forms.ChoiceField(required=False)
    patient = forms.IntegerField(
        label="Patient number", required=False, min_value=1, max_value=2**63 - 1, widget=forms.TextInput
    )
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "Everything"), *_actions()]  # type: ignore[attr-defined]
        self.fields["patient"].widget.attrs |= {"inputmode": "numeric", "size": 8}


def _actions() -> list[tuple[str, str]]:
    """Every action there is, by steps through the index: a table of millions is not read for a list of fifty."""
    names: list[str] = []
    while (name := _after(names[-1] if names else "")) is not None:
        names.append(name)
    return [(name, name) for name in names]


def _after(name: str) -> str | None:
    later = AuditEvent.objects.filter(action__gt=name).order_by("action")
    return later.values_list("action", flat=True).first()
