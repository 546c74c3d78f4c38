"""Reads a backup line by line, and believes none of it before its count and hash agree."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openomt.site.backup.sealed import SealedReader
from openomt.site.backup.tables import BackupError, Head, Manifest, head_of


@dataclass(slots=True)
class Section:
    """A table of a backup. `rows` must be read to their end, which checks them."""

    table: str
    columns: list[str]
    sequence: int | None
    _lines: Iterator[str]
    count: int = 0
    sha256: str = ""

    def rows(self) -> Iterator[str]:
        """The rows' lines. Raises BackupError at their end where they are not those that were written."""
        digest = hashlib.sha256()
        for line in self._lines:
            if not line.startswith("["):
                break
            digest.update(line.encode("utf-8") + b"\n")
            self.count += 1
            yield line
        else:
            raise BackupError(f"{self.table}: the backup ends within the table")
        told = json.loads(line)
        self.sha256 = digest.hexdigest()
        if told.get("rows") != self.count or told.get("sha256") != self.sha256:
            raise BackupError(f"{self.table}: the rows are not those that were written")


@dataclass(slots=True)
class Backup:
    """A backup that is being read."""

    head: Head
    _lines: Iterator[str]
    tables: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    end: dict[str, Any] = field(default_factory=dict)

    def sections(self) -> Iterator[Section]:
        """Each table in turn. Raises BackupError at the end where tables or rows are missing."""
        for line in self._lines:
            data = json.loads(line)
            if data.get("end"):
                self.end = data
                break
            section = Section(data["table"], data["columns"], data["sequence"], self._lines)
            yield section
            self.tables[section.table] = section.count
            self.hashes[section.table] = section.sha256
        if (self.end.get("tables"), self.end.get("rows")) != (len(self.tables), sum(self.tables.values())):
            raise BackupError("The backup does not hold all the tables it should.")

    def manifest(self) -> Manifest:
        """What was read, once all sections were."""
        last = self.end["last_audit_at"]
        return Manifest(
            made_at=self.head.made_at,
            program=self.head.program,
            database=self.head.database,
            migrations=self.head.migrations,
            tables=dict(self.tables),
            hashes=dict(self.hashes),
            audit_events=int(self.end["audit_events"]),
            last_audit_at=dt.datetime.fromisoformat(last) if last else None,
        )


@contextlib.contextmanager
def opened(file: Path, passphrase: str) -> Iterator[Backup]:
    """A backup to be read. Raises SealError or BackupError at the first thing that is wrong."""
    with file.open("rb") as raw:
        sealed = io.BufferedReader(SealedReader(raw, passphrase), 256 * 1024)
        try:
            with gzip.GzipFile(fileobj=sealed, mode="rb") as packed:
                lines = (line.decode("utf-8").removesuffix("\n") for line in packed)
                first = next(lines, None)
                if first is None:
                    raise BackupError("The backup is empty.")
                yield Backup(head_of(first), lines)
        except (gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError) as error:
            raise BackupError("The backup cannot be read: what it holds is not in order.") from error


def inspect(file: Path, passphrase: str) -> Manifest:
    """Reads a whole backup, checks every count and hash, and returns what it holds. Changes nothing."""
    with opened(file, passphrase) as backup:
        for section in backup.sections():
            for _ in section.rows():
                pass
        return backup.manifest()
