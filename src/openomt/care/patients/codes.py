"""Official titles of ICD-10-CM codes, without keeping the whole code book in the server's memory.

The codes of this field stand in a small part of the book. Any other is looked up in a child process: it takes two
seconds, once, instead of 190 MB in every worker for good.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache, lru_cache

from openomt.knowledge import icd

_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_ASK = "import sys; from openomt.knowledge import icd; sys.stdout.write(icd.title(sys.argv[1]) or '')"
_SECONDS = 30


class CodeBookError(Exception):
    """The code book did not answer, so that nothing can be said of a code."""


def normal(code: str) -> str:
    """`m5450` as `M54.50`."""
    return icd.normalize(code)


def title(code: str) -> str | None:
    """The title of a code; None where there is no such code. Raises CodeBookError where the book does not answer."""
    code = normal(code)
    if not _SHAPE.fullmatch(code):
        return None
    return icd.title(code) if code in _of_this_field() else _from_the_book(code)


@cache
def _of_this_field() -> frozenset[str]:
    return frozenset(json.loads(icd.SUBSET.read_text(encoding="utf-8"))["codes"])


@lru_cache(maxsize=4096)
def _from_the_book(code: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  (our own program; the code has been checked for its shape)
            [sys.executable, "-c", _ASK, code], capture_output=True, timeout=_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise CodeBookError(code) from error
    return done.stdout.decode() or None
