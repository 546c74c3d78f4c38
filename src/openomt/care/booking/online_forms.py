"""What patients, and people who are none yet, type to book; and the practice's rules for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import validate_email
from django.utils.functional import lazy

from openomt.care.accounts.models import Location, User
from openomt.care.booking import diary, online
from openomt.care.booking.forms import ByUid
from openomt.care.booking.models import AppointmentType, BookingRules, WaitingEntry
from openomt.care.contact.reach import is_under_age, text_number
from openomt.care.contact.senders import can_send
from openomt.care.patients.models import Patient
from openomt.care.words import page_language, say

if TYPE_CHECKING:  # Django's own classes take no parameters
    _RulesForm = forms.ModelForm[BookingRules]
    _Types = forms.ModelMultipleChoiceField[AppointmentType]
else:
    _RulesForm, _Types = forms.ModelForm, forms.ModelMultipleChoiceField
_words = lazy(say, str)
_LANGUAGES = (("en", "English"), ("es", "Español"))


def _text(key: str, longest: int, *, needed: bool = True, **more: Any) -> forms.CharField:
    attrs = {name.replace("_", "-"): value for name, value in more.items()}
    return forms.CharField(
        label=_words(f"booking.{key}"),
        max_length=longest,
        required=needed,
        widget=forms.TextInput(attrs=attrs),
        error_messages={
            "required": _words(f"booking.{key}_missing" if needed else "booking.missing"),
            "max_length": _words("booking.too_long", longest=longest),
        },
    )


def _pick(key: str, choices: Any, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_words(f"booking.{key}"),
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _words(missing), "invalid_choice": _words(missing)},
    )


class ReasonForm(forms.Form):
    """What somebody who signed in may add to a booking."""

    reason = _text("reason", 200, needed=False, autocomplete="off")


class PersonForm(ReasonForm):
    """Who somebody is, and how to reach them. The birth date has a form of its own (`portal.birth_date`)."""

    given_names = _text("given_names", 80, autocomplete="given-name")
    family_name = _text("family_name", 80, autocomplete="family-name")
    sex = _pick(
        "sex",
        lambda: [(code, say(f"booking.sex_{code}")) for code in Patient.Sex.values],
        "booking.sex_missing",
    )
    guardian_name = _text("guardian_name", 120, needed=False, autocomplete="off")
    guardian_relation = _text("guardian_relation", 60, needed=False, autocomplete="off")
    email = _text("email", 254, needed=False, autocomplete="email", inputmode="email", spellcheck="false")
    phone = _text("phone", 30, needed=False, autocomplete="tel", inputmode="tel")
    channel = _pick("channel", lambda: channels(), "booking.channel_missing")  # noqa: PLW0108  (asked at each page)
    language = _pick("language", _LANGUAGES, "booking.language_missing")

    def __init__(self, *args: Any, born: dt.date | None = None, **more: Any) -> None:
        more.setdefault("initial", {"language": page_language(), "channel": "email"})
        super().__init__(*args, **more)
        self._born = born

    def clean_email(self) -> str:
        found = str(self.cleaned_data["email"]).strip()
        if found:
            try:
                validate_email(found)
            except forms.ValidationError:
                raise forms.ValidationError(say("booking.email_wrong")) from None
        return found

    def clean_phone(self) -> str:
        found = str(self.cleaned_data["phone"]).strip()
        if found and not text_number(found):
            raise forms.ValidationError(say("booking.phone_wrong"))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        way = data.get("channel")
        needs = {"email": "email", "text": "phone"}.get(str(way), "")
        if needs and not data.get(needs) and needs not in self.errors:
            self.add_error(needs, say(f"booking.{needs}_missing"))
        if self._born is not None and is_under_age(self._born):
            for name in ("guardian_name", "guardian_relation"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, say(f"booking.{name}_missing"))
        else:
            data["guardian_name"] = data["guardian_relation"] = ""
        return data


def channels() -> list[tuple[str, str]]:
    """By what a link can be sent from here."""
    return [(one, say(f"booking.channel_{one}")) for one in ("email", "text") if can_send(one)]


class CancelOnlineForm(forms.Form):
    """Why a patient cancels."""

    reason = _text("cancel_reason", 200, autocomplete="off")


class WaitingForm(forms.Form):
    """What somebody waits for."""

    weekdays = forms.MultipleChoiceField(
        label=_words("booking.weekdays"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _words("booking.weekdays_wrong")},
    )
    part = _pick(
        "part",
        lambda: [(code, say(f"booking.part_{code}")) for code in WaitingEntry.Part.values],
        "booking.part_missing",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"part": WaitingEntry.Part.ANY})
        super().__init__(*args, **more)
        from django.utils.dates import WEEKDAYS  # noqa: PLC0415  (named at each page, in its language)

        wrong = {"invalid_choice": say("booking.choice_wrong"), "required": say("booking.type_missing")}
        self.fields["type"] = ByUid(
            queryset=AppointmentType.objects.filter(pk__in=[one.pk for one in online.types()]),
            label=say("booking.type"),
            empty_label=None,
            error_messages=wrong,
        )
        self.fields["type"].label_from_instance = type_words  # type: ignore[attr-defined]
        self.fields["clinician"] = ByUid(
            queryset=User.objects.filter(pk__in=[one.pk for one in diary.clinicians()]),
            label=say("booking.clinician"),
            empty_label=say("booking.any_clinician"),
            required=False,
            error_messages=wrong,
        )
        self.fields["location"] = ByUid(
            queryset=Location.objects.filter(is_active=True),
            label=say("booking.place"),
            empty_label=say("booking.any_place"),
            required=False,
            error_messages=wrong,
        )
        days: Any = self.fields["weekdays"]
        days.choices = [(str(number), str(name).capitalize()) for number, name in WEEKDAYS.items()]
        self.order_fields(["type", "clinician", "location", "weekdays", "part"])

    def entry(self) -> WaitingEntry:
        data = self.cleaned_data
        return WaitingEntry(
            type=data["type"],
            clinician=data["clinician"],
            location=data["location"],
            weekdays="".join(sorted(data["weekdays"])),
            part=data["part"],
        )


def type_words(type_: AppointmentType) -> str:
    """A type of appointment as patients read it; its own name only where the kind alone does not say which."""
    kind = say(f"booking.kind_{type_.kind}")
    alike = [one for one in online.types() if (one.kind, one.minutes) == (type_.kind, type_.minutes)]
    words = f"{kind} ({type_.name})" if len(alike) > 1 else kind
    return say("booking.type_minutes", kind=words, minutes=type_.minutes)


class RulesForm(_RulesForm):
    """What patients may do themselves. Staff read it, in English."""

    types = _Types(
        label="Types they may book",
        queryset=AppointmentType.objects.filter(is_active=True),
        required=False,
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = BookingRules
        fields = (
            "new_patients",
            "min_notice_hours",
            "ahead_days",
            "change_hours",
            "hold_minutes",
            "offer_hours",
            "remind_hours",
        )
