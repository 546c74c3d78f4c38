"""What an agreement says to the visit: the consent boxes of its draft, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from openomt.care.agree.models import Agreement
from openomt.care.times import spoken_time
from openomt.care.visits.drafts import Draft, Refused
from openomt.care.visits.live import short_name_of_code
from openomt.medicine.safety.plan import technique_named

_MOST = 2000
"""Characters the box of what was discussed may hold."""
_LANGUAGES = {"en": "English", "es": "Spanish"}
_READ = "Read: what each is like, common effects and rare harms in counts, other ways, doing nothing, when to call"


def consent_into(draft: Draft, now: Agreement, before: Agreement | None) -> Draft:
    """The draft with what the patient signed. What a member entered stays; an earlier agreement's words go.

    A refusal that a member entered and the patient now says yes to stays too: `differences` shows it.
    """
    earlier = set(before.refused) if before else set()
    mine = now.refused
    kept = [one for one in draft.refused if not _covered(one.technique, earlier | set(mine))]
    refused = (*kept, *(Refused(technique=code, always=always) for code, always in mine.items()))
    old = set(lines_of(before)) if before else set()
    lines = [line for line in draft.discussed.splitlines() if line not in old]
    discussed = "\n".join(dict.fromkeys([*lines, *lines_of(now)]))
    return draft.model_copy(
        update={"agreed": bool(now.agreed), "refused": refused, "discussed": discussed[:_MOST]}
    )


def lines_of(agreement: Agreement) -> tuple[str, ...]:
    """What the note says of it, a line each."""
    return tuple(_lines(agreement))


def _lines(one: Agreement) -> Iterator[str]:
    local = timezone.localtime(one.signed_at)
    at = f"{local:%Y-%m-%d}, {spoken_time(local, 'en')}"
    said = [
        f"{words} {names(codes)}"
        for words, codes in (
            ("yes to", one.agreed),
            ("not today", tuple(code for code, always in one.refused.items() if not always)),
            ("never", tuple(code for code, always in one.refused.items() if always)),
        )
        if codes
    ]
    yield f"Signed {at}, on {one.get_device_display()}: {'; '.join(said) or 'no technique'}"
    yield f"{_READ}, in {_LANGUAGES[one.language]}"
    if one.interpreter:
        yield f"Interpreter: {one.interpreter}"
    if one.guardian is not None:
        yield f"Signed by the guardian, {one.signed_name} ({one.guardian.relation})"
    if one.assent:
        quoted = f": “{one.assent_words}”" if one.assent_words else ""
        yield f"The child says {one.assent}{quoted}"
    if one.to_talk_over:
        yield f"To talk over: {', '.join(word.replace('-', ' ') for word in one.to_talk_over)}"


def names(codes: tuple[str, ...]) -> str:
    """`Thrust (HVLA), Muscle energy (ME)`."""
    return ", ".join(map(short_name_of_code, codes))


def differences(draft: Draft, agreement: Agreement) -> tuple[str, ...]:
    """Techniques the patient said yes to, and the draft says they refuse."""
    entered = [one.technique for one in draft.refused]
    return tuple(code for code in agreement.agreed if any(_covered(name, {code}) for name in entered))


def _covered(name: str, codes: set[str]) -> bool:
    """Whether a technique's name means nothing but these codes."""
    return bool(meant := codes_of(name)) and set(meant) <= codes


def codes_of(name: str) -> tuple[str, ...]:
    """The codes a name means; none for a name nobody knows."""
    try:
        return technique_named(name).codes
    except ValueError:
        return ()
