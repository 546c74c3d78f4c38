"""What staff see of online booking: its rules, who booked themselves and is to be checked, who waits."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.who import member
from openomt.care.booking import requests, services
from openomt.care.booking.looking import look
from openomt.care.booking.models import AppointmentType, BookingRequest, BookingRules, WaitingEntry
from openomt.care.booking.online_forms import RulesForm
from openomt.care.booking.privacy import closed_to
from openomt.care.patients.alike import look_alikes

_MOST = 100


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponseBase:
    """What patients may book, move and cancel themselves."""
    offered = AppointmentType.objects.filter(is_active=True, online=True)
    form = RulesForm(request.POST or None, instance=BookingRules.load(), initial={"types": offered})
    if request.method == "POST" and form.is_valid():
        services.change_rules(
            member(request),
            form.save(commit=False),
            form.cleaned_data["types"],
            address=audit.address_of(request),
        )
        messages.success(
            request, "Saved. What is booked already stays; reminders planned before keep their time."
        )
        return redirect("booking_rules")
    wrong = request.method == "POST"
    context = {"section": "practice", "form": form}
    return render(request, "booking/rules.html", context, status=422 if wrong else 200)


@allow(Permission.SCHEDULE_WRITE)
@require_GET
def to_check(request: HttpRequest) -> HttpResponse:
    """Visits that people booked without signing in, until somebody has looked; and the waiting list."""
    look(request, "online_bookings.read", "schedule")
    rows = BookingRequest.objects.filter(checked_at=None).exclude(confirmed_at=None)
    rows = rows.select_related("patient", "appointment__type", "appointment__clinician")
    found = list(rows.order_by("confirmed_at")[:_MOST])
    entries = list(
        WaitingEntry.objects.filter(ended_at=None).select_related("patient", "type", "clinician", "location")[
            :_MOST
        ]
    )
    patients = {one.patient for one in found if one.patient} | {one.patient for one in entries}
    context = {
        "section": "schedule",
        "rows": [(one, _alike(one)) for one in found],
        "entries": entries,
        "closed": closed_to(member(request), ((one.pk, one.restricted) for one in patients)),
    }
    return render(request, "booking/to_check.html", context)


def _alike(row: BookingRequest) -> int:
    """How many records look like the new one."""
    return len(look_alikes(row.patient)) if row.new_record and row.patient is not None else 0


@allow(Permission.SCHEDULE_WRITE)
@require_POST
def checked(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Somebody has looked at it."""
    row = get_object_or_404(BookingRequest.objects.exclude(confirmed_at=None), uid=uid)
    requests.check(member(request), row, address=audit.address_of(request))
    messages.success(request, "Checked.")
    return redirect("booking_to_check")
