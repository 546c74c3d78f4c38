"""Times kept for a while, and the lock under which a clinician's time is given away."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.booking import slots
from openomt.care.booking.models import Absence, Hold

WORDS = "Held for somebody who books online"


def lock(*clinicians: User) -> None:
    """Holds the clinicians' diaries until the transaction ends, always in the same order."""
    keys = sorted({one.pk for one in clinicians})
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def standing(now: dt.datetime | None = None) -> QuerySet[Hold]:
    """What is held now. One that expired holds nothing, whether or not its job has run."""
    return Hold.objects.filter(expires_at__gt=now or timezone.now())


def in_the_way(clinician: User, span: slots.Span, but: Hold | None = None) -> Hold | None:
    """What is held of a span, beside one."""
    found = standing().filter(clinician=clinician, start__lt=span.end, end__gt=span.start)
    return found.exclude(pk=but.pk).first() if but is not None else found.first()


def as_absence(hold: Hold) -> Absence:
    """A held time as the schedule draws it: nobody can be booked there. It is never saved."""
    return Absence(uid=hold.uid, clinician_id=hold.clinician_id, start=hold.start, end=hold.end, words=WORDS)
