"""The keys that seal second factors in the database, in a file beside the site's secret key.

One key a line, of Fernet's kind. The first seals; each of them opens. A restore adds the backup's keys behind the
machine's own, so that what either sealed can be opened. Not derived from the site's secret key: that one stays out of
backups, and people would be locked out on a new machine.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

NAME = "second-factor-keys"
"""The file's name, in the data folder."""
_BEGINNING = "gAAAAA"
"""Of all that Fernet seals in this century: its version and the high bytes of the time. No plain secret has it."""


class UnknownKeyError(Exception):
    """What was sealed with a key that is not in the file, or was changed."""


def kept() -> list[str]:
    """The keys of this machine, the one that seals first. Empty where none was made yet."""
    try:
        return _place().read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def add(keys: Iterable[str]) -> None:
    """Keeps more keys, behind those that are there: none of them is replaced. Raises ValueError where one is none."""
    mine = kept()
    more = [key for key in dict.fromkeys(keys) if key not in mine]
    for key in more:
        Fernet(key)
    if more:
        with _written([*mine, *more]) as file:
            file.replace(_place())


def make() -> None:
    """Makes the first key, unless there is one or another process has just made it."""
    if not _place().exists():
        with _written([Fernet.generate_key().decode("ascii")]) as file, contextlib.suppress(FileExistsError):
            _place().hardlink_to(file)


def seal(text: str) -> str:
    """A secret as the database may hold it."""
    make()
    return _fernet().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The secret. Raises UnknownKeyError.

    One that is not sealed is taken as it is: the database of an older program has such ones until it is brought up to
    date. To refuse them would keep nobody out, as who can write them can also remove the second factor.
    """
    if not is_sealed(sealed):
        return sealed
    try:
        return _fernet().decrypt(sealed).decode()
    except (InvalidToken, ValueError):
        raise UnknownKeyError from None


def is_sealed(text: str) -> bool:
    return text.startswith(_BEGINNING)


def _fernet() -> MultiFernet:
    """Read anew each time: a restore may have added keys, and nobody signs in so often that it would matter."""
    return MultiFernet([Fernet(key) for key in kept()])


def _place() -> Path:
    return Path(settings.DATA) / NAME


@contextlib.contextmanager
def _written(keys: list[str]) -> Iterator[Path]:
    """A whole file that only its owner can read, on the disk before anything is sealed with it; then gone again."""
    folder = _place().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f"{_place().name}.")
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write("".join(f"{key}\n" for key in keys))
        out.flush()
        os.fsync(out.fileno())
    try:
        yield Path(name)
        _sync(folder)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
