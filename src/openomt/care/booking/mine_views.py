"""A patient's own appointments: seen, moved, canceled, kept in a calendar; and the waiting list."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.models import Practice
from openomt.care.booking import calendar_file, limits, online, services, waiting
from openomt.care.booking.models import Appointment, BookingRules, WaitingEntry, WaitingOffer
from openomt.care.booking.online_forms import CancelOnlineForm, WaitingForm, type_words
from openomt.care.booking.public_views import calendar_response, week_of_times
from openomt.care.portal.access import Scope, for_patients, visitor
from openomt.care.words import say

_PAST = 10


@for_patients(Scope.BOOKING)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is ahead, what was, and what they wait for."""
    who, now = visitor(request), timezone.now()
    who.record("appointments.read", address=audit.address_of(request))
    rows = _rows(request)
    offers = WaitingOffer.objects.filter(
        entry__patient=who.patient, answer="", hold__expires_at__gt=now
    ).select_related("hold__location", "hold__clinician")
    entries = WaitingEntry.objects.filter(patient=who.patient, ended_at=None)
    context = {
        "ahead": rows.filter(start__gt=now).exclude(status__in=("canceled", "no_show")).order_by("start"),
        "past": rows.filter(start__lte=now, status="done").order_by("-start")[:_PAST],
        "offers": offers,
        "entries": [(one, type_words(one.type)) for one in entries.select_related("type", "clinician")],
        "can_wait": bool(online.types()),
    }
    return render(request, "booking/mine.html", context)


@for_patients(Scope.BOOKING)
@require_safe
def one(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One appointment."""
    return _one(request, _appointment(request, uid), CancelOnlineForm())


def _one(
    request: HttpRequest,
    appointment: Appointment,
    form: CancelOnlineForm,
    *,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    visitor(request).record(
        "appointment.read", subject=f"appointment:{appointment.uid}", address=audit.address_of(request)
    )
    rules = BookingRules.load()
    context = {
        "one": appointment,
        "type_words": type_words(appointment.type),
        "address": online.Place(appointment.location, ()).address,
        "may_change": online.may_change(appointment, rules),
        "hours": rules.change_hours,
        "ahead": appointment.start > timezone.now(),
        "form": form,
        "fault": fault,
    }
    return render(request, "booking/mine_one.html", context, status=status)


@for_patients(Scope.BOOKING)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Another time for it: free times of the same length."""
    found, rules = _appointment(request, uid), BookingRules.load()
    if not online.may_change(found, rules):
        return _too_late(request, found)
    minutes = found.minutes
    if request.method != "POST":
        context = week_of_times(request, minutes) | {"one": found}
        return render(request, "booking/mine_move.html", context)
    slot, wanted, start = online.find(request.POST.get("at", ""), minutes, rules)
    if not limits.allowed(request, "change", str(visitor(request).patient.uid)):
        return render(request, "portal/wait.html", status=429)
    fault = "" if slot else say("booking.taken")
    if slot is not None:
        try:
            services.move(
                visitor(request),
                found,
                slot.clinician,
                slot.location,
                slot.start,
                address=audit.address_of(request),
            )
        except services.NeedsReasonError:
            fault = say("booking.elsewhere")
        except services.BookingError:
            fault = say("booking.taken")
        else:
            messages.success(request, say("booking.moved"))
            return redirect("booking_mine_one", uid=uid)
    near = online.by_day(online.nearest(wanted, start, rules))
    context = week_of_times(request, minutes) | {"one": found, "fault": fault, "near": near}
    return render(request, "booking/mine_move.html", context, status=409)


@for_patients(Scope.BOOKING)
@require_POST
def cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Cancels it, with a reason in few words."""
    found = _appointment(request, uid)
    if not online.may_change(found, BookingRules.load()):
        return _too_late(request, found)
    form = CancelOnlineForm(request.POST)
    if not form.is_valid():
        return _one(request, found, form, status=422)
    if not limits.allowed(request, "change", str(visitor(request).patient.uid)):
        return render(request, "portal/wait.html", status=429)
    try:
        services.cancel(
            visitor(request), found, form.cleaned_data["reason"], address=audit.address_of(request)
        )
    except services.BookingError:  # a person of the practice was quicker
        return _too_late(request, found)
    messages.success(request, say("booking.canceled"))
    return redirect("booking_mine_one", uid=uid)


def _too_late(request: HttpRequest, found: Appointment) -> HttpResponse:
    found.refresh_from_db()
    fault = "" if found.status == Appointment.Status.CANCELED else say("booking.too_late")
    return _one(request, found, CancelOnlineForm(), fault=fault, status=409)


@for_patients(Scope.BOOKING)
@require_safe
def calendar(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The appointment for their own calendar."""
    found = _appointment(request, uid)
    visitor(request).record(
        "appointment.calendar", subject=f"appointment:{found.uid}", address=audit.address_of(request)
    )
    return calendar_response(calendar_file.calendar_file(found, Practice.load().name))


@for_patients(Scope.BOOKING)
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest) -> HttpResponseBase:
    """Onto the waiting list."""
    if not online.types():
        raise Http404
    form = WaitingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.allowed(request, "change", str(visitor(request).patient.uid)):
            return render(request, "portal/wait.html", status=429)
        waiting.join(visitor(request), form.entry(), address=audit.address_of(request))
        messages.success(request, say("booking.on_list"))
        return redirect("booking_mine")
    wrong = request.method == "POST"
    return render(request, "booking/wait.html", {"form": form}, status=422 if wrong else 200)


@for_patients(Scope.BOOKING)
@require_POST
def wait_leave(request: HttpRequest, entry: uuid.UUID) -> HttpResponseBase:
    """Off the waiting list."""
    found = get_object_or_404(WaitingEntry, uid=entry, patient=visitor(request).patient)
    waiting.leave(visitor(request), found, address=audit.address_of(request))
    return redirect("booking_mine")


@for_patients(Scope.BOOKING)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, offer: uuid.UUID) -> HttpResponseBase:
    """A time that is held for them: yes or no."""
    rows = WaitingOffer.objects.select_related(
        "hold__location", "hold__clinician", "entry__type", "clinician"
    )
    found = get_object_or_404(rows, uid=offer, entry__patient=visitor(request).patient)
    if request.method == "POST" and request.POST.get("answer") == "no":
        waiting.decline(visitor(request), found, address=audit.address_of(request))
        messages.success(request, say("booking.offer_declined"))
        return redirect("booking_mine")
    if request.method == "POST":
        try:
            waiting.accept(visitor(request), found, address=audit.address_of(request))
        except services.NeedsReasonError:
            return _offer(request, found, fault=say("booking.elsewhere"), status=409)
        except services.BookingError:
            return _offer(request, found, status=409)
        messages.success(request, say("booking.booked"))
        return redirect("booking_mine")
    return _offer(request, found)


def _offer(request: HttpRequest, found: WaitingOffer, *, fault: str = "", status: int = 200) -> HttpResponse:
    visitor(request).record(
        "waiting.offer_read", subject=f"offer:{found.uid}", address=audit.address_of(request)
    )
    held = found.hold if found.hold is not None and found.hold.expires_at > timezone.now() else None
    context: dict[str, Any] = {"offer": found, "held": held, "fault": fault}
    return render(request, "booking/offer.html", context, status=status if held or status != 200 else 410)


def _rows(request: HttpRequest) -> QuerySet[Appointment]:
    """The appointments this visitor may see: a link to one shows no other."""
    who = visitor(request)
    rows = Appointment.objects.filter(patient=who.patient).select_related("clinician", "location", "type")
    bound = who.target.partition("/my/bookings/")[2].strip("/") if who.target else ""
    try:
        return rows.filter(uid=uuid.UUID(bound)) if bound else rows
    except ValueError:
        return rows


def _appointment(request: HttpRequest, uid: uuid.UUID) -> Appointment:
    return get_object_or_404(_rows(request), uid=uid)
