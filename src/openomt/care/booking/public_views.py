"""Booking by anybody: where the practice is, what kind of visit, which free time, and who comes."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_http_methods, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.access import open_to_all
from openomt.care.accounts.models import Practice
from openomt.care.booking import calendar_file, diary, limits, online, requests, services
from openomt.care.booking.models import AppointmentType, BookingRules
from openomt.care.booking.online import Slot, Wanted
from openomt.care.booking.online_forms import PersonForm, ReasonForm, channels, type_words
from openomt.care.booking.reasons import Told, screened
from openomt.care.portal import birth_date
from openomt.care.portal.access import Scope, Visitor
from openomt.care.portal.birth_date import BirthDate
from openomt.care.words import page_language, say

_WEEK = 7
TRAP = "website"
"""A field that people do not see and programs fill in."""


@open_to_all
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """Where we are, and the kinds of visit. `?kind=` comes from the self-check: that kind first."""
    kind = request.GET.get("kind", "")
    types = online.types() if _may_book(request) else []
    context = {
        "section": "book",
        "places": [(one, _week(one)) for one in online.places()],
        "types": [(one, type_words(one)) for one in sorted(types, key=lambda one: one.kind != kind)],
        "kind": kind if any(one.kind == kind for one in types) else "",
        "patient": patient_of(request),
    }
    return render(request, "booking/public.html", context)


def _week(place: online.Place) -> list[tuple[str, tuple[tuple[dt.time, dt.time], ...]]]:
    return [(str(WEEKDAYS[day]).capitalize(), spans) for day, spans in place.week]


@open_to_all
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """A week of free times for a type, with one clinician or any."""
    type_ = _type(request)
    context = {"section": "book"} | week_of_times(request, type_.minutes)
    context |= {"type": type_, "type_words": type_words(type_), "patient": patient_of(request)}
    return render(request, "booking/times.html", context)


def week_of_times(request: HttpRequest, minutes: int) -> dict[str, Any]:
    """What a page of free times shows: the choice, the days, the weeks before and after."""
    rules = BookingRules.load()
    people, places = diary.clinicians(), list(online.locations())
    who = next((one for one in people if str(one.uid) == request.GET.get("who", "")), None)
    where = next((one for one in places if str(one.uid) == request.GET.get("where", "")), None)
    wanted, today = Wanted(minutes, who, where), timezone.localdate()
    end = online.last_day(rules)
    first = min(max(_day(request.GET.get("from", ""), today), today), end)
    found = online.free(wanted, first, first + dt.timedelta(days=_WEEK - 1), rules)
    later: Slot | None = None
    if not found:
        later = next(iter(online.free(wanted, first, end, rules)), None)
    after = first + dt.timedelta(days=_WEEK)
    return {
        "people": people,
        "all_places": places,
        "who": who,
        "where": where,
        "days": online.by_day(found),
        "many": len({(one.clinician.pk, one.location.pk) for one in found}) > 1,
        "later": later.start if later else None,
        "first": first,
        "before": max(first - dt.timedelta(days=_WEEK), today) if first > today else None,
        "after": after if after <= end else None,
    }


def _day(text: str, otherwise: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return otherwise


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for a visit says. `slot` None: the time is not free; `wanted`, `start`: what it was."""

    type: AppointmentType
    slot: Slot | None
    wanted: Wanted
    start: dt.datetime | None
    form: ReasonForm
    born: BirthDate
    known: Visitor | None


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest) -> HttpResponseBase:
    """Who comes, at the time chosen. A patient who signed in has it at once; anybody else gets a link."""
    asked = _asked(request)
    if request.method != "POST":
        return _ask(request, asked, status=200 if asked.slot else 409)
    if request.POST.get(TRAP):
        return redirect("booking_sent")
    if not asked.form.is_valid() or asked.born.fault:
        return _ask(request, asked, status=422)
    return _do(request, asked, _screened(asked))


def _asked(request: HttpRequest) -> Asked:
    type_, known = _type(request), patient_of(request)
    posted = request.method == "POST"
    said = request.POST if posted else request.GET
    slot, wanted, start = online.find(said.get("at", ""), type_.minutes, BookingRules.load())
    born = birth_date.read(request.POST) if posted and not known else BirthDate()
    given = request.POST if posted else None
    form = ReasonForm(given) if known else PersonForm(given, born=born.value)
    return Asked(type_, slot, wanted, start, form, born, known)


def _screened(asked: Asked) -> Told | None:
    data = asked.form.cleaned_data
    if asked.known:
        patient = asked.known.patient
        return screened(data["reason"], patient.birth_date, patient.sex, page_language())
    return screened(data["reason"], _born(asked), data["sex"], page_language())


def _born(asked: Asked) -> dt.date:
    """The birth date of a form that was found right."""
    if asked.born.value is None:
        raise ValueError("a form without a birth date was taken for right")
    return asked.born.value


def _do(request: HttpRequest, asked: Asked, told: Told | None) -> HttpResponseBase:
    """Books or holds the time; or says why not, and keeps what was typed."""
    if told is not None and request.POST.get("told") != told.urgency:
        return _ask(request, asked, told=told, status=422)
    slot, known = asked.slot, asked.known
    if slot is None:
        return _ask(request, asked, told=told, status=409)
    key = str(known.patient.uid) if known else _address(asked.form).casefold()
    if not limits.allowed(request, "change" if known else "ask", key):
        return _ask(request, asked, told=told, wait=True, status=429)
    try:
        return _book(request, known, asked, slot, told) if known else _hold(request, asked, slot, told)
    except services.TakenError:
        return _ask(request, replace(asked, slot=None), told=told, status=409)
    except services.NeedsReasonError:
        return _ask(request, replace(asked, slot=None), told=told, fault=say("booking.elsewhere"), status=409)


def _address(form: ReasonForm) -> str:
    data = form.cleaned_data
    return str(data["email"] if data["channel"] == "email" else data["phone"])


def _book(
    request: HttpRequest, known: Visitor, asked: Asked, slot: Slot, told: Told | None
) -> HttpResponseBase:
    made = services.book(
        known,
        known.patient,
        slot.clinician,
        slot.location,
        asked.type,
        slot.start,
        reason=asked.form.cleaned_data["reason"],
        told=told,
        address=audit.address_of(request),
    )
    messages.success(request, say("booking.booked"))
    if known.target:  # a link to one visit opens no other
        return redirect("booking_mine")
    return redirect("booking_mine_one", uid=made.uid)


def _hold(request: HttpRequest, asked: Asked, slot: Slot, told: Told | None) -> HttpResponseBase:
    person = requests.Person(birth_date=_born(asked), **asked.form.cleaned_data)
    if not requests.ask(
        slot, asked.type, person, told.urgency if told else "", address=audit.address_of(request)
    ):
        raise Http404  # no way to send was offered, and yet one was asked for
    return redirect("booking_sent")


def _ask(  # noqa: PLR0913  (a form, what is wrong, and what else there is)
    request: HttpRequest,
    asked: Asked,
    *,
    told: Told | None = None,
    wait: bool = False,
    fault: str = "",
    status: int,
) -> HttpResponse:
    """The form again, with all that was typed; and where the time is gone, the nearest that are free."""
    rules = BookingRules.load()
    near = [] if asked.slot else online.nearest(asked.wanted, asked.start, rules)
    context = {
        "section": "book",
        "type": asked.type,
        "type_words": type_words(asked.type),
        "slot": asked.slot,
        "near": near,
        "form": asked.form,
        "born": asked.born,
        "told": told,
        "wait": wait,
        "fault": fault,
        "patient": asked.known,
        "may_book": asked.known is not None or bool(channels()),
        "minutes": rules.hold_minutes,
        "trap": TRAP,
    }
    return render(request, "booking/visit.html", context, status=status)


@open_to_all
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same words for everybody, also for a program that walked into the trap."""
    context = {"section": "book", "minutes": BookingRules.load().hold_minutes}
    return render(request, "booking/sent.html", context)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking confirms nothing: programs of mail servers open links too. The button does."""
    if not limits.allowed(request, "confirm"):
        return render(request, "portal/wait.html", status=429)
    if request.method == "POST":
        requests.confirm(token, address=audit.address_of(request))
        return redirect("booking_confirm", token=token)
    row = requests.of_token(token)
    if row is None or (row.appointment is not None and row.appointment.start < timezone.now()):
        return render(request, "booking/over.html", {"section": "book"}, status=410)
    context = {
        "section": "book",
        "token": token,
        "done": row.appointment is not None,
        "one": row.appointment or row.hold,
    }
    return render(request, "booking/confirm.html", context)


@open_to_all
@require_safe
def confirm_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file of a visit that was confirmed by its link."""
    if not limits.allowed(request, "confirm"):
        return render(request, "portal/wait.html", status=429)
    row = requests.of_token(token)
    if row is None or row.appointment is None:
        raise Http404
    return calendar_response(calendar_file.calendar_file(row.appointment, Practice.load().name))


def calendar_response(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=calendar_file.MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def patient_of(request: HttpRequest) -> Visitor | None:
    """The patient who may book at once."""
    found: Visitor | None = getattr(request, "visitor", None)
    return found if found is not None and found.scope in {Scope.ALL, Scope.BOOKING} else None


def _may_book(request: HttpRequest) -> bool:
    return patient_of(request) is not None or BookingRules.load().new_patients


def _type(request: HttpRequest) -> AppointmentType:
    try:
        uid = uuid.UUID(request.GET.get("type", ""))
    except ValueError:
        raise Http404 from None
    found = next((one for one in online.types() if one.uid == uid), None)
    if found is None or not _may_book(request):
        raise Http404
    return found
