"""What the schedule is made of: types of appointment, hours and absences."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import User
from openomt.care.accounts.who import member
from openomt.care.booking import diary, services
from openomt.care.booking.forms import FIRST_FIELD, AbsenceForm, StretchForm, TypeForm, week_forms
from openomt.care.booking.models import Absence, AppointmentType
from openomt.care.booking.services import BookingError, NeedsReasonError


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def appointment_types(request: HttpRequest) -> HttpResponseBase:
    """All types, and a form for another."""
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.save_type(member(request), form.save(commit=False), address=audit.address_of(request))
        messages.success(request, "Added.")
        return redirect("appointment_types")
    context = {
        "section": "practice",
        "types": AppointmentType.objects.order_by("-is_active", "name"),
        "form": form,
    }
    return render(request, "booking/types.html", context, status=422 if form.errors else 200)


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def appointment_type(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Changes a type. What is booked keeps its length."""
    type_ = get_object_or_404(AppointmentType, uid=uid)
    form = TypeForm(request.POST or None, instance=type_)
    if request.method == "POST" and form.is_valid():
        services.save_type(member(request), form.save(commit=False), address=audit.address_of(request))
        messages.success(request, "Changed. What is booked keeps its length.")
        return redirect("appointment_types")
    context = {"section": "practice", "form": form, "type": type_}
    return render(request, "booking/type.html", context, status=422 if form.errors else 200)


@allow(Permission.PRACTICE)
@require_POST
def appointment_type_offer(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Retires a type, or offers it again."""
    type_ = get_object_or_404(AppointmentType, uid=uid)
    offered = request.POST.get("offered") == "yes"
    services.offer_type(member(request), type_, offered=offered, address=audit.address_of(request))
    messages.success(request, "Offered again." if offered else "Retired. What is booked stays.")
    return redirect("appointment_types")


@allow(Permission.SCHEDULE_WRITE)
@require_GET
def hours(request: HttpRequest) -> HttpResponse:
    """Whose hours there are to set."""
    user = member(request)
    people = diary.clinicians()
    if user in people and len(people) == 1:
        return redirect("clinician_hours", uid=user.uid)
    rows = [(one, list(one.hours.select_related("location"))) for one in people]
    return render(request, "booking/hours.html", {"section": "schedule", "rows": rows})


@allow(Permission.SCHEDULE_WRITE)
@require_http_methods(["GET", "POST"])
def clinician_hours(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """A clinician's week, and when they are away."""
    clinician = _clinician(uid)
    rows, whole = list(clinician.hours.select_related("location")), FIRST_FIELD in request.POST
    week = week_forms(rows, request.POST if whole else None)
    error = ""
    if request.method == "POST":
        stretches = [form for _, forms in week for form in forms]
        if not whole:
            error = "The week did not come whole. Nothing was changed."
        elif not any(form.errors for form in stretches):
            error = _set_hours(request, clinician, stretches)
            if not error:
                messages.success(request, "The week is kept.")
                return redirect("clinician_hours", uid=uid)
        error = error or "Not kept: look at what is marked."
    return _hours_page(request, clinician, week, AbsenceForm(), error)


@allow(Permission.SCHEDULE_WRITE)
@require_POST
def absence_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Adds hours in which a clinician takes no appointments; names the appointments that stand in them."""
    clinician = _clinician(uid)
    form = AbsenceForm(request.POST)
    conflicts: tuple[str, ...] = ()
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.add_absence(
                member(request),
                clinician,
                data["first"],
                data["last"],
                data["words"],
                keep=data["keep"],
                address=audit.address_of(request),
            )
        except NeedsReasonError as refused:
            conflicts = refused.warnings
        else:
            messages.success(request, "Away, and kept.")
            return redirect("clinician_hours", uid=uid)
    week = week_forms(list(clinician.hours.select_related("location")))
    return _hours_page(request, clinician, week, form, conflicts=conflicts)


@allow(Permission.SCHEDULE_WRITE)
@require_POST
def absence_remove(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The clinician takes appointments in these hours again."""
    absence = get_object_or_404(Absence.objects.select_related("clinician"), uid=uid)
    services.remove_absence(member(request), absence, address=audit.address_of(request))
    messages.success(request, "Removed. These hours can be booked again.")
    return redirect("clinician_hours", uid=absence.clinician.uid)


def _clinician(uid: uuid.UUID) -> User:
    return get_object_or_404(User.objects.filter(pk__in=[one.pk for one in diary.clinicians()]), uid=uid)


def _set_hours(request: HttpRequest, clinician: User, stretches: list[StretchForm]) -> str:
    """What is wrong with the week, or nothing once it is kept."""
    rows = [row for form in stretches if (row := form.row()) is not None]
    try:
        services.set_hours(member(request), clinician, rows, address=audit.address_of(request))
    except BookingError as refused:
        return str(refused)
    return ""


def _hours_page(  # noqa: PLR0913, PLR0917  (two forms and what is wrong with each)
    request: HttpRequest,
    clinician: User,
    week: list[tuple[str, list[StretchForm]]],
    form: AbsenceForm,
    error: str = "",
    conflicts: tuple[str, ...] = (),
) -> HttpResponse:
    context = {
        "section": "schedule",
        "clinician": clinician,
        "week": week,
        "absences": Absence.objects.filter(clinician=clinician, end__gt=timezone.now()),
        "form": form,
        "error": error,
        "conflicts": conflicts,
    }
    wrong = bool(error or conflicts or form.errors)
    return render(request, "booking/clinician_hours.html", context, status=422 if wrong else 200)
