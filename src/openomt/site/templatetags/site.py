"""Tags every template may use: icons, severity dots, dates."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from openomt.care import words

register = template.Library()
_LEVELS = {
    "stop": ("stop", "lvl-stop", "Stop"),
    "absolute": ("avoid", "lvl-avoid", "Do not use"),
    "relative": ("caution", "lvl-caution", "Caution"),
    "precaution": ("note", "lvl-note", "Note"),
    "clear": ("check", "lvl-clear", "Clear"),
}
_SEVERITY = ("none", "minor", "obvious", "key")


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, extra: str = "") -> SafeString:
    """`{% icon "check" %}`: a shape of the sprite; a word always stands beside it."""
    return format_html(
        '<svg class="ico {}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', extra, name
    )


@register.simple_tag
@lru_cache(maxsize=256)
def level(name: str) -> SafeString:
    """`{% level "absolute" %}`: shape and word of a safety level."""
    shape, css, word = _LEVELS[name]
    return format_html('<span class="lvl {}">{}{}</span>', css, icon(shape), word)


@register.simple_tag
@lru_cache(maxsize=256)
def dots(severity: int | None) -> SafeString:
    """Severity as three dots, for the eye; number and word stand beside it."""
    marks = format_html_join(
        "", '<i class="{}"></i>', (("on" if n < (severity or 0) else "",) for n in range(3))
    )
    return format_html('<span class="dots" aria-hidden="true">{}</span>', marks)


@register.simple_tag
def say(key: str, **values: object) -> SafeString:
    """`{% say "booking.at" place=location %}`: what a patient reads, in the language of the page."""
    sentence = escape(words.say(key))
    return format_html(sentence, **values) if values else sentence


@register.filter
def plain(value: str) -> str:
    """A name of the data in words: `upper_extremity` as `upper extremity`."""
    return str(value).replace("_", " ")


@register.filter
def severity_word(severity: int) -> str:
    return f"{severity}, {_SEVERITY[severity]}"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """`23 Nov`, with the year where it is not this one."""
    if value is None:
        return ""
    date = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    year = "" if date.year == timezone.localdate().year else f" {date.year}"
    return f"{date.day} {date:%b}{year}"


@register.filter
def clock(value: dt.datetime | None) -> str:
    """`9:05` in the practice's time."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{local.hour}:{local:%M}"
