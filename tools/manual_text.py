"""Pieces of Markdown the manual is made of. What goes in is plain text; what comes out is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from openomt.cli.records import review_states
from openomt.knowledge import Record
from openomt.knowledge.marks import CONFIDENCE_WORDS

NO_CONTENTS = "---\nhide-toc: true\n---"  # the column of the page's contents is left to its tables
FILTERED = "```{container} filtered"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table. Cells are already escaped."""
    lines = [list(head), ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def filtered(markdown: str) -> str:
    """A table that manual.js gives a choice for each column with `values`. Without scripts it is a table."""
    return f"{FILTERED}\n\n{markdown}\n```"


def values(texts: Iterable[str], *, every: bool = False) -> str:
    """The things in a cell that a reader can choose by; `every`: the row stays whatever is chosen."""
    role = "value every" if every else "value"
    return ", ".join(f'<span class="{role}">{escape(text)}</span>' for text in texts)


def small(text: str) -> str:
    """Escaped text in small print."""
    return f'<span class="aside">{text}</span>'


def name(text: str) -> str:
    """An id as it is written, which may break after each part."""
    return escape(text).replace("\\_", "\\_<wbr>")


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$^&])", r"\\\1", " ".join(text.split()))


def lines(text: str) -> str:
    """Escaped text, with a line for each of the things that `in_words` parts by ` | `."""
    return "<br>".join(map(escape, text.split(" | ")))


def code(text: str) -> str:
    """Text as a person typed it; its line breaks stay."""
    inner = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;").replace("\n", "<br>")
    return f"<code>{inner}</code>"


def anchor(source_id: str) -> str:
    """Where the page of sources tells of a source."""
    return "source-" + re.sub(r"[^a-z0-9]+", "-", source_id.casefold())


def stands_on(record: Record) -> str:
    """Confidence in words, links to the sources, review state."""
    states = "; ".join(review_states(record))
    mark = values([CONFIDENCE_WORDS[record.confidence]])
    return f'<span class="standing">{mark}; {source_links(record.sources)}; <em>{states}</em></span>'


def source_links(names: Iterable[str]) -> str:
    """Links to sources, joined by commas."""
    return ", ".join(f'<a href="sources.html#{anchor(name)}">{escape(name)}</a>' for name in names)
