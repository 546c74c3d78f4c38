"""A sealed file opens with its passphrase, whole or not at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.site.backup import sealed
from openomt.site.backup.sealed import CHUNK, SealedReader, SealedWriter, SealError

PASSPHRASE = "correct horse battery"
QUICK = (4, 8, 1)
HEAD = sealed._FORMAT.size + sealed._MAC


def seal(data: bytes, pieces: int = 1) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, PASSPHRASE, QUICK)
    step = max(1, len(data) // pieces)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.finish()
    return file.getvalue()


def unseal(file: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(file), passphrase)).read()


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pieces", [1, 7])
def test_what_was_sealed_comes_back(size: int, pieces: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert unseal(seal(data[:size], pieces)) == data[:size]


def test_nothing_of_the_content_can_be_seen() -> None:
    assert b"Alvarez" not in seal(b"Alvarez" * 1000)


def test_the_same_content_is_never_sealed_alike() -> None:
    assert seal(b"same") != seal(b"same")


@pytest.mark.parametrize("size", SIZES)
def test_a_file_cut_off_anywhere_is_noticed(size: int) -> None:
    whole = seal(b"x" * size)
    edges = {len(whole) - 1, len(whole) - 16, len(whole) // 2, HEAD + 1, HEAD, 10, 0}
    edges |= {place for place in (HEAD + CHUNK + 16, HEAD + 2 * (CHUNK + 16)) if place < len(whole)}
    for end in sorted(edges):
        with pytest.raises(SealError):
            unseal(whole[:end])


def test_chunks_cannot_change_places_or_be_left_out() -> None:
    whole = seal(b"a" * CHUNK + b"b" * CHUNK + b"c")
    head, one, two = HEAD, CHUNK + 16, 2 * (CHUNK + 16)
    swapped = whole[:head] + whole[head + one : head + two] + whole[head : head + one] + whole[head + two :]
    without = whole[: head + one] + whole[head + two :]
    for changed in (swapped, without, whole + whole[head:], whole + b"\0"):
        with pytest.raises(SealError):
            unseal(changed)


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, HEAD + 3 * (CHUNK + 16) - 1), bit=st.integers(0, 7))
def test_a_single_flipped_bit_is_noticed(place: int, bit: int) -> None:
    changed = bytearray(seal(b"z" * (2 * CHUNK + 100)))
    changed[place % len(changed)] ^= 1 << bit
    with pytest.raises(SealError):
        unseal(bytes(changed))


def test_a_wrong_passphrase_is_said_to_be_one() -> None:
    with pytest.raises(SealError, match="passphrase is wrong"):
        unseal(seal(b"secret"), PASSPHRASE + "x")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(SealError, match="at least 12"):
        SealedWriter(io.BytesIO(), "eleven char")


def test_something_else_is_said_not_to_be_a_backup() -> None:
    with pytest.raises(SealError, match="not a backup"):
        unseal(b"PK\x03\x04" + b"\0" * 200)


def test_a_header_cannot_ask_for_endless_work() -> None:
    changed = bytearray(seal(b"x"))
    changed[16] = 60  # log2 of the cost
    with pytest.raises(SealError, match="damaged"):
        unseal(bytes(changed))


def test_a_real_backup_is_costly_to_guess() -> None:
    assert sealed._COST >= (17, 8, 1)
