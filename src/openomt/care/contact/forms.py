"""What people may type into the pages of messages."""

from __future__ import annotations

from django import forms

from openomt.care.contact.models import ContactSettings


class QuietForm(forms.ModelForm[ContactSettings]):
    """When no messages go out."""

    class Meta:
        model = ContactSettings
        fields = ("quiet_from", "quiet_until")
        widgets = {
            name: forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 60}) for name in fields
        }
        help_texts = {"quiet_until": "The same time in both: messages go out at any hour."}
