"""The first page of everybody who sees patients or receives them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import User
from openomt.care.accounts.who import member
from openomt.care.booking.cached_html import CSRF, join
from openomt.care.booking.looking import look
from openomt.care.desk.today import Gap, Row, gather
from openomt.care.followup.inbox import cards

_SHOWN = (Permission.CHART_READ, Permission.VISIT_WRITE, Permission.SCHEDULE_WRITE)
"""What a row looks different by."""


@allow(Permission.TODAY)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The day's patients in order, with what is not ready; who needs an answer."""
    user = member(request)
    day = _day(request.GET.get("day", ""))
    mine = user.is_clinician and request.GET.get("who") != "everyone"
    look(request, "day.read", f"day:{day}:{'mine' if mine else 'everyone'}")
    shown = gather(user, day, mine=mine, now=timezone.now(), zone=timezone.get_current_timezone())
    here = request.get_full_path()
    may = _may(user)
    context = {
        "section": "today",
        "shown": shown,
        "list": join(request, (_line(line, may, here, mine=mine) for line in shown.lines)),
        "cards": cards(request, list(shown.tasks)),
        "day": day,
        "is_today": day == timezone.localdate(),
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1),
        "chooses": user.is_clinician,
        "here": here,
    }
    return render(request, "desk/today.html", context)


def _may(user: User) -> frozenset[str]:
    return frozenset(one.name for one in _SHOWN if user.may(one))


@lru_cache(maxsize=2048)
def _line(line: Row | Gap, may: frozenset[str], here: str, *, mine: bool) -> str:
    name = "desk/today_row.html" if isinstance(line, Row) else "desk/today_gap.html"
    context = {"row": line, "may": dict.fromkeys(may, True), "mine": mine, "here": here, "csrf": CSRF}
    return render_to_string(name, context)


def _day(text: str) -> dt.date:
    """The day that is named; today where it is none, or none that a calendar of ours reaches."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year < 2200 else timezone.localdate()
