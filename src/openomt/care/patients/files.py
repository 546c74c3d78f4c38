"""Files kept with a chart: what they are by their first bytes, and a name that is safe to give back."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LARGEST = 10 * 1024 * 1024
LARGEST_WORDS = "10 MB"
REFUSED = "Only PDF, PNG, JPEG, TIFF and plain text can be kept. This file is something else."
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "text/plain": ".txt",
}
_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_LAYOUT = frozenset("\t\n\r\f")
_LONGEST_NAME = 120


def media_type(content: bytes) -> str | None:
    """What a file is by its content, whatever its name says. None where it is nothing that may be kept."""
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    return "text/plain" if content and _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(char) == "Cc" and char not in _LAYOUT for char in set(text))


def plain_name(name: str, kind: str) -> str:
    """The name without folders, control characters or a false ending."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    kept = "".join(char for char in stem if unicodedata.category(char)[0] not in "CZ" or char == " ")
    return f"{kept.strip(' .')[:_LONGEST_NAME] or 'document'}{ENDINGS[kind]}"
