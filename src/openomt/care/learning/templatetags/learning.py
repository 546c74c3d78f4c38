"""How public pages show a link, a day, a mark, a drawing."""

from __future__ import annotations

import datetime as dt

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from openomt.care import words
from openomt.care.learning import drawings
from openomt.medicine.learning import CONDITIONS, LEARN, TECHNIQUES, Link, Page
from openomt.medicine.narrative.phrases import phrase

register = template.Library()
_NAMES = {LEARN: "learning_page", CONDITIONS: "learning_condition", TECHNIQUES: "learning_technique"}
_SHAPES = {
    "studied-most": "full",
    "early-evidence": "half",
    "not-enough": "none",
    "tested-no-help": "minus",
    "ask-first": "caution",
}
"""The shape of each label; its word always stands beside it."""
_MARKS = {"K": "learning.mark_K", "?": "learning.mark_unsure"}


@register.filter
def address(page: Page | Link) -> str:
    return reverse(_NAMES[page.place], kwargs={"slug": page.slug})


@register.filter
def shape(label: str) -> str:
    """The icon of a label."""
    return _SHAPES[label]


@register.filter
def key(name: str, step: str) -> str:
    """`{{ "feel"|key:"part" }}`: the words `learning.part_feel`."""
    return f"learning.{step}_{name}"


@register.filter
def mark(sign: str) -> str:
    """A mark in words."""
    return words.say(_MARKS[sign])


@register.filter
def mark_means(sign: str) -> str:
    """What a mark means."""
    return words.say(f"{_MARKS[sign]}_means")


@register.filter
def long_day(day: dt.date) -> str:
    """`November 30, 2026`, in the language of the page."""
    language = words.page_language()
    form, month = phrase("date.format"), phrase(f"month.{day.month}")
    return str(getattr(form, language)).format(day=day.day, month=getattr(month, language), year=day.year)


@register.simple_tag
def drawing(pose: str, hands: str) -> SafeString:
    spoken = words.say(
        "learning.drawing",
        pose=words.say(f"learning.pose_{pose}"),
        hands=words.say(f"learning.hands_{hands}"),
    )
    return drawings.figure(pose, hands, spoken)


@register.simple_tag
def hundred(count: int, of: int) -> SafeString:
    return drawings.hundred(count, words.say("learning.count_people", count=count, of=of))
