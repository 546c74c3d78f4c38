"""Reads a fee schedule out of a CSV file, and writes one. Every mistake is named by its line and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

COLUMNS = ("code", "amount", "words", "valid_from")
REQUIRED = ("code", "amount", "valid_from")
MOST_ROWS = 5000
MOST_BYTES = 1_000_000
_CODE = re.compile(r"\d{5}|[A-Z]\d{4}|\d{4}[A-Z]")
_AMOUNT = re.compile(r"\$?\s?(\d{1,3}(?:,\d{3})+|\d{1,7})(\.\d{1,2})?")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ACTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet."""


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee, and the line it stood in."""

    line: int
    code: str
    amount: Decimal
    words: str
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell. `column` is empty where it is about the whole line or file."""

    line: int
    column: str
    what: str


@dataclass(frozen=True, slots=True)
class FeeFile:
    """What a file holds. Nothing of it is used while there is a problem."""

    rows: tuple[FeeRow, ...]
    problems: tuple[Problem, ...]


def read_fees(content: bytes) -> FeeFile:
    """The fees of a file. A byte-order mark, semicolons, tabs and quotes are fine."""
    if len(content) > MOST_BYTES:
        return _refused("The file is larger than 1 MB: split it")
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _refused("Not readable as UTF-8: save it as “CSV UTF-8”", line)
    return _read(text)


def _refused(what: str, line: int = 1) -> FeeFile:
    return FeeFile((), (Problem(line, "", what),))


def _read(text: str) -> FeeFile:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[FeeRow] = []
    problems: list[Problem] = []
    names: list[str] = []
    seen: dict[tuple[str, dt.date], int] = {}
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
                problems += _header_problems(names, reader.line_num)
                if problems:
                    break
                continue
            if len(rows) + len(problems) >= MOST_ROWS:
                problems.append(Problem(reader.line_num, "", f"More than {MOST_ROWS} lines: split the file"))
                break
            row, wrong = _row(names, cells, reader.line_num)
            problems += wrong
            if row is not None:
                problems += _twice(row, seen)
                rows.append(row)
    except csv.Error as error:
        problems.append(Problem(reader.line_num, "", f"Not readable as CSV: {error}"))
    if not names:
        return _refused("The file is empty")
    if not rows and not problems:
        return _refused("The file holds no fees under its headings")
    return FeeFile(tuple(rows), tuple(problems))


def _header_problems(names: list[str], line: int) -> Iterator[Problem]:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        there = ", ".join(name for name in names if name) or "nothing"
        yield Problem(
            line, "", f"The first line must name the columns {', '.join(COLUMNS)}; it has {there[:120]}"
        )
    for name in COLUMNS:
        if names.count(name) > 1:
            yield Problem(line, name, "This column stands twice")


def _row(names: list[str], cells: list[str], line: int) -> tuple[FeeRow | None, list[Problem]]:
    if len(cells) > len(names):
        return None, [
            Problem(line, "", f"{len(cells)} cells, but {len(names)} columns: quote a cell that holds commas")
        ]
    said = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    problems: list[Problem] = []

    def read(name: str, value: object | None, what: str) -> None:
        if value is None:
            shown = said.get(name, "")[:40]
            problems.append(
                Problem(line, name, f"{what}, not “{shown}”" if shown else f"Empty: {what.lower()}")
            )

    code = said.get("code", "").upper()
    amount, day = _amount(said.get("amount", "")), _day(said.get("valid_from", ""))
    words = plain_cell(said.get("words", ""))
    read("code", code if _CODE.fullmatch(code) else None, "A code has five characters, as G2211")
    read("amount", amount, "An amount like 85 or 85.00")
    read("valid_from", day, "A day like 2027-01-01 or 1/1/2027")
    if len(words) > 120:
        problems.append(Problem(line, "words", f"{len(words)} characters; 120 fit"))
    if any(not c.isprintable() for c in words):
        problems.append(Problem(line, "words", "Holds a character that cannot be printed"))
    if problems or amount is None or day is None:
        return None, problems
    return FeeRow(line, code, amount, words, day), []


def _twice(row: FeeRow, seen: dict[tuple[str, dt.date], int]) -> Iterator[Problem]:
    first = seen.setdefault((row.code, row.valid_from), row.line)
    if first != row.line:
        yield Problem(row.line, "code", f"{row.code} from {row.valid_from} stands in line {first} already")


def _amount(text: str) -> Decimal | None:
    if not _AMOUNT.fullmatch(text) or not text.isascii():
        return None
    amount = Decimal(text.lstrip("$ ").replace(",", ""))
    return amount if amount < Decimal(10_000_000) else None


def _day(text: str) -> dt.date | None:
    parts = _US_DATE.fullmatch(text)
    try:
        day = dt.date(int(parts[3]), int(parts[1]), int(parts[2])) if parts else dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None


# Writing ------------------------------------------------------------------------------------------------


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_ACTS) else text


def plain_cell(text: str) -> str:
    """A cell without the mark that `safe_cell` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_ACTS) else text


def write_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()
