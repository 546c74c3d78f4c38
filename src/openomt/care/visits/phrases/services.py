"""A person's phrases: kept, changed, removed. Nobody sees those of another."""

from __future__ import annotations

import re

from django.db import transaction

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.visits.models import Phrase

LONGEST_SHORT, LONGEST_TEXT, MOST = 20, 2000, 200
_SHORT = re.compile(r"[a-z][a-z0-9-]*")
STARTERS: tuple[tuple[str, str], ...] = (
    ("w1", "Back in 1 week."),
    ("w2", "Back in 2 weeks."),
    ("w4", "Back in 4 weeks."),
    ("call", "Call the office with any question before the next visit."),
    ("walk", "Walk every day as far as is comfortable."),
    ("ex", "Home exercises shown, tried here and understood."),
    ("sheet", "Aftercare sheet given and talked through."),
    ("same", "Plan unchanged since the last visit."),
)
"""What a new user is offered. None says anything of the medicine."""


class PhraseError(ValueError):
    """A phrase that cannot be kept. `field`: the box it concerns."""

    def __init__(self, message: str, field: str = "short") -> None:
        super().__init__(message)
        self.field = field


def plain_short(short: str) -> str:
    """A short form as it is kept: lower case, without the dot. Raises PhraseError."""
    word = short.strip().removeprefix(".").lower()
    if not word or len(word) > LONGEST_SHORT or not _SHORT.fullmatch(word):
        raise PhraseError(
            f"A letter, then letters, digits or hyphens: at most {LONGEST_SHORT}, without blanks. Like .walk"
        )
    return word


def save(user: User, short: str, text: str, *, before: str = "", address: str = "") -> Phrase:
    """Keeps a phrase. `before`: the short form it had until now, where it is changed.

    Raises PhraseError for a short form that is taken or cannot be typed, an empty or too long text, and too many.
    """
    word = plain_short(short)
    text = text.strip()
    if not text:
        raise PhraseError("Write what the short form stands for.", "text")
    if len(text) > LONGEST_TEXT:
        raise PhraseError(f"At most {LONGEST_TEXT} characters.", "text")
    with transaction.atomic():
        held = {phrase.short: phrase for phrase in user.phrases.select_for_update()}
        row = held.get(before) if before else None
        if word in held and held[word] is not row:
            raise PhraseError(f".{word} is taken by another phrase of yours.")
        if row is None and len(held) >= MOST:
            raise PhraseError(f"There are {MOST} phrases already. Remove one first.")
        row = row or Phrase(user=user)
        made = row.pk is None
        row.short, row.text = word, text
        row.save()
        audit.record(
            user,
            "phrase.add" if made else "phrase.change",
            subject=f"phrase:{word}",
            detail={"fields": ["short", "text"]},
            address=address,
        )
    return row


def remove(user: User, short: str, *, address: str = "") -> bool:
    """Removes a phrase; False where there is none of that name."""
    with transaction.atomic():
        gone, _ = user.phrases.filter(short=short).delete()
        if gone:
            audit.record(user, "phrase.remove", subject=f"phrase:{short}", address=address)
    return bool(gone)


def add_starters(user: User, *, address: str = "") -> int:
    """Adds the starting set, leaving every short form that is in use; how many were added."""
    with transaction.atomic():
        held = set(user.phrases.values_list("short", flat=True))
        new = [Phrase(user=user, short=short, text=text) for short, text in STARTERS if short not in held]
        Phrase.objects.bulk_create(new)
        if new:
            audit.record(user, "phrase.add_starters", detail={"count": len(new)}, address=address)
    return len(new)
