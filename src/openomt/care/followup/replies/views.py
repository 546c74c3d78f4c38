"""The page on which a patient reads what the practice wrote."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from openomt.care.followup.models import Reply
from openomt.care.followup.replies import services
from openomt.care.portal.access import Scope, for_patients, visitor


@for_patients(Scope.CHECKIN)
@require_GET
def mine_reply(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One reply, to its patient alone."""
    who = visitor(request)
    found = Reply.objects.select_related("by", "task").filter(patient=who.patient)
    reply = get_object_or_404(found, uid=uid)
    services.read(who, reply)
    return render(request, "followup/mine_reply.html", {"reply": reply})
