"""The schedule and its appointments: parse, call the service, render."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Location, User
from openomt.care.accounts.who import member
from openomt.care.booking import diary, services, slots
from openomt.care.booking.board import Board, board
from openomt.care.booking.forms import BookForm, CancelForm, StatusForm, When
from openomt.care.booking.looking import look
from openomt.care.booking.models import FREED, Appointment, AppointmentType, WorkingHours
from openomt.care.booking.services import BookingError, NeedsReasonError
from openomt.care.patients.charts import chart_to_change, open_chart
from openomt.care.patients.models import Patient
from openomt.care.patients.searching import find
from openomt.care.times import spoken_time

CHANGED = "appointment-changed"
"""The event by which a page that shows appointments knows that one changed."""
_WEEK = 7
_CHOICES = 8


@allow(Permission.SCHEDULE_READ)
@require_GET
def schedule(request: HttpRequest) -> HttpResponse:
    """A day of all clinicians side by side, or a week of one."""
    user = member(request)
    everybody = diary.clinicians()
    week = request.GET.get("view") == "week"
    day = _day(request.GET.get("day", ""))
    chosen = _among(everybody, request.GET.get("clinician", ""))
    if week and chosen is None:
        chosen = user if user in everybody else next(iter(everybody), None)
    types = list(AppointmentType.objects.filter(is_active=True))
    moving = _moving(request)
    type_ = _type(types, request.GET.get("type", ""))
    location = _location(request.GET.get("location", ""))
    look(request, "schedule.read", f"{'week' if week else 'day'}:{day}")
    first = day - dt.timedelta(days=day.weekday()) if week else day
    last = first + dt.timedelta(days=_WEEK - 1) if week else day
    shown = [chosen] if chosen else everybody
    held = diary.read([one.pk for one in shown], first, last, timezone.get_current_timezone())
    minutes = moving.minutes if moving else type_.minutes if type_ else 30
    drawn = board(held, shown, minutes, timezone.now(), location.pk if location else None)
    step = dt.timedelta(days=_WEEK if week else 1)
    context = {
        "section": "schedule",
        "board": _without_idle(drawn, week=week, keep=chosen),
        "week": week,
        "day": day,
        "first": first,
        "last": last,
        "today": timezone.localdate(),
        "before": day - step,
        "after": day + step,
        "everybody": everybody,
        "chosen": chosen,
        "types": types,
        "type": type_,
        "locations": Location.objects.filter(is_active=True),
        "location": location,
        "moving": moving,
        "here": request.get_full_path(),
    }
    return render(request, "booking/schedule.html", context)


@allow(Permission.SCHEDULE_WRITE)
@require_http_methods(["GET", "POST"])
def appointment_new(request: HttpRequest) -> HttpResponseBase:
    """Books: patient, clinician, type and time, most of it known from where one came."""
    form = BookForm(request.POST or None, initial=_offered(request))
    warnings: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.book(
                member(request),
                data["patient"],
                data["clinician"],
                data["location"],
                data["type"],
                data["moment"],
                reason=data["reason"],
                override=data["override"],
                address=audit.address_of(request),
            )
        except NeedsReasonError as refused:
            warnings = refused.warnings
            _ask_reason(form)
        except BookingError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Booked for {_spoken(made.start)}.")
            return redirect(_day_of(made))
    patient = form["patient"].value()
    context = {
        "section": "schedule",
        "form": form,
        "warnings": warnings,
        "patient": _patient(str(patient or "")),
        "types": AppointmentType.objects.filter(is_active=True),
        "free": _nearby(form),
    }
    return render(request, "booking/book.html", context)


@allow(Permission.SCHEDULE_WRITE)
@require_GET
def booking_find(request: HttpRequest) -> HttpResponse:
    """Who may be meant by what was typed in the form of booking."""
    text = request.GET.get("who", "")
    found = find(text, timezone.localdate(), _CHOICES) if text.strip() else []
    return render(request, "booking/_found.html", {"found": found, "text": text})


@allow(Permission.SCHEDULE_READ)
@require_GET
def appointment(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One appointment, with what can be done about it."""
    one = _opened(request, uid)
    return render(request, "booking/appointment.html", _page(one, CancelForm()))


@allow(Permission.SCHEDULE_WRITE)
@require_http_methods(["GET", "POST"])
def appointment_move(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """From when to when; the free times of the schedule lead here with the new one filled in."""
    one = _opened(request, uid)
    initial = {"clinician": one.clinician, "location": one.location_id, **_moment(one.start)}
    form = When(request.POST or None, initial=initial | _offered(request))
    warnings: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = services.move(
                member(request),
                one,
                data["clinician"],
                data["location"],
                data["moment"],
                override=data["override"],
                address=audit.address_of(request),
            )
        except NeedsReasonError as refused:
            warnings = refused.warnings
            _ask_reason(form)
        except BookingError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Moved to {_spoken(moved.start)}.")
            return redirect(_day_of(moved))
    context = {"section": "schedule", "appointment": one, "form": form, "warnings": warnings}
    return render(request, "booking/move.html", context)


@allow(Permission.SCHEDULE_WRITE)
@require_POST
def appointment_cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Cancels, with a reason; the page then offers to take it back."""
    one = _opened(request, uid)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            services.cancel(
                member(request), one, form.cleaned_data["reason"], address=audit.address_of(request)
            )
        except BookingError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Canceled. The time is free again.")
            return redirect("appointment", uid=one.uid)
    return render(request, "booking/appointment.html", _page(one, form), status=422)


@allow(Permission.SCHEDULE_WRITE)
@require_POST
def appointment_status(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """One step, or one back. A script is told by an event that the page should look again."""
    one = get_object_or_404(_appointments(), uid=uid)
    form = StatusForm(request.POST)
    address = audit.address_of(request)
    try:
        if not form.is_valid():
            raise BookingError("That is no step of an appointment, or the room's name is too long.")
        if form.cleaned_data["status"] == "undo":
            services.undo(member(request), one, address=address)
        else:
            services.set_status(
                member(request),
                one,
                form.cleaned_data["status"],
                room=form.cleaned_data["room"],
                address=address,
            )
    except BookingError as refused:
        messages.error(request, str(refused))
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return HttpResponseRedirect(_back(request, one))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": CHANGED})
    return HttpResponseRedirect(_back(request, one))


def _appointments() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("patient", "clinician", "location", "type", "booked_by")


def _opened(request: HttpRequest, uid: uuid.UUID) -> Appointment:
    """The appointment, after its patient's chart was opened: a restricted one asks for a reason first."""
    one = get_object_or_404(_appointments(), uid=uid)
    if request.method == "GET":
        open_chart(request, one.patient.uid, "appointment.read", subject=f"appointment:{one.uid}")
    else:
        chart_to_change(request, one.patient.uid)
    return one


def _page(one: Appointment, form: CancelForm) -> dict[str, Any]:
    return {
        "section": "schedule",
        "appointment": one,
        "form": form,
        "comes": one.status not in FREED,
        "can_cancel": one.status in (Appointment.Status.BOOKED, Appointment.Status.ARRIVED),
    }


def _without_idle(drawn: Board, *, week: bool, keep: User | None) -> Board:
    """Leaves out who does not work that day, and weekends without anything."""
    kept = tuple(
        one
        for one in drawn.columns
        if one.items or one.opening or one.gone or (one.day.weekday() < 5 if week else one.clinician == keep)
    )
    return Board(kept, drawn.hours, drawn.lines)


def _nearby(form: BookForm) -> list[slots.Open]:
    """Free times of the day and clinician in the form, to choose from."""
    clinician = _among(diary.clinicians(), str(form["clinician"].value() or ""))
    type_ = _type(list(AppointmentType.objects.filter(is_active=True)), str(form["type"].value() or ""))
    value = form["day"].value()
    day = value if isinstance(value, dt.date) else _day(str(value or ""))
    if clinician is None or type_ is None:
        return []
    return diary.free_times(clinician, type_, day, day, not_before=timezone.now())


def _offered(request: HttpRequest) -> dict[str, Any]:
    """What the address says of the appointment to make; what it says wrongly is left out."""
    said = request.GET
    found: dict[str, Any] = {
        name: said[name] for name in ("patient", "clinician", "type", "location") if said.get(name)
    }
    if "location" not in found:
        found |= _usual_location(_uid(said.get("clinician", "")))
    try:
        start = dt.datetime.fromisoformat(said.get("start", ""))
    except ValueError:
        return found
    if start.tzinfo is None or not 2000 < start.year < 2200:
        return found
    return found | _moment(start)


def _usual_location(clinician: uuid.UUID | None) -> dict[str, Any]:
    """The only location there is, or the one where the clinician works most."""
    places = list(Location.objects.filter(is_active=True)[:2])
    if len(places) == 1:
        return {"location": places[0].pk}
    if clinician is None:
        return {}
    hours = WorkingHours.objects.filter(clinician__uid=clinician, location__is_active=True)
    counted = Counter(hours.values_list("location", flat=True))
    return {"location": counted.most_common(1)[0][0]} if counted else {}


def _moment(start: dt.datetime) -> dict[str, Any]:
    local = timezone.localtime(start)
    return {"day": local.date(), "time": local.time().replace(second=0, microsecond=0)}


def _ask_reason(form: When) -> None:
    form.fields["override"].required = True
    form.fields["override"].widget.attrs["autofocus"] = True


def _moving(request: HttpRequest) -> Appointment | None:
    uid = _uid(request.GET.get("move", ""))
    if uid is None or not member(request).may(Permission.SCHEDULE_WRITE):
        return None
    found = _appointments().filter(uid=uid, status=Appointment.Status.BOOKED)
    return found.first()


def _patient(text: str) -> Patient | None:
    uid = _uid(text)
    return Patient.objects.filter(uid=uid, merged_into=None).first() if uid else None


def _among(people: list[User], text: str) -> User | None:
    return next((one for one in people if str(one.uid) == text), None)


def _type(types: list[AppointmentType], text: str) -> AppointmentType | None:
    """The type that is named; else the usual one, a follow-up."""
    named = next((one for one in types if str(one.uid) == text), None)
    usual = next((one for one in types if one.kind == AppointmentType.Kind.FOLLOW_UP), None)
    return named or usual or next(iter(types), None)


def _location(text: str) -> Location | None:
    is_key = text.isascii() and text.isdigit() and len(text) < 10
    return Location.objects.filter(pk=int(text), is_active=True).first() if is_key else None


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str) -> dt.date:
    """The day that is named; today where it is none, or none that a calendar of ours reaches."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year < 2200 else timezone.localdate()


def _spoken(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%A} {local.day} {local:%B}, {spoken_time(local)}"


def _day_of(one: Appointment) -> str:
    return f"{reverse('schedule')}?{urlencode({'day': timezone.localtime(one.start).date().isoformat()})}"


def _back(request: HttpRequest, one: Appointment) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("appointment", kwargs={"uid": one.uid})
