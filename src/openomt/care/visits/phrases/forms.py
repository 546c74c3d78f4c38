"""The form of one phrase."""

from __future__ import annotations

from django import forms

from openomt.care.patients.fields import Line, Text
from openomt.care.visits.phrases.services import LONGEST_SHORT, LONGEST_TEXT


class PhraseForm(forms.Form):
    """A short form and its text. `before` is the short form it had."""

    before = forms.CharField(required=False, max_length=LONGEST_SHORT, widget=forms.HiddenInput)
    short = Line(
        label="Short form",
        max_length=LONGEST_SHORT + 1,
        help_text="Typed after a dot: .walk",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    text = Text(label="Text", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
