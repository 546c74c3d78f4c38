"""Lists of patients that are looked at: an entry in the audit, not more often than every quarter of an hour."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import AuditEvent
from openomt.care.accounts.prepared import Prepared
from openomt.care.accounts.who import member

AGAIN_AFTER = dt.timedelta(minutes=15)


def look(request: HttpRequest, action: str, subject: str) -> None:
    """Keeps that this person looked at a list. A list that is open all day is not an entry for each look."""
    user = member(request)
    if not _recent.rows(timezone.now() - AGAIN_AFTER, user.pk, action, subject):
        audit.record(user, action, subject=subject, address=audit.address_of(request))


@Prepared
def _recent(since: dt.datetime, user: int, action: str, subject: str) -> QuerySet[AuditEvent, Any]:
    found = AuditEvent.objects.filter(at__gt=since, actor=user, action=action, subject=subject)
    return found.order_by().values_list("pk")[:1]
