"""Forms of an order and of its result."""

from __future__ import annotations

from django import forms

from openomt.care.patients.fields import Line, Text
from openomt.care.visits.models import Order
from openomt.care.visits.orders.services import LONGEST_LINE, LONGEST_RESULT


class OrderForm(forms.Form):
    """What is ordered, why, and whether treatment waits for it."""

    kind = forms.ChoiceField(
        label="Kind", choices=Order.Kind.choices, widget=forms.RadioSelect, initial="imaging"
    )
    text = Line(label="What", max_length=LONGEST_LINE, help_text="Such as: MRI lumbar spine without contrast")
    reason = Line(label="Reason", max_length=LONGEST_LINE, required=False)
    holds = forms.BooleanField(
        label="Treatment waits until the result is read",
        required=False,
        help_text="The visit page says so in Safety until then.",
    )


class ResultForm(forms.Form):
    """A result in words."""

    result = Text(label="Result", max_length=LONGEST_RESULT, widget=forms.Textarea(attrs={"rows": 6}))
