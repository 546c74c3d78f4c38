"""Opening a restricted chart with a reason, and the list of such openings."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients import services
from openomt.care.patients.charts import RestrictedChartError, check_glass, member
from openomt.care.patients.forms import GlassForm
from openomt.care.patients.models import OpenedGlass, Patient
from openomt.care.patients.views.people import listed

_PAGE = 50


@allow(Permission.FIND_PATIENT)
@require_http_methods(["GET", "HEAD", "POST"])
def open_glass(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Asks why, and then lets the person in for a few hours."""
    patient = Patient.objects.select_related("merged_into").filter(uid=uid).first()
    if patient is None:
        raise Http404
    patient = patient.merged_into or patient
    target = _safe(request, request.POST.get("next") or request.GET.get("next") or "")
    target = target or listed(request, [patient])[0][2]
    if _is_open(request, patient):
        return redirect(target)
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.open_glass(
            patient, member(request), form.cleaned_data["reason"], address=audit.address_of(request)
        )
        return redirect(target)
    content = {
        "section": "patients",
        "patient": patient,
        "form": form,
        "next": target,
        "hours": services.GLASS_HOURS,
        "back": reverse("patients"),
    }
    return render(request, "patients/open_glass.html", content, status=422 if form.errors else 200)


def _is_open(request: HttpRequest, patient: Patient) -> bool:
    try:
        check_glass(member(request), patient)
    except RestrictedChartError:
        return False
    return True


def _safe(request: HttpRequest, target: str) -> str:
    """Where the person wanted to go, if that is a page of this site."""
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if here and target.startswith("/") else ""


@allow(Permission.AUDIT_READ)
@require_safe
def glass(request: HttpRequest) -> HttpResponse:
    """Every opening of a restricted chart with its reason, the newest first."""
    audit.record(member(request), "glass.listed", address=audit.address_of(request))
    rows = OpenedGlass.objects.select_related("patient", "user").order_by("-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "patients/glass.html", {"section": "audit", "page": page, "now": timezone.now()})
