"""What a message says: words of `words.toml`, filled with a day, a time, a place and a link, and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import formats, timezone, translation

from openomt.care import words
from openomt.care.accounts.models import Practice
from openomt.care.contact.models import Message
from openomt.care.times import spoken_time

ALLOWED = frozenset({"day", "time", "place"})
"""What a caller may fill in. Name and phone of the practice and the link come by themselves."""
LONGEST_VALUE = 80
_SALT = "contact.stop"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in full. `subject` is empty for a text message.

    stop   the address that ends messages; empty in one to a member of the practice, who cannot end them
    """

    subject: str
    body: str
    stop: str


def checked(template: str, values: dict[str, Any], language: str) -> dict[str, str]:
    """The values as they will be read. Raises ValueError for a value no message may hold, or an unknown template."""
    if f"contact.{template}_body" not in words.words():
        raise ValueError(f"no words for a message called {template}")
    if foreign := set(values) - ALLOWED:
        raise ValueError(f"a message may not hold {', '.join(sorted(foreign))}")
    asked = {
        name
        for part in ("subject", "body", "text")
        for name in words.values_of(words.words()[f"contact.{template}_{part}"][language])
    }
    if missing := (asked & ALLOWED) - set(values):
        raise ValueError(f"the message {template} needs {', '.join(sorted(missing))}")
    return {name: _in_words(name, value, language) for name, value in values.items()}


def _in_words(name: str, value: Any, language: str) -> str:
    with translation.override(language):
        if isinstance(value, dt.datetime) and timezone.is_aware(value):
            value = value.astimezone(zoneinfo.ZoneInfo(Practice.load().zone))
        if isinstance(value, dt.date) and name == "day":
            return formats.date_format(value, words.say("contact.day_format", language))
        if isinstance(value, dt.datetime | dt.time) and name == "time":
            return spoken_time(value, language)
    return " ".join(str(value).split())[:LONGEST_VALUE]


def letter(message: Message) -> Letter:
    """The message in full, as it would go out now."""
    practice = Practice.load()
    values = dict(message.values) | {"practice": practice.name, "phone": practice.phone, "link": message.link}
    stop = "" if message.member_id else stop_address(message)

    def part(name: str) -> str:
        return words.say(f"contact.{message.template}_{name}", message.language).format(**values)

    if message.channel == Message.Channel.TEXT:
        end = words.say("contact.text_end", message.language)
        return Letter("", f"{part('text')} {end}", stop)
    end = "mail_end" if stop else "member_mail_end"
    foot = words.say(f"contact.{end}", message.language).format(**values, stop=stop)
    return Letter(part("subject"), f"{part('body')}\n\n{foot}\n", stop)


def stop_address(message: Message) -> str:
    """The address by which this message's reader ends messages. Signed: nobody ends another's."""
    place = reverse("contact_stop", kwargs={"token": stop_token(message)})
    return f"{settings.SITE_ADDRESS}{place}?lang={message.language}"


def stop_token(message: Message) -> str:
    return signing.Signer(salt=_SALT).sign(message.uid.hex)


def message_of(token: str) -> Message | None:
    """The message whose link this was; None for one that we did not sign."""
    try:
        uid = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Message.objects.filter(uid=uuid.UUID(uid)).first()
