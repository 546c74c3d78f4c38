"""What followup does when a visit is signed, or a message was not delivered."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from openomt.care.contact.models import Message
from openomt.care.contact.signals import undelivered
from openomt.care.followup.aftercare import services as aftercare
from openomt.care.followup.checkins import services as checkins
from openomt.care.followup.doors import register
from openomt.care.followup.models import CheckIn
from openomt.care.visits.models import Visit
from openomt.care.visits.signals import signed

_OURS = ("checkin", "checkin_again")


def connect() -> None:
    """Called once, when the app is ready."""
    signed.connect(_signed)
    undelivered.connect(_undelivered)
    register()


def _signed(visit: Visit, **_more: Any) -> None:
    if checkins.plan(visit):
        aftercare.send(visit)


def _undelivered(message: Message, **_more: Any) -> None:
    if message.template not in _OURS or not message.key.startswith("checkin:"):
        return
    _name, visit, day, *_end = message.key.split(":")
    found = CheckIn.objects.select_for_update().filter(visit__uid=visit, day=day).first()
    if found is not None:
        checkins.undelivered(found, timezone.now())
