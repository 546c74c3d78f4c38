"""A file sealed with a passphrase, written and read as a stream.

    header  name (15 bytes), version, cost of scrypt (log2 n, r, p), salt (16), start of the nonces (7),
            HMAC-SHA256 of the above (32)
    chunks  of 64 KiB, AES-256-GCM; nonce: its start, the chunk's number (4 bytes), 1 for the last chunk, else 0

The passphrase gives 64 bytes by scrypt: 32 seal the chunks, 32 the header. No chunk can be changed, moved, left out
or put in, and the file cannot be cut off, without notice.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

SHORTEST = 12
"""Characters a passphrase must have."""
CHUNK = 64 * 1024
_NAME = b"OpenOMT backup\n"
_VERSION = 1
_COST = (17, 8, 1)  # 128 MiB and about half a second
_HIGHEST_COST = (20, 16, 4)
_FORMAT = struct.Struct("15s B B B B 16s 7s")
_MAC = 32
_TAG = 16
_MOST_CHUNKS = 2**32


class SealError(Exception):
    """A file that cannot be opened, and why: not a backup, another passphrase, changed or cut off."""


@dataclass(frozen=True, slots=True)
class _Keys:
    chunks: AESGCM
    header: bytes


def _keys(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> _Keys:
    power, blocks, lanes = cost
    derived = Scrypt(salt=salt, length=64, n=2**power, r=blocks, p=lanes).derive(passphrase.encode("utf-8"))
    return _Keys(AESGCM(derived[:32]), derived[32:])


def _nonce(start: bytes, number: int, last: bool) -> bytes:
    return start + number.to_bytes(4, "big") + bytes([last])


class SealedWriter(io.RawIOBase):
    """Seals what is written to it. Only `finish` makes the file whole."""

    def __init__(self, file: BinaryIO, passphrase: str, cost: tuple[int, int, int] | None = None) -> None:
        super().__init__()
        cost = cost or _COST
        if len(passphrase) < SHORTEST:
            raise SealError(f"The passphrase is too short: it needs at least {SHORTEST} characters.")
        salt, self._start = os.urandom(16), os.urandom(7)
        keys = _keys(passphrase, salt, cost)
        head = _FORMAT.pack(_NAME, _VERSION, *cost, salt, self._start)
        file.write(head + hmac.digest(keys.header, head, hashlib.sha256))
        self._file, self._cipher, self._number, self._held = file, keys.chunks, 0, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        given = bytes(data)
        self._held += given
        while len(self._held) > CHUNK:  # the last chunk is known only at the end
            self._put(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(given)

    def finish(self) -> None:
        """Writes the last chunk, by which a reader knows that nothing is missing."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, data: bytes, *, last: bool) -> None:
        if self._number >= _MOST_CHUNKS:
            raise SealError("The backup is too large for one file.")
        self._file.write(self._cipher.encrypt(_nonce(self._start, self._number, last), data, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads a sealed file. Raises SealError at the first chunk that is not as it was written."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        super().__init__()
        self._cipher, self._start = _open_header(file, passphrase)
        self._file, self._number, self._held = file, 0, b""
        self._next = file.read(CHUNK + _TAG)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._held and not self._ended:
            self._held = self._chunk()
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._held))
        view[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._file.read(CHUNK + _TAG)
        self._ended = not self._next
        try:
            data = self._cipher.decrypt(_nonce(self._start, self._number, self._ended), sealed, None)
        except (InvalidTag, ValueError):
            place = self._number * (CHUNK + _TAG) // 1024
            raise SealError(
                f"The file was changed, damaged or cut off, about {place} KiB from its start."
            ) from None
        self._number += 1
        return data


def _open_header(file: BinaryIO, passphrase: str) -> tuple[AESGCM, bytes]:
    head, mac = file.read(_FORMAT.size), file.read(_MAC)
    if not head.startswith(_NAME) or len(head) < _FORMAT.size or len(mac) < _MAC:
        raise SealError("This is not a backup of OpenOMT, or its beginning is damaged.")
    _, version, power, blocks, lanes, salt, start = _FORMAT.unpack(head)
    if version != _VERSION:
        raise SealError(f"The backup has version {version}; this program reads version {_VERSION}.")
    cost = (power, blocks, lanes)
    if not all(1 <= one <= most for one, most in zip(cost, _HIGHEST_COST, strict=True)):
        raise SealError("The beginning of the file is damaged.")
    keys = _keys(passphrase, salt, cost)
    if not hmac.compare_digest(mac, hmac.digest(keys.header, head, hashlib.sha256)):
        raise SealError("The passphrase is wrong, or the beginning of the file was changed.")
    return keys.chunks, start
