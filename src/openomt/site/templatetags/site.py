"""Tags every template may use: icons, severity dots, dates."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from uuid import UUID

from django import template
from django.db.models import Model
from django.template import defaulttags
from django.template.base import FilterExpression, Parser, Token
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from openomt.care import words
from openomt.care.addresses import address
from openomt.care.times import spoken_time

register = template.Library()
_LEVELS = {
    "stop": ("stop", "lvl-stop", "Stop"),
    "absolute": ("avoid", "lvl-avoid", "Do not use"),
    "relative": ("caution", "lvl-caution", "Caution"),
    "precaution": ("note", "lvl-note", "Note"),
    "clear": ("check", "lvl-clear", "Clear"),
}
_KEPT = 2000
"""Pieces kept of one place of a template."""
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
def iso(value: dt.date | dt.datetime | None) -> str:
    """`2026-11-23`, in the practice's time."""
    if value is None:
        return ""
    return (timezone.localtime(value).date() if isinstance(value, dt.datetime) else value).isoformat()


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """`9:05 AM`, in the practice's time and the language of the page."""
    if value is None:
        return ""
    return spoken_time(timezone.localtime(value) if isinstance(value, dt.datetime) else value)


@register.filter
def exact_clock(value: dt.datetime) -> str:
    """`9:05:07 AM`, in the practice's time."""
    return spoken_time(timezone.localtime(value), seconds=True)


class _Kept(template.Node):
    """A piece of a page that depends on its values alone: drawn once for each of them."""

    def __init__(self, values: list[FilterExpression], content: template.NodeList) -> None:
        self._values = values
        self._drawn: dict[tuple[object, ...], SafeString] = {}
        self.nodelist = content

    def render(self, context: template.Context) -> SafeString:
        values = [one.resolve(context) for one in self._values]
        if any(isinstance(one, Model) for one in values):
            raise TypeError(
                "a row of the database equals itself after it was changed: keep what was read from it"
            )
        key = (_when(context), *values)
        drawn = self._drawn.get(key)
        if drawn is None:
            if len(self._drawn) >= _KEPT:
                self._drawn.clear()
            drawn = self._drawn[key] = self.nodelist.render(context)
        return drawn


def _when(context: template.Context) -> tuple[dt.date, str | None]:
    """The day and the language of a page, asked once for each of its templates."""
    known: tuple[dt.date, str | None] | None = context.render_context.get(_KEPT)
    if known is None:
        known = context.render_context[_KEPT] = (timezone.localdate(), get_language())
    return known


@register.tag
def kept(parser: Parser, token: Token) -> _Kept:
    """`{% kept row forloop.first %}…{% endkept %}`: what stands inside is made of these values, the day and the
    language, and of nothing else. The values are frozen and compared as a whole."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    content = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(values, content)


class _Address(defaulttags.URLNode):
    """An address with no argument or one key, as nearly all are, is put together and not looked for."""

    def render(self, context: template.Context) -> str:
        if self.kwargs or self.asvar or len(self.args) > 1:
            return str(super().render(context))
        key = self.args[0].resolve(context) if self.args else None
        if self.args and not isinstance(key, UUID):
            return str(super().render(context))
        return address(self.view_name.resolve(context), key)


@register.tag
def url(parser: Parser, token: Token) -> _Address:
    """`{% url "chart" patient.uid %}`, as Django's."""
    found = defaulttags.url(parser, token)
    return _Address(found.view_name, found.args, found.kwargs, found.asvar)
