"""A member asks: the page and the panel of a visit, the link, the tablet, and what the patient answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice
from openomt.care.agree import door, services
from openomt.care.agree.models import Agreement, Asking
from openomt.care.agree.plan import choices, usual
from openomt.care.agree.printing import agreement_pdf
from openomt.care.agree.telling import differences, lines_of
from openomt.care.contact.reach import reach
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.days import age
from openomt.care.portal import links
from openomt.care.portal.staff_views import to_patient
from openomt.care.visits.drafts import draft_from
from openomt.care.visits.models import Visit
from openomt.care.visits.printing.views import pdf_answer
from openomt.medicine.safety.screen import screen


@allow(Permission.VISIT_READ)
@require_GET
def page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Choose what the patient is asked, and see all that was answered."""
    visit = _visit(uid)
    open_chart(request, visit.patient.uid, "agreement.read", subject=f"visit:{visit.uid}")
    agreements = Agreement.objects.select_related("guardian", "asking").filter(visit=visit)
    known = _state(request, visit) | {
        "section": "patients",
        "age": age(visit.patient.birth_date, timezone.localdate()),
        "signed": [(one, lines_of(one)) for one in agreements],
    }
    return render(request, "agree/page.html", known)


@allow(Permission.VISIT_WRITE)
@require_GET
def panel(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How far the patient is, for the visit's page, which asks again and again (opening that page is audited).

    `seen`: the agreement the page knows. A newer one makes the page take in what the patient signed.
    """
    visit = _visit(uid)
    chart_to_change(request, visit.patient.uid)
    return _panel(request, visit)


def _panel(request: HttpRequest, visit: Visit, note: str = "") -> HttpResponse:
    known = _state(request, visit, advice=False) | {"note": note}
    answer = render(request, "agree/_panel.html", known)
    seen = request.GET.get("seen")
    if seen is not None and seen != known["seen"]:
        answer["HX-Trigger"] = "openomt:refresh"
    return answer


def _state(request: HttpRequest, visit: Visit, *, advice: bool = True) -> dict[str, Any]:
    """What the page and the panel show."""
    newest = services.newest(visit)
    draft = draft_from(visit.draft)
    found = choices(visit, advice=advice) if visit.state == Visit.State.DRAFT else ()
    asked = services.open_asking(visit)
    answered = {one["code"] for one in newest.techniques} if newest else set()
    waiting = set(asked.techniques) if asked and asked.signed_at is None else set()
    return {
        "visit": visit,
        "patient": visit.patient,
        "may_ask": visit.state == Visit.State.DRAFT and member(request).may(Permission.VISIT_WRITE),
        "choices": found,
        "usual": usual(found),
        "asked": asked,
        "newest": newest,
        "lines": lines_of(newest) if newest else (),
        "seen": str(newest.pk) if newest else "0",
        "differ": differences(draft, newest) if newest else (),
        "not_asked": [one for one in found if one.charted and one.code not in answered | waiting]
        if answered | waiting
        else [],
        "danger": bool(asked and asked.wants_to_talk and screen(text=asked.talk).urgency),
        "reach": reach(visit.patient, guardian=links.answers_for(visit.patient)),
    }


@allow(Permission.VISIT_WRITE)
@require_POST
def ask(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Asks about the techniques chosen (`technique`; none: what is charted), by a link or on this `tablet`."""
    visit = _visit(uid)
    patient = chart_to_change(request, visit.patient.uid)
    chosen = request.POST.getlist("technique") or list(usual(choices(visit)))
    try:
        asking = services.ask(
            member(request),
            visit,
            chosen,
            interpreter=request.POST.get("interpreter", ""),
            address=audit.address_of(request),
        )
    except services.AskError as error:
        return _asked(request, visit, messages.ERROR, str(error))
    if request.POST.get("where") == "tablet":
        return to_patient(request, patient, door.offer_of(asking))
    return _asked(request, visit, *_send(request, asking))


def _asked(request: HttpRequest, visit: Visit, level: int, note: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _panel(request, visit, note)
    messages.add_message(request, level, note)
    return redirect("agree_page", visit.uid)


def _send(request: HttpRequest, asking: Asking) -> tuple[int, str]:
    """Sends the link, though it be a quiet hour: the patient is here. Never to one who wants no messages."""
    patient = asking.visit.patient
    to = reach(patient, guardian=links.answers_for(patient))
    sent = services.send(member(request), asking) if to else None
    if sent is None:
        return messages.ERROR, f"Nothing was sent. {to.why_not} Ask on this tablet instead."
    return messages.SUCCESS, f"The link goes to {sent.address} by {sent.get_channel_display().lower()}."


@allow(Permission.VISIT_WRITE)
@require_POST
def end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Asks no more."""
    visit = _visit(uid)
    chart_to_change(request, visit.patient.uid)
    asked = services.open_asking(visit)
    if asked is not None:
        services.take_back(member(request), asked, address=audit.address_of(request))
    return redirect("agree_page", visit.uid)


@allow(Permission.VISIT_WRITE)
@require_POST
def talked(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The patient's questions were talked over."""
    visit = _visit(uid)
    chart_to_change(request, visit.patient.uid)
    asked = services.open_asking(visit)
    if asked is not None:
        services.talked(member(request), asked, address=audit.address_of(request))
    if request.headers.get("HX-Request"):
        return _panel(request, visit)
    return redirect("agree_page", visit.uid)


@allow(Permission.VISIT_READ)
@require_GET
def pdf(request: HttpRequest, uid: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
    """What the patient signed, as they have it."""
    visit = _visit(uid)
    open_chart(request, visit.patient.uid, "agreement.print", subject=f"visit:{visit.uid}")
    found = (
        Agreement.objects.select_related("guardian", "supersedes", "visit")
        .filter(uid=agreement, visit=visit)
        .first()
    )
    if found is None:
        raise Http404
    return pdf_answer(agreement_pdf(found, Practice.load()), f"agreement-{visit.date}")


def _visit(uid: uuid.UUID) -> Visit:
    found = Visit.objects.select_related("patient", "clinician", "location").filter(uid=uid).first()
    if found is None:
        raise Http404
    return found
