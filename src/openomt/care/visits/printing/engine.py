"""Makes a PDF of a template and plain data: tagged (PDF/UA-1), so that a screen reader can read it.

Text goes in as data and never as markup. A character that no font here can show is printed by its number
(`<U+738B>`): nothing is dropped, and no document fails for a name.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import typst

from openomt.medicine.narrative.render import visible

ROOT = Path(__file__).parents[2]
"""`care`: a template may use what stands in any step of care."""

_LOCK = (
    threading.Lock()
)  # one compiler for all threads of a worker: its caches are worth more than a second one
_TRIES = 6
_NOT_SHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_LAST_LATIN = "\u024f"


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The document. Any text may stand in the data. Raises typst.TypstError for a mistake in the template."""
    hidden: frozenset[str] = frozenset()
    for attempt in range(_TRIES):
        try:
            return _compiled(template, data, hidden)
        except typst.TypstError as error:
            found = _not_shown(error) - hidden
            if not found:
                raise
            hidden |= found if attempt < _TRIES - 2 else _beyond_latin(data)
    return _compiled(template, data, hidden)


def _compiled(template: Path, data: dict[str, Any], hidden: frozenset[str]) -> bytes:
    text = json.dumps(_shown(data, hidden))
    with _LOCK:
        made = _compiler().compile(input=str(template), sys_inputs={"data": text}, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError(f"{template.name}: typst made no single document")
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(ROOT))


def _shown(value: Any, hidden: frozenset[str]) -> Any:
    """The data with each character that would act, or that cannot be shown, written as its number."""
    if isinstance(value, str):
        text = visible(value)
        return "".join(f"<U+{ord(c):04X}>" if c in hidden else c for c in text) if hidden else text
    if isinstance(value, dict):
        return {key: _shown(part, hidden) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part, hidden) for part in value]
    return value


def _not_shown(error: typst.TypstError) -> frozenset[str]:
    """The characters of which typst says that no font can show them; never those of ASCII."""
    said = "".join(_NOT_SHOWN.findall(error.diagnostic))
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)
    return frozenset(c for c in text if not c.isascii())


def _beyond_latin(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(c for c in value if c > _LAST_LATIN)
    parts: Iterable[Any] = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple):
        return frozenset[str]().union(*(_beyond_latin(part) for part in parts))
    return frozenset()
