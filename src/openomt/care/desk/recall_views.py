"""Patients to call back: a list with filters, and the same as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, Role, allow
from openomt.care.accounts.models import User
from openomt.care.desk.recall import KINDS, USUAL_WEEKS, Asked, Entry, entries, found
from openomt.care.patients.charts import member

_PAGE = 50
_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = (
    "Family name",
    "Given names",
    "Birth date",
    "Phone",
    "E-mail",
    "Prefers",
    "Language",
    "Last seen",
    "By",
    "Course",
    "Review on",
    "Next appointment",
)


class RecallForm(forms.Form):
    """Whom to look for."""

    kind = forms.ChoiceField(label="Whom", choices=list(KINDS.items()))
    weeks = forms.IntegerField(
        label="Weeks",
        min_value=0,
        max_value=520,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    clinician = forms.ModelChoiceField(
        label="Last seen by",
        queryset=User.objects.none(),
        required=False,
        to_field_name="uid",
        empty_label="Anybody",
        error_messages={"invalid_choice": "There is no such clinician."},
    )

    def __init__(self, data: Any) -> None:
        asked = {"kind": "not_seen"} | {
            name: data.get(name, "") for name in ("weeks", "clinician") if data.get(name)
        }
        if data.get("kind"):
            asked["kind"] = data["kind"]
        super().__init__(asked)
        field = self.fields["clinician"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(
                grants__role__in=[Role.PHYSICIAN.value, Role.TRAINEE.value]
            ).distinct()

    def asked(self) -> Asked:
        """What was asked for, with the usual number of weeks where none was given."""
        kind, weeks = self.cleaned_data["kind"], self.cleaned_data["weeks"]
        return Asked(kind, USUAL_WEEKS[kind] if weeks is None else weeks, self.cleaned_data["clinician"])


@allow(Permission.CHART_READ)
@require_GET
def recall(request: HttpRequest) -> HttpResponse:
    """The list, a page at a time."""
    form = RecallForm(request.GET)
    context: dict[str, Any] = {"section": "patients", "form": form, "kinds": KINDS}
    if not form.is_valid():
        return render(request, "desk/recall.html", context, status=422)
    asked = form.asked()
    page = Paginator(found(asked, member(request)), _PAGE).get_page(request.GET.get("page"))
    shown = entries(list(page.object_list))
    _audit(request, "recall.read", asked, len(shown))
    query = request.GET.copy()
    query.pop("page", None)
    context |= {
        "asked": asked,
        "page": page,
        "entries": shown,
        "query": query.urlencode(),
        "today": timezone.localdate(),
        "what": KINDS[asked.kind].replace("so many", str(asked.weeks)),
    }
    return render(request, "desk/recall.html", context)


@allow(Permission.CHART_READ)
@require_GET
def recall_csv(request: HttpRequest) -> HttpResponse:
    """The whole list as CSV."""
    form = RecallForm(request.GET)
    if not form.is_valid():
        return HttpResponse("Not understood: " + form.errors.as_text(), status=422, content_type="text/plain")
    asked = form.asked()
    keys = found(asked, member(request))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for start in range(0, len(keys), _CHUNK):
        writer.writerows(_line(entry) for entry in entries(keys[start : start + _CHUNK]))
    _audit(request, "recall.exported", asked, len(keys))
    name = f"recall-{asked.kind}-{timezone.localdate().isoformat()}.csv"
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _audit(request: HttpRequest, action: str, asked: Asked, count: int) -> None:
    audit.record(
        member(request),
        action,
        detail={"kind": asked.kind, "weeks": asked.weeks, "patients": count},
        address=audit.address_of(request),
    )


def _line(entry: Entry) -> list[str]:
    patient, course = entry.patient, entry.course
    return [
        _safe(str(value) if value is not None else "")
        for value in (
            patient.family_name,
            patient.given_names,
            patient.birth_date.isoformat(),
            patient.phone,
            patient.email,
            patient.get_contact_display(),
            patient.get_language_display(),
            entry.last_seen,
            entry.seen_by,
            course.title if course else "",
            course.review_on if course else None,
            timezone.localtime(entry.next_at).strftime("%Y-%m-%d %H:%M") if entry.next_at else "",
        )
    ]


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
