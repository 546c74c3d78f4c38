"""Prints a note, its questions or a patient's summary: plain text, Markdown, or plain data for JSON.

Nothing an author wrote can act on the reader's screen or pass for a heading: control and direction characters
are shown by their number (`<U+001B>`), and only headings begin at the left edge.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

from openomt.medicine.narrative.values import Note, Part, Question, Sentence, Summary

WIDTH = 80
_INDENT = "  "

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_INLINE_MARK = re.compile(r"[\\`*_\[\]|~$]")
_LEADING_MARK = re.compile(r"^([ \t]*(?=[-+=#])|[ \t]*\d+(?=[.)]))(.)")


def to_text(told: Note | Summary) -> str:
    """Plain text with headings, at most 80 columns wide. The same value gives the same text."""
    if isinstance(told, Summary):
        return _summary_text(told)
    blocks = []
    for section in told.sections:
        lines = [section.title.upper()]
        for part in section.parts:
            lines += [f"{_INDENT}{part.title}"] if part.title else []
            lines += _text_lines(part.sentences, _INDENT * 2 if part.title else _INDENT)
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def to_markdown(told: Note | Summary) -> str:
    """CommonMark. What an author wrote is escaped: it shows as the text it is, HTML and Markdown included."""
    blocks: list[str] = []
    if isinstance(told, Summary):
        blocks.append(f"# {_escaped(told.title)}" if told.title else "")
        for part in told.parts:
            blocks += _markdown_part(part, "##")
        blocks += [f"*{_escaped(notice)}*" for notice in told.notices]
    else:
        for section in told.sections:
            blocks.append(f"## {_escaped(section.title)}")
            for part in section.parts:
                blocks += _markdown_part(part, "###")
    return "".join(f"{block}\n\n" for block in blocks if block).rstrip("\n") + ("\n" if any(blocks) else "")


def questions_text(questions: Iterable[Question]) -> str:
    """The questions to an author, one to a paragraph, each with its reason, sources and confidence."""
    lines: list[str] = []
    for question in questions:
        why = f"{question.reason} [{', '.join(question.sources)}; {question.confidence}]"
        lines += _wrapped(visible(question.text), "- ", _INDENT)
        lines += _wrapped(visible(why), _INDENT, _INDENT)
    return "".join(f"{line}\n" for line in lines)


def to_data(value: object) -> object:
    """Any value of this package as dicts, lists and plain values, ready for `json.dumps`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    if isinstance(value, str):
        return str(value.value) if hasattr(value, "value") else value
    return value


def visible(text: str) -> str:
    """The text with each character that would act instead of show written as its number, `<U+001B>`."""
    return _UNSEEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", text.replace("\r\n", "\n"))


def _summary_text(summary: Summary) -> str:
    blocks = [f"{summary.title}\n"] if summary.title else []
    for part in summary.parts:
        blocks.append("\n".join([part.title, *_text_lines(part.sentences, _INDENT)]) + "\n")
    if summary.notices:
        blocks.append(
            "\n".join(line for notice in summary.notices for line in _wrapped(notice, "", "")) + "\n"
        )
    return "\n".join(blocks)


def _text_lines(sentences: Iterable[Sentence], indent: str) -> Iterator[str]:
    for sentence in sentences:
        label = f"{sentence.label}: " if sentence.label else ""
        first, *rest = f"{label}{visible(sentence.text)}".split("\n")
        yield from _wrapped(first, indent, indent + _INDENT)
        for line in rest:
            continued = f"{indent}{_INDENT}| "
            yield from _wrapped(line, continued, continued) or [continued.rstrip()]


def _wrapped(line: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        expand_tabs=False,
        replace_whitespace=False,
        break_on_hyphens=False,
    )


def _markdown_part(part: Part, mark: str) -> list[str]:
    heading = [f"{mark} {_escaped(part.title)}"] if part.title else []
    items = "\n".join(_markdown_item(sentence) for sentence in part.sentences)
    return [*heading, items]


def _markdown_item(sentence: Sentence) -> str:
    label = f"**{_escaped(sentence.label)}:** " if sentence.label else ""
    lines = [_escaped(line) for line in visible(sentence.text).split("\n")]
    return "- " + label + "  \n  ".join(line or "&nbsp;" for line in lines)


def _escaped(line: str) -> str:
    """One line of text that Markdown shows as it stands."""
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _LEADING_MARK.sub(r"\1\\\2", _INLINE_MARK.sub(r"\\\g<0>", line))
    stripped = line.lstrip(" \t")
    space = "".join("&#32;" if c == " " else "&#9;" for c in line[: len(line) - len(stripped)])
    return space + stripped
