"""Records that look alike: side by side, made one, or said to be two people; and a merge undone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients import merging, services
from openomt.care.patients.alike import pairs
from openomt.care.patients.charts import chart_to_change, check_glass, member, open_chart
from openomt.care.patients.days import age
from openomt.care.patients.kinds import KINDS
from openomt.care.patients.models import Merge, Patient
from openomt.care.times import spoken_time

_PAGE = 50
_COMPARED = (
    ("Family name", "family_name"),
    ("Given names", "given_names"),
    ("Called", "called"),
    ("Birth date", "birth_date"),
    ("Sex", "get_sex_display"),
    ("Phone", "phone"),
    ("E-mail", "email"),
    ("Street", "street"),
    ("City", "city"),
    ("ZIP", "postal_code"),
    ("Payer", "payer"),
    ("Member ID", "member_id"),
    ("Added", "added_at"),
)


@allow(Permission.MERGE)
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that look alike, and merges that can be undone."""
    page = Paginator(pairs(), _PAGE).get_page(request.GET.get("page"))
    done = Merge.objects.filter(undone_at=None).select_related("kept", "gone", "by").order_by("-pk")[:_PAGE]
    content = {"section": "patients", "page": page, "done": done, "today": timezone.localdate()}
    return render(request, "patients/duplicates.html", content)


@allow(Permission.MERGE)
@require_safe
def pair(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Two records side by side."""
    one, other = open_chart(request, first, "chart.compared"), open_chart(request, second, "chart.compared")
    if one.pk == other.pk:
        messages.info(request, "These two are one record.")
        return redirect("duplicates")
    lines = [(label, _value(one, name), _value(other, name)) for label, name in _COMPARED]
    counted = merging.counts(one), merging.counts(other)
    content = {
        "section": "patients",
        "one": one,
        "other": other,
        "ages": [age(row.birth_date, timezone.localdate()) for row in (one, other)],
        "lines": [(label, left, right, left != right) for label, left, right in lines],
        "counts": _counts(*counted, by_kind=member(request).may(Permission.CHART_READ)),
    }
    return render(request, "patients/pair.html", content)


def _counts(
    one: dict[type[Model], int], other: dict[type[Model], int], *, by_kind: bool
) -> list[tuple[str, int, int]]:
    """How much belongs to each. What kinds of entry there are says something of a patient: not for everybody."""
    if not by_kind:
        return [("Entries in all", sum(one.values()), sum(other.values()))]
    titles: dict[type[Model], str] = {kind.model: kind.title for kind in KINDS.values()}
    rows = [
        (titles.get(model, str(model._meta.verbose_name_plural)), one.get(model, 0), other.get(model, 0))
        for model in {**one, **other}
    ]
    return sorted(rows)


def _value(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    value = value() if callable(value) else value
    if name != "added_at":
        return str(value)
    added = timezone.localtime(value)
    return f"{added:%Y-%m-%d}, {spoken_time(added)}"


@allow(Permission.MERGE)
@require_POST
def merge(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Makes two records one: the one that was chosen is kept."""
    records = {str(uid): chart_to_change(request, uid) for uid in (first, second)}
    kept = records.pop(request.POST.get("keep", ""), None)
    if kept is None or len(records) != 1:
        messages.error(request, "Choose which record is kept.")
        return redirect("duplicate_pair", first, second)
    (gone,) = records.values()
    try:
        merging.merge(kept, gone, member(request), address=audit.address_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("duplicates")
    messages.success(request, "The two records are one. It can be undone below.")
    return redirect("duplicates")


@allow(Permission.MERGE)
@require_POST
def not_duplicate(request: HttpRequest, first: uuid.UUID, second: uuid.UUID) -> HttpResponse:
    """Keeps that two records are two people."""
    one, other = chart_to_change(request, first), chart_to_change(request, second)
    if one.pk != other.pk:
        services.not_duplicates(one, other, member(request), address=audit.address_of(request))
        messages.success(request, "Kept: these are two people.")
    return redirect("duplicates")


@allow(Permission.MERGE)
@require_POST
def unmerge(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Takes a merge apart: `uid` is that of the record that was merged into another."""
    gone = Patient.objects.filter(uid=uid).first()
    done = Merge.objects.filter(gone=gone, undone_at=None).select_related("kept").order_by("-pk").first()
    if gone is None or done is None:
        raise Http404
    check_glass(member(request), done.kept)
    try:
        merging.undo(done, member(request), address=audit.address_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("duplicates")
    messages.success(request, "The merge is undone. Both records are as they were.")
    return redirect("duplicates")
