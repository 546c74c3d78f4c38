"""The waiting list: who wants a sooner time, and what is offered when one frees.

One time goes to one person: the first whose wishes it fits. It is held for them for some hours; when they say no, or
nothing, the next is asked. A time is never offered twice to the same person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.booking import after, diary, online, requests, services, slots
from openomt.care.booking.models import (
    Appointment,
    BookingRules,
    Hold,
    WaitingEntry,
    WaitingOffer,
)
from openomt.care.booking.online import Slot, Wanted
from openomt.care.contact import services as contact
from openomt.care.contact.quiet import opening
from openomt.care.contact.reach import reach
from openomt.care.portal import links
from openomt.care.portal.access import Scope, Visitor

_NOON = 12
_FURTHEST = dt.timedelta(days=31)
"""Of a long absence that ends, so much is offered at once."""


@transaction.atomic
def join(visitor: Visitor, entry: WaitingEntry, *, address: str = "") -> WaitingEntry:
    """Adds somebody to the list; what they wanted before for the same kind of visit ends."""
    old = WaitingEntry.objects.filter(patient=visitor.patient, type=entry.type, ended_at=None)
    for one in old:
        _end(one)
    entry.patient = visitor.patient
    entry.save(force_insert=True)
    visitor.record("waiting.joined", subject=f"waiting:{entry.uid}", address=address)
    return entry


@transaction.atomic
def leave(visitor: Visitor, entry: WaitingEntry, *, address: str = "") -> None:
    """Takes somebody off the list. Doing it twice changes nothing."""
    if _end(entry):
        visitor.record("waiting.left", subject=f"waiting:{entry.uid}", address=address)


def _end(entry: WaitingEntry) -> bool:
    for offer in WaitingOffer.objects.filter(entry=entry, answer="").exclude(hold=None):
        _close(offer, "declined")
    return bool(WaitingEntry.objects.filter(pk=entry.pk, ended_at=None).update(ended_at=timezone.now()))


@transaction.atomic
def accept(visitor: Visitor, offer: WaitingOffer, *, address: str = "") -> Appointment:
    """Books what was held for them, and takes them off the list. Raises BookingError where it is too late."""
    held = WaitingOffer.objects.select_for_update(of=("self",)).select_related("entry__type")
    now = held.get(pk=offer.pk)
    kept = Hold.objects.select_related("clinician", "location").filter(offer=now).first()
    if now.answer or kept is None or kept.expires_at <= timezone.now():
        raise services.TakenError("This time is not held any more.")
    made = services.book(
        visitor,
        visitor.patient,
        kept.clinician,
        kept.location,
        now.entry.type,
        kept.start,
        hold=kept,
        address=address,
    )
    WaitingOffer.objects.filter(pk=now.pk).update(answer="taken", hold=None)
    _end(now.entry)
    return made


@transaction.atomic
def decline(visitor: Visitor, offer: WaitingOffer, *, address: str = "") -> None:
    """They do not want it; the next is asked."""
    if _close(offer, "declined"):
        visitor.record("waiting.declined", subject=f"offer:{offer.uid}", address=address)


@transaction.atomic
def too_late(offer: WaitingOffer) -> None:
    """They said nothing in time; the next is asked."""
    _close(offer, "late")


def _close(offer: WaitingOffer, answer: str) -> bool:
    held = WaitingOffer.objects.select_for_update(of=("self",))
    now = held.select_related("clinician").get(pk=offer.pk)
    if now.answer:
        return False
    kept = Hold.objects.filter(offer=now).first()
    now.answer, now.hold = answer, None
    now.save(update_fields=["answer", "hold"])
    contact.withdraw(_key(now))
    if kept is not None:
        span = slots.Span(kept.start, kept.end)
        kept.delete()
        after.freed(now.clinician, span, f"offer:{now.uid}")
    return True


def offer_free(clinician: User, span: slots.Span) -> int:
    """Offers what is free in a span to those who wait, the first first. Returns how many were asked."""
    rules, zone = BookingRules.load(), diary.practice_zone()
    end = min(span.end, max(span.start, timezone.now()) + _FURTHEST)
    first, last = span.start.astimezone(zone).date(), end.astimezone(zone).date()
    entries = WaitingEntry.objects.filter(ended_at=None, type__is_active=True, patient__merged_into=None)
    asked = 0
    for entry in entries.select_related("patient", "type", "clinician", "location"):
        if entry.clinician_id not in (None, clinician.pk) or _has_offer(entry) or not reach(entry.patient):
            continue
        wanted = Wanted(entry.type.minutes, clinician, entry.location)
        free = [one for one in online.free(wanted, first, last, rules) if one.span.overlaps(span)]
        slot = _first_that_fits(entry, free)
        if slot is not None and _offer(entry, slot, rules):
            asked += 1
    return asked


def _has_offer(entry: WaitingEntry) -> bool:
    return WaitingOffer.objects.filter(entry=entry, answer="", hold__expires_at__gt=timezone.now()).exists()


def _first_that_fits(entry: WaitingEntry, free: Iterable[Slot]) -> Slot | None:
    zone = diary.practice_zone()
    for slot in free:
        local = slot.start.astimezone(zone)
        if entry.days and local.weekday() not in entry.days:
            continue
        if entry.until is not None and local.date() > entry.until:
            continue
        if entry.part != WaitingEntry.Part.ANY and (local.hour < _NOON) != (entry.part == "morning"):
            continue
        offered = WaitingOffer.objects.filter(entry=entry, clinician=slot.clinician, start=slot.start)
        if not offered.exists() and not _elsewhere(entry, slot):
            return slot
    return None


def _elsewhere(entry: WaitingEntry, slot: Slot) -> bool:
    rows = Appointment.objects.filter(patient=entry.patient, start__lt=slot.end, end__gt=slot.start)
    return any(one.stands for one in rows)


def _offer(entry: WaitingEntry, slot: Slot, rules: BookingRules) -> bool:
    # In quiet hours the message waits: the hours they have begin when it goes out.
    goes_out = opening(timezone.now())
    until = min(goes_out + dt.timedelta(hours=rules.offer_hours), slot.start)
    if until <= goes_out:
        return False
    kept = requests.hold(slot, entry.type, until)
    made = WaitingOffer.objects.create(entry=entry, clinician=slot.clinician, start=slot.start, hold=kept)
    target = reverse("booking_mine_offer", kwargs={"offer": made.uid})
    contact.send(
        entry.patient,
        "time_kept",
        key=_key(made),
        link=links.make(entry.patient, Scope.BOOKING, target, days=2),
        values=after.said(slot.start, slot.location),
        useless_after=until,
    )
    return True


def _key(offer: WaitingOffer) -> str:
    return f"offer:{offer.uid}"
