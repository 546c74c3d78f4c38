"""The practice's details, its locations, and whether CPT is shown (owner)."""

from __future__ import annotations

import copy
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST

from openomt.care.accounts import audit, services
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.forms import CptForm, LocationForm, PracticeForm
from openomt.care.accounts.models import Location
from openomt.care.accounts.services import RuleError
from openomt.care.accounts.who import member, practice_of

_ELSEWHERE = (
    ("people", "People", "Accounts, roles, licenses"),
    ("appointment_types", "Appointment types", "Names, lengths, who may book them"),
    ("booking_rules", "Online booking", "What patients book and change themselves"),
    ("fees", "Fees", "What the practice charges"),
    ("payers", "Payers", "How each one judges a claim"),
    ("rule_settings", "Safety rules", "What warns, and how strictly"),
    ("contact_settings", "Messages", "Quiet hours, e-mail and text"),
    ("learning_review", "Pages to review", "What the public reads, and what is due"),
    ("audit", "Audit", "Who did what, and whether the chain holds"),
)
"""Pages of other steps of care, by the name of their address; one that is not there is not shown."""


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """Details, locations, CPT, and the way to all other settings."""
    if request.method != "POST":
        return _page(request)
    form = PracticeForm(request.POST, instance=copy.copy(practice_of(request)))
    if not form.is_valid():
        return _page(request, form=form)
    try:
        services.change_practice(member(request), address=audit.address_of(request), **form.cleaned_data)
    except RuleError as problem:
        form.add_error(problem.field or None, str(problem))
        return _page(request, form=form)
    messages.success(request, "The practice's details were saved.")
    return redirect("practice")


@allow(Permission.PRACTICE)
@require_POST
def cpt_on(request: HttpRequest) -> HttpResponse:
    """Shows CPT, on the owner's word that the practice holds a license."""
    form = CptForm(request.POST)
    if not form.is_valid():
        return _page(request, cpt=form)
    services.confirm_cpt(member(request), address=audit.address_of(request))
    messages.success(request, "CPT codes are shown from now on.")
    return redirect("practice")


@allow(Permission.PRACTICE)
@require_POST
def cpt_off(request: HttpRequest) -> HttpResponse:
    """Shows no CPT any more."""
    services.withdraw_cpt(member(request), address=audit.address_of(request))
    messages.success(request, "CPT codes are not shown any more.")
    return redirect("practice")


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def location_new(request: HttpRequest) -> HttpResponse:
    """Adds a place where patients are seen."""
    return _location(request, None)


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def location(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Changes a place where patients are seen, or closes it."""
    return _location(request, get_object_or_404(Location, uid=uid))


def _location(request: HttpRequest, place: Location | None) -> HttpResponse:
    form = LocationForm(request.POST if request.method == "POST" else None, instance=copy.copy(place))
    if request.method == "POST" and form.is_valid():
        services.save_location(member(request), place, address=audit.address_of(request), **form.cleaned_data)
        messages.success(request, "The location was saved.")
        return redirect("practice")
    known = {"form": form, "place": place, "section": "practice"}
    return render(request, "accounts/location.html", known, status=400 if form.errors else 200)


def _page(
    request: HttpRequest, *, form: PracticeForm | None = None, cpt: CptForm | None = None
) -> HttpResponse:
    row = practice_of(request)
    known = {
        "practice": row,
        "form": form or PracticeForm(instance=copy.copy(row)),
        "cpt_form": cpt or CptForm(auto_id="cpt_%s"),
        "locations": Location.objects.order_by("-is_active", "name"),
        "elsewhere": _elsewhere(),
        "section": "practice",
    }
    return render(request, "accounts/practice.html", known, status=400 if form or cpt else 200)


def _elsewhere() -> list[tuple[str, str, str]]:
    found = []
    for name, title, about in _ELSEWHERE:
        try:
            found.append((reverse(name), title, about))
        except NoReverseMatch:
            continue
    return found
