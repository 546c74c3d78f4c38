"""Checks every template of the site, so that a broken one fails before a person opens its page.

It compiles; the addresses and static files it names exist; it holds no style or script of its own, which the
Content-Security-Policy would stop; every box to fill in has a label; a time of day is written by the one filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
URL = re.compile(r"""\{%\s*url\s+['"]([^'"]+)['"]""")
STATIC = re.compile(r"""\{%\s*static\s+['"]([^'"]+)['"]""")
STOPPED = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "a style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a script attribute": re.compile(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']", re.IGNORECASE),
    "an address of a script": re.compile(r"javascript:", re.IGNORECASE),
}
OWN_TIME = re.compile(
    r"""\|(?:time\b|date:["'](?:[^"']*TIME_FORMAT|(?!(?:SHORT_)?DATE_FORMAT)[^"']*[gGhHfPaA]))"""
)
"""A time of day in a form of the template's own."""
UNLABELED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})


def folders() -> list[Path]:
    from django.template.utils import get_app_template_dirs

    return [Path(one) for one in get_app_template_dirs("templates") if "site-packages" not in str(one)]


def problems() -> Iterator[str]:
    """Everything that is wrong, as `file:line: what`."""
    for folder in folders():
        for file in sorted(folder.rglob("*.html")):
            name = str(file.relative_to(folder))
            for line, what in of_template(name, file.read_text(encoding="utf-8")):
                yield f"{name}:{line}: {what}"


def of_template(name: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and words of everything wrong in one template."""
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        yield 1, f"does not compile: {error}"
    bare = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    yield from _unknown_names(bare)
    for what, pattern in STOPPED.items():
        for found in pattern.finditer(bare):
            yield bare.count("\n", 0, found.start()) + 1, f"{what}: the browser would stop it"
    for found in OWN_TIME.finditer(bare):
        yield (
            bare.count("\n", 0, found.start()) + 1,
            "a time in a form of its own: the filter `clock` writes it",
        )
    boxes = Boxes()
    boxes.feed(TAG.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), bare))
    yield from boxes.unlabeled()


def _unknown_names(source: str) -> Iterator[tuple[int, str]]:
    from django.contrib.staticfiles import finders
    from django.urls import get_resolver

    names = get_resolver().reverse_dict
    for found in URL.finditer(source):
        if found[1] not in names:
            yield source.count("\n", 0, found.start()) + 1, f"no address is named {found[1]!r}"
    for found in STATIC.finditer(source):
        if finders.find(found[1]) is None:
            yield source.count("\n", 0, found.start()) + 1, f"there is no static file {found[1]!r}"


class Boxes(HTMLParser):
    """Collects what can be filled in, and the labels."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: set[str] = set()
        self._depth = 0
        self._boxes: list[tuple[int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "label":
            self._depth += 1
            self._labels.add(given.get("for", ""))
        if tag not in {"input", "select", "textarea"} or given.get("type") in UNLABELED_TYPES:
            return
        if given.get("aria-hidden") == "true":  # for password managers only
            return
        if self._depth == 0 and not {"aria-label", "aria-labelledby"} & given.keys():
            self._boxes.append((self.getpos()[0], given.get("id", ""), given.get("name", tag)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._depth = max(0, self._depth - 1)

    def unlabeled(self) -> Iterator[tuple[int, str]]:
        """Boxes that no label belongs to."""
        for line, key, name in self._boxes:
            if not key or key not in self._labels:
                yield line, f"the box {name!r} has no label"
