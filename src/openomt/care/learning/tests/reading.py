"""What a person reads on a public page: its visible text, cut where the eye cuts it."""

from __future__ import annotations

from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "svg", "title", "head"})
_EMPTY = frozenset({"input", "meta", "link", "br", "img", "path", "use", "circle"})
_INSIDE = frozenset({"a", "b", "span", "small", "code", "strong"})
"""Elements in the middle of a sentence."""


class Reader(HTMLParser):
    """Gathers `texts`: what stands in the language of the page, a piece for each paragraph, heading, item, button."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.spoken: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._now = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a" and known.get("href"):
            self.links.append(str(known["href"]))
        if known.get("aria-label"):
            self.spoken.append(str(known["aria-label"]))
        if tag not in _INSIDE:
            self._cut()
        if tag not in _EMPTY:
            foreign = "lang" in known and tag != "html"
            self._open.append((tag, tag in _HIDDEN or foreign))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INSIDE:
            self._cut()
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self._now += data

    def _cut(self) -> None:
        if text := " ".join(self._now.split()):
            self.texts.append(text)
        self._now = ""


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader
