"""Any two visits of a patient, side by side."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice
from openomt.care.desk.bar import bar
from openomt.care.desk.compare import compare as compared
from openomt.care.desk.compare import side
from openomt.care.patients.charts import member, open_chart
from openomt.care.patients.models import Patient
from openomt.care.visits.models import Visit


@allow(Permission.CHART_READ)
@require_GET
def compare(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The visits `a` and `b`; where they are not named, the last two."""
    patient = open_chart(request, uid, "chart.read", subject="compare")
    visits = list(_visits(patient))
    context = {"section": "patients", "bar": bar(patient), "patient": patient, "visits": visits}
    if len(visits) > 1:
        first, second = _chosen(request, visits)
        cpt = Practice.load().shows_cpt
        context["both"] = compared(side(first, cpt=cpt), side(second, cpt=cpt))
        audit.record(
            member(request),
            "visits.compared",
            patient_id=patient.pk,
            subject=f"visits:{first.number},{second.number}",
            address=audit.address_of(request),
        )
    return render(request, "desk/compare.html", context)


def _visits(patient: Patient) -> QuerySet[Visit]:
    return (
        Visit.objects.filter(patient=patient)
        .exclude(state=Visit.State.ABANDONED)
        .select_related("signed", "clinician")
        .defer("signed__document", "signed__note", "draft")
        .order_by("-number")
    )


def _chosen(request: HttpRequest, visits: Sequence[Visit]) -> tuple[Visit, Visit]:
    by_uid = {str(visit.uid): visit for visit in visits}
    asked = [request.GET.get(name, "") for name in ("a", "b")]
    if any(one and one not in by_uid for one in asked):
        messages.warning(request, "There is no such visit of this patient. The last ones are shown instead.")
    first, second = (by_uid.get(one) for one in asked)
    second = second or next(visit for visit in visits if visit is not first)
    first = first or next(visit for visit in visits if visit is not second)
    return first, second
