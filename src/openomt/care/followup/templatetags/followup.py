"""Days as a patient reads them, in the language of the page."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import formats, timezone

from openomt.care.words import say

register = template.Library()


@register.filter
def told_day(moment: dt.datetime) -> str:
    """`Monday, November 30`, by the practice's clock."""
    return formats.date_format(timezone.localtime(moment), say("contact.day_format"))
