"""The cards of one visit, to read from beside the table or to print."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice
from openomt.care.patients.charts import open_chart
from openomt.care.visits.around import around
from openomt.care.visits.documents import signed_document
from openomt.care.visits.drafts import draft_from, value
from openomt.care.visits.judging import judge
from openomt.care.visits.models import Visit
from openomt.care.visits.rule_settings import settings_of
from openomt.care.visits.treatment_card.cards import Deck, deck


@allow(Permission.VISIT_READ)
@require_GET
def treatment_card(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A card for each technique of the visit; `?big=1` in large type."""
    visit = Visit.objects.select_related("patient", "clinician", "location").filter(uid=uid).first()
    if visit is None:
        raise Http404
    open_chart(request, visit.patient.uid, "visit.card", subject=f"visit:{visit.uid}")
    context = {
        "section": "patients",
        "visit": visit,
        "patient": visit.patient,
        "deck": _deck(visit),
        "big": request.GET.get("big") == "1",
    }
    return render(request, "visits/treatment_card/page.html", context)


def _deck(visit: Visit) -> Deck:
    if visit.state in (Visit.State.SIGNED, Visit.State.AWAITING):
        return deck(signed_document(visit).value)
    draft = draft_from(visit.draft)
    surroundings = around(visit, cpt=Practice.load().shows_cpt, settings=settings_of())
    told = value(draft, surroundings.circumstances)
    return deck(told, alerts=judge(told, draft, surroundings))
