"""The first page of everybody who sees patients or receives them."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.who import member
from openomt.care.booking.looking import look
from openomt.care.desk.today import gather


@allow(Permission.TODAY)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The day's patients in order, with what is not ready; who needs an answer."""
    user = member(request)
    day = _day(request.GET.get("day", ""))
    mine = user.is_clinician and request.GET.get("who") != "everyone"
    look(request, "day.read", f"day:{day}:{'mine' if mine else 'everyone'}")
    zone = timezone.get_current_timezone()
    shown = gather(user, day, mine=mine, now=timezone.now(), zone=zone)
    context = {
        "section": "today",
        "shown": shown,
        "day": day,
        "is_today": day == timezone.localdate(),
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1),
        "chooses": user.is_clinician,
        "here": request.get_full_path(),
    }
    return render(request, "desk/today.html", context)


def _day(text: str) -> dt.date:
    """The day that is named; today where it is none, or none that a calendar of ours reaches."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year < 2200 else timezone.localdate()
