"""The fields of one JSON object, taken one by one; what is left over at the end is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openomt.medicine.visit_words import bad, plain

YES = {
    "yes",
    "true",
    "y",
    "obtained",
    "given",
    "verbal",
    "written",
    "documented",
    "present",
    "signed",
    "done",
}
NO = {
    "no",
    "false",
    "n",
    "none",
    "missing",
    "absent",
    "refused",
    "declined",
    "unsigned",
    "pending",
    "unspecified",
    "unknown",
    "n/a",
} | {
    f"not {word}"
    for word in (
        "obtained",
        "given",
        "documented",
        "present",
        "signed",
        "done",
        "recorded",
        "charted",
        "named",
    )
}


class Row:
    """The fields of one object, taken one by one; what is left over at the end is unknown."""

    def __init__(self, data: Mapping[str, Any], path: str, unknown: list[str]) -> None:
        self.data = dict(data)
        self.path = path
        self.unknown = unknown
        self.taken: set[str] = set()

    def take(self, *names: str) -> Any:
        """The first of these fields that is there and not null."""
        found = None
        for name in names:
            if name in self.data:
                self.taken.add(name)
                value = self.data.pop(name)
                found = value if found is None else found
        return found

    def had(self, *names: str) -> bool:
        return any(name in self.taken for name in names)

    def flag(self, *names: str) -> bool | None:
        """Yes, no, or nothing said."""
        value = self.take(*names)
        return flag(value, self.at(names[0]))

    def text(self, *names: str) -> str:
        value = self.take(*names)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise bad(self.at(names[0]), value, "text")
        return str(value).strip()

    def texts(self, *names: str) -> tuple[str, ...]:
        """Words as one string or a list of them."""
        value = self.take(*names)
        parts = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(part, (str, int)) and not isinstance(part, bool) for part in parts):
            raise bad(self.at(names[0]), value, "a list of texts")
        return tuple(str(part).strip() for part in parts if str(part).strip())

    def count(self, *names: str) -> int | None:
        value = self.take(*names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value != int(value):
            raise bad(self.at(names[0]), value, "a whole number, 0 or more")
        return int(value)

    def objects(self, *names: str) -> list[tuple[object, str]]:
        """The parts of a list, each with its path."""
        value = self.take(*names)
        parts = value if isinstance(value, list) else [] if value is None else [value]
        return [(part, f"{self.at(names[0])}[{place}]") for place, part in enumerate(parts)]

    def at(self, name: str) -> str:
        return f"{self.path}.{name}"

    def finish(self) -> None:
        self.unknown.extend(self.at(name) for name in self.data)


def flag(value: object, path: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = plain(value)
        if word in YES or word in NO:
            return word in YES
    raise bad(path, value, "true or false")
