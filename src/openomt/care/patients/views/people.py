"""Finding patients, the list of them, and who they are: new, changed, guardians, restricted charts."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients import services
from openomt.care.patients.alike import Pair, look_alikes
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.days import age
from openomt.care.patients.forms import FilterForm, PatientForm, RestrictForm
from openomt.care.patients.kinds import KINDS
from openomt.care.patients.models import Patient
from openomt.care.patients.searching import find as search
from openomt.care.patients.views.cards import NOTHING, card, entries

PAGE = 50
_MOST_FOUND = 100
_ADULT, _OLDER, _TODDLER = 18, 65, 2


@allow(Permission.FIND_PATIENT)
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The answer while somebody types."""
    text, today = request.GET.get("q", ""), timezone.localdate()
    return render(
        request, "patients/_found.html", {"text": text.strip(), "found": listed(request, search(text, today))}
    )


@allow(Permission.FIND_PATIENT)
@require_GET
def patients(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by filters or by what was typed."""
    form = FilterForm(request.GET)
    chosen = form.chosen()
    rows = _narrowed(chosen)
    text = chosen.get("q", "")
    if text:
        found = search(text, timezone.localdate(), _MOST_FOUND)
        standing = set(rows.filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
        shown: QuerySet[Patient] | list[Patient] = [row for row in found if row.pk in standing]
    else:
        shown = rows
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    content = {
        "section": "patients",
        "form": form,
        "filtered": bool(chosen),
        "text": text,
        "page": page,
        "people": listed(request, page.object_list),
        "query": _without_page(request.GET),
    }
    return render(request, "patients/patients.html", content)


def _narrowed(chosen: dict[str, str]) -> QuerySet[Patient]:
    today = timezone.localdate()
    wanted = Q(merged_into=None)
    for name in ("language", "payer_kind"):
        if name in chosen:
            wanted &= Q(**{name: chosen[name]})
    wanted &= {
        "infant": Q(birth_date__gt=_years_before(today, _TODDLER)),
        "child": Q(birth_date__gt=_years_before(today, _ADULT)),
        "adult": Q(birth_date__lte=_years_before(today, _ADULT), birth_date__gt=_years_before(today, _OLDER)),
        "older": Q(birth_date__lte=_years_before(today, _OLDER)),
    }.get(chosen.get("ages", ""), Q())
    wanted &= {
        "restricted": Q(restricted=True),
        "interpreter": Q(interpreter=True),
        "silent": Q(contact=Patient.Contact.NONE),
    }.get(chosen.get("only", ""), Q())
    return Patient.objects.filter(wanted)


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _without_page(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


def listed(request: HttpRequest, rows: object) -> list[tuple[Patient, str, str]]:
    """Patients with their age and the page that this person may open of them."""
    today, user = timezone.localdate(), member(request)
    first = "chart" if user.may(Permission.CHART_READ) else "patient_edit"
    return [(row, age(row.birth_date, today), reverse(first, args=[row.uid])) for row in rows]  # type: ignore[attr-defined]


@allow(Permission.DEMOGRAPHICS)
@require_http_methods(["GET", "HEAD", "POST"])
def patient_new(request: HttpRequest) -> HttpResponse:
    """A new patient. Records that look alike are shown first, and have to be denied."""
    form = PatientForm(request.POST or None)
    alike: list[Pair] = []
    if request.method == "POST" and form.is_valid():
        candidate = Patient(**form.cleaned_data)
        services.index(candidate)
        alike = look_alikes(candidate)
        denied = set(request.POST.getlist("another"))
        if {str(pair.second.uid) for pair in alike} <= denied:
            return _added(request, form, alike)
    elif request.method == "GET":
        form = PatientForm(initial={"family_name": "", "language": "en"})
    content = {"section": "patients", "form": form, "alike": alike, "title": "New patient"}
    return render(request, "patients/new.html", content, status=422 if form.errors or alike else 200)


def _added(request: HttpRequest, form: PatientForm, alike: list[Pair]) -> HttpResponse:
    user, address = member(request), audit.address_of(request)
    try:
        patient = services.add_patient(user, address=address, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        content = {"section": "patients", "form": form, "title": "New patient"}
        return render(request, "patients/new.html", content, status=422)
    for pair in alike:
        services.not_duplicates(patient, pair.second, user, address=address)
    messages.success(request, "Patient added.")
    return redirect("record" if user.may(Permission.CHART_READ) else "patient_edit", patient.uid)


@allow(Permission.DEMOGRAPHICS)
@require_http_methods(["GET", "HEAD", "POST"])
def patient_edit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Who the patient is, how to reach them, and who answers for them."""
    if request.method == "POST":
        patient = chart_to_change(request, uid)
        form = PatientForm(request.POST)
        if form.is_valid() and _changed(request, patient, form):
            return redirect("patient_edit", patient.uid)
    else:
        patient = open_chart(request, uid, "demographics.read")
        form = PatientForm(initial={name: getattr(patient, name) for name in PatientForm.base_fields})
    guardians = KINDS["guardian"]
    content = {
        "section": "patients",
        "here": "patient_edit",
        "patient": patient,
        "age": age(patient.birth_date, timezone.localdate()),
        "form": form,
        "card": card(patient, guardians, entries(patient, guardians), NOTHING, may_write=True),
        "team": patient.care_team.all() if patient.restricted else [],
    }
    return render(request, "patients/edit.html", content, status=422 if form.errors else 200)


def _changed(request: HttpRequest, patient: Patient, form: PatientForm) -> bool:
    try:
        changed = services.change_patient(
            patient, member(request), address=audit.address_of(request), **form.cleaned_data
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    messages.success(request, "Changes kept." if changed else "Nothing was changed.")
    return True


@allow(Permission.CHART_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def restrict(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Who may open the chart without giving a reason."""
    if request.method == "POST":
        patient = chart_to_change(request, uid)
        form = RestrictForm(request.POST)
        if form.is_valid():
            services.restrict(
                patient, member(request), address=audit.address_of(request), **form.cleaned_data
            )
            messages.success(request, "Changes kept.")
            return redirect("record", patient.uid)
    else:
        patient = open_chart(request, uid, "restriction.read")
        team = list(patient.care_team.values_list("uid", flat=True)) or [member(request).uid]
        form = RestrictForm(initial={"restricted": patient.restricted, "care_team": team})
    content = {"section": "patients", "patient": patient, "form": form}
    return render(request, "patients/restrict.html", content, status=422 if form.errors else 200)
