"""Staff at the patient's door: send a private link, end one, hand the practice's tablet to the patient."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.contact.reach import reach
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.days import age
from openomt.care.patients.models import Patient
from openomt.care.portal import doors, links, services, sessions
from openomt.care.portal.doors import Offer
from openomt.care.portal.language import forget


@allow(Permission.TASK_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What can be opened for the patient, by a link that is sent or on the tablet; and the links that still open."""
    if request.method == "POST":
        return _send(request, chart_to_change(request, uid))
    patient = open_chart(request, uid, "door.read")
    values = {
        "patient": patient,
        "offers": doors.offers(patient),
        "links": links.standing_of(patient),
        "reach": reach(patient, guardian=links.answers_for(patient)),
        "age": age(patient.birth_date, timezone.localdate()),
        "section": "patients",
    }
    return render(request, "portal/door.html", values)


def _send(request: HttpRequest, patient: Patient) -> HttpResponse:
    offer = _offer(request, patient)
    sent = links.send(patient, offer.door.scope, offer.target, by=member(request))
    if sent is None:
        why = reach(patient, guardian=links.answers_for(patient)).why_not
        messages.error(request, f"Nothing was sent. {why}")
    else:
        messages.success(request, f"The link goes to {sent.address} by {sent.get_channel_display().lower()}.")
    return redirect("portal_door", patient.uid)


@allow(Permission.TASK_WRITE)
@require_POST
def door_end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ends a link: it opens nothing any more, and whoever came in by it is out."""
    patient = chart_to_change(request, uid)
    try:
        found = services.end_link(member(request), patient, uuid.UUID(request.POST.get("link", "")))
    except ValueError:
        found = False
    if not found:
        messages.error(request, "That link had ended already.")
    return redirect("portal_door", patient.uid)


@allow(Permission.TASK_WRITE)
@require_POST
def hand_over(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The member is signed out here, and the patient may open this one page."""
    patient = chart_to_change(request, uid)
    offer = _offer(request, patient)
    if not offer.door.on_tablet:
        raise Http404
    return to_patient(request, patient, offer)


def to_patient(request: HttpRequest, patient: Patient, offer: Offer) -> HttpResponse:
    """Makes this browser the patient's for one page, and goes there. Whoever calls it has opened the chart."""
    audit.record(
        member(request),
        "tablet.hand_over",
        patient_id=patient.pk,
        detail={"scope": offer.door.scope.value},
        address=audit.address_of(request),
    )
    sessions.begin(
        request,
        patient,
        offer.door.scope,
        how="tablet",
        guardian=links.answers_for(patient),
        target=offer.target,
    )
    response = redirect(offer.target)
    forget(response)
    return response


def _offer(request: HttpRequest, patient: Patient) -> Offer:
    found = doors.offer(patient, request.POST.get("door", ""))
    if found is None:
        raise Http404
    return found
