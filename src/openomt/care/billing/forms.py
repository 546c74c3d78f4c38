"""What people enter about claims, fees and payers."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.billing.coding import rule_sets
from openomt.care.billing.models import Claim, Clearinghouse, PayerRule
from openomt.care.billing.services import LineEdit
from openomt.care.billing.values import ClaimLine

ALL = "all"
_CODE = re.compile(r"\d{5}|[A-Z]\d{4}|\d{4}[A-Z]")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_MOST_MODIFIERS = 4


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **more)


class FilterForm(forms.Form):
    """Which claims the register shows."""

    state = forms.ChoiceField(choices=[*Claim.State.choices, (ALL, "All")], required=False)
    since = _day(label="From", required=False)
    until = _day(label="To", required=False)
    clinician = forms.ChoiceField(required=False)
    payer = forms.CharField(max_length=80, required=False)
    q = forms.CharField(label="Name or claim number", max_length=80, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = User.objects.filter(grants__role__in=["physician", "trainee"]).distinct()
        choices = [("", "Anybody"), *((str(person.uid), person.name) for person in people)]
        self.fields["clinician"] = forms.ChoiceField(choices=choices, required=False)


class ReasonForm(forms.Form):
    """Why something is done."""

    words = forms.CharField(label="Why", min_length=3, max_length=300)


class PayForm(forms.Form):
    """A payment."""

    amount = forms.DecimalField(label="Amount paid", min_value=Decimal(0), max_digits=9, decimal_places=2)
    on = _day(label="Paid on", initial=timezone.localdate)
    words = forms.CharField(label="Remark", max_length=300, required=False)


class LineForm(forms.Form):
    """A line of a claim as somebody wants it, and why. Numbers of CPT are changed only where CPT is on."""

    number = forms.CharField(label="Code", max_length=5, required=False)
    modifiers = forms.CharField(
        label="Modifiers", max_length=20, required=False, help_text="Two characters each, by spaces"
    )
    units = forms.IntegerField(label="Units", min_value=1, max_value=99)
    fee = forms.DecimalField(
        label="Fee for one unit", min_value=Decimal(0), max_digits=9, decimal_places=2, required=False
    )
    off = forms.BooleanField(label="Leave this line off the claim", required=False)
    words = forms.CharField(label="Why", min_length=3, max_length=300)

    def __init__(self, *args: Any, cpt: bool, line: ClaimLine, **more: Any) -> None:
        more["initial"] = {
            "number": line.number,
            "modifiers": " ".join(one.number for one in line.modifiers if one.number),
            "units": line.units,
            "fee": line.fee,
            "off": line.off,
        }
        super().__init__(*args, **more)
        if not cpt:
            del self.fields["number"]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip().upper()
        if not _CODE.fullmatch(number):
            raise ValidationError("A code has five characters, as G2211.")
        return number

    def clean_modifiers(self) -> tuple[str, ...]:
        found = str(self.cleaned_data["modifiers"]).upper().replace(",", " ").split()
        wrong = [one for one in found if not _MODIFIER.fullmatch(one)]
        if wrong:
            raise ValidationError(f"A modifier has two letters or digits, not “{wrong[0]}”.")
        if len(found) > _MOST_MODIFIERS:
            raise ValidationError("A line takes four modifiers.")
        return tuple(dict.fromkeys(found))

    def edit(self, line: ClaimLine) -> LineEdit:
        """The line as entered."""
        said = self.cleaned_data
        return LineEdit(
            number=said.get("number", line.number),
            modifiers=said["modifiers"],
            units=said["units"],
            fee=said["fee"],
            off=said["off"],
            words=said["words"],
        )


class FeeForm(forms.Form):
    """One fee. One of the same code and day is replaced."""

    code = forms.CharField(max_length=5)
    amount = forms.DecimalField(min_value=Decimal(0), max_digits=9, decimal_places=2)
    words = forms.CharField(label="In your own words", max_length=120, required=False)
    valid_from = _day(label="Valid from")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if not _CODE.fullmatch(code):
            raise ValidationError("A code has five characters, as G2211.")
        return code

    def clean_valid_from(self) -> dt.date:
        day: dt.date = self.cleaned_data["valid_from"]
        if not 1990 <= day.year <= 2100:
            raise ValidationError("A day between 1990 and 2100.")
        return day


class FeeFileForm(forms.Form):
    """A fee schedule as CSV."""

    file = forms.FileField(label="CSV file", widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))


class PayerRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """How one payer wants its claims."""

    rule_set = forms.ChoiceField(label="Rules for an evaluation beside treatment", required=False)

    class Meta:
        model = PayerRule
        fields = ("payer", "rule_set", "pointer_limit", "dysfunction_first")
        help_texts: ClassVar = {"payer": "As it is written in the patients' records"}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        sets = [(one.id, one.title) for one in rule_sets()]
        choices = [("", "Default for the kind of payer"), *sets]
        self.fields["rule_set"] = forms.ChoiceField(
            label="Rules for an evaluation beside treatment", choices=choices, required=False
        )

    def clean_payer(self) -> str:
        payer = " ".join(str(self.cleaned_data["payer"]).split())
        others = PayerRule.objects.filter(payer__iexact=payer).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError("This payer has rules already: change those.")
        return payer


class ClearinghouseForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where claim files go."""

    class Meta:
        model = Clearinghouse
        fields = (
            *("name", "identifier", "qualifier", "usage", "contact"),
            *("accepts_assignment", "benefits_assigned", "release_signed"),
        )
        help_texts: ClassVar = {
            "qualifier": "Two characters. ZZ: agreed between you",
            "contact": "Empty: the practice",
            "usage": "Test files until the receiver has accepted one",
            "release_signed": "Every claim states this: confirm that it is so",
        }

    def clean_qualifier(self) -> str:
        qualifier = str(self.cleaned_data["qualifier"]).strip().upper()
        if not _MODIFIER.fullmatch(qualifier):
            raise ValidationError("Two letters or digits, as the receiver told you.")
        return qualifier
