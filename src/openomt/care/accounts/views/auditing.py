"""The audit: read, filtered, taken away as CSV, and its chain checked (owner, auditor)."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.forms import AuditFilter
from openomt.care.accounts.models import AuditEvent, AuditSeal
from openomt.care.accounts.who import member

PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = ("number", "at", "person", "action", "patient", "subject", "detail", "address", "hash")


@allow(Permission.AUDIT_READ)
@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """Newest first, a hundred at a time. Reading it stands in it."""
    form = AuditFilter(request.GET)
    if not form.is_valid():
        return _page(request, form, [], status=400)
    _record(request, "audit.read", form)
    return _page(request, form, list(_events(form.cleaned_data)[: PAGE + 1]))


@allow(Permission.AUDIT_READ)
@require_GET
def audit_csv(request: HttpRequest) -> HttpResponseBase:
    """All filtered events, as a file any spreadsheet opens."""
    form = AuditFilter(request.GET)
    if not form.is_valid():
        return _page(request, form, [], status=400)
    _record(request, "audit.export", form)
    # The lines are made after this request's time zone was put away.
    lines = _lines(_events(form.cleaned_data), timezone.get_current_timezone())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@allow(Permission.AUDIT_READ)
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Checks the whole chain and shows what was found; a chain that holds is sealed."""
    count, breaks = audit.verify()
    audit.record(
        member(request),
        "audit.verify",
        detail={"events": count, "breaks": len(breaks)},
        address=audit.address_of(request),
    )
    if not breaks:
        audit.seal()
    known = {
        "count": count,
        "breaks": breaks[:PAGE],
        "more": max(0, len(breaks) - PAGE),
        "seal": AuditSeal.objects.order_by("-pk").first(),
        "section": "audit",
    }
    return render(request, "accounts/audit_verified.html", known)


def _record(request: HttpRequest, action: str, form: AuditFilter) -> None:
    used = [name for name, value in form.cleaned_data.items() if value]
    audit.record(
        member(request),
        action,
        patient_id=form.cleaned_data["patient"],
        detail={"filters": used} if used else {},
        address=audit.address_of(request),
    )


def _events(wanted: dict[str, Any]) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.order_by("-pk")
    if wanted["person"]:
        events = events.filter(actor=wanted["person"])
    if wanted["action"]:
        events = events.filter(action=wanted["action"])
    if wanted["patient"]:
        events = events.filter(patient_id=wanted["patient"])
    if wanted["since"]:
        events = events.filter(at__gte=_midnight(wanted["since"]))
    if wanted["until"]:
        events = events.filter(at__lt=_midnight(wanted["until"] + dt.timedelta(days=1)))
    if wanted["before"]:
        events = events.filter(pk__lt=wanted["before"])
    return events


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class _Line:
    """What the csv module writes to: gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _lines(events: QuerySet[AuditEvent], zone: dt.tzinfo) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(_HEAD)
    for event in events.iterator(chunk_size=2000):
        yield writer.writerow(_safe(_row(event, zone)))


def _row(event: AuditEvent, zone: dt.tzinfo) -> tuple[object, ...]:
    at = event.at.astimezone(zone).isoformat(timespec="seconds")
    detail = "; ".join(f"{name}: {_words(value)}" for name, value in event.detail.items())
    return (
        event.pk,
        at,
        event.actor_name,
        event.action,
        event.patient_id or "",
        event.subject,
        detail,
        event.address,
        event.hash,
    )


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _safe(cells: Iterable[object]) -> list[str]:
    """A spreadsheet runs what begins like a formula: with an apostrophe before it, it is text."""
    return [f"'{text}" if (text := str(cell)).startswith(_FORMULA) else text for cell in cells]


def _page(
    request: HttpRequest, form: AuditFilter, events: list[AuditEvent], status: int = 200
) -> HttpResponse:
    asked = {name: value for name, value in request.GET.items() if value and name != "before"}
    shown, more = events[:PAGE], len(events) > PAGE
    known = {
        "form": form,
        "events": [
            (event, [(name, _words(value)) for name, value in event.detail.items()]) for event in shown
        ],
        "older": urlencode(asked | {"before": str(shown[-1].pk)}) if more else "",
        "newest": urlencode(asked) if request.GET.get("before") else "",
        "query": urlencode(asked),
        "filtered": bool(asked),
        "section": "audit",
    }
    return render(request, "accounts/audit.html", known, status=status)
