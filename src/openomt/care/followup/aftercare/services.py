"""The link to the page after a visit, and which visits have such a page."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from openomt.care.contact.models import Message
from openomt.care.contact.reach import reach
from openomt.care.followup.escalation import DONE
from openomt.care.patients.models import Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope
from openomt.care.visits.models import Visit, VisitRegion


def sheets(patient: Patient) -> QuerySet[Visit]:
    """The patient's signed visits with treatment, the newest first: each has its page and its sheet."""
    treatment = VisitRegion.objects.filter(visit=OuterRef("pk")).exclude(techniques="")
    return Visit.objects.filter(Exists(treatment), patient=patient, state__in=DONE).order_by("-date", "-pk")


def send(visit: Visit) -> Message | None:
    """Sends the link; None where nobody can be reached. Call it inside the transaction that signs the visit."""
    if not reach(visit.patient, guardian=links.answers_for(visit.patient)):
        return None  # and no link is made that nobody gets
    target = reverse("followup_mine_aftercare", args=[visit.uid])
    return links.send(visit.patient, Scope.AFTERCARE, target, template="aftercare")
