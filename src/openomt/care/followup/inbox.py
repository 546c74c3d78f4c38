"""Who needs an answer, oldest clock first, as a list shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openomt.care.accounts.models import User
from openomt.care.booking.cached_html import CSRF, join
from openomt.care.booking.privacy import closed_to
from openomt.care.followup import clock
from openomt.care.followup.models import Task
from openomt.care.patients.days import age
from openomt.care.times import spoken_time

AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task with its clock, as this person may see it.

    closed   the chart is restricted: title, words, origin and outcome are left out
    owner    empty: nobody; `mine`: this person
    escalated  how often it went on to the next person; `answered`: somebody called or wrote already
    over     the day it was closed; `over_at` the time, `over_by` by whom
    """

    uid: str
    patient: str
    age: str
    urgency: str
    clock: clock.Clock
    owner: str
    mine: bool
    closed: bool
    title: str = ""
    words: str = ""
    origin: str = ""
    escalated: int = 0
    answered: bool = False
    danger: bool = False
    over: str = ""
    over_at: str = ""
    over_by: str = ""
    outcome: str = ""


def open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(closed_at=None).select_related("patient", "owner").order_by("due_at", "pk")


def waiting(user: User, tasks: Iterable[Task], now: dt.datetime, zone: dt.tzinfo) -> list[Waiting]:
    """The tasks as this person may see them; two queries where a chart is restricted."""
    found = list(tasks)
    shut = closed_to(user, ((task.patient_id, task.patient.restricted) for task in found))
    today = now.astimezone(zone).date()
    return [_waiting(task, user, now, zone, today, closed=task.patient_id in shut) for task in found]


def _waiting(  # noqa: PLR0913  (a task, and who looks at it when)
    task: Task, user: User, now: dt.datetime, zone: dt.tzinfo, today: dt.date, *, closed: bool
) -> Waiting:
    told = (
        {}
        if closed
        else {"title": task.title, "words": task.words, "origin": task.origin, "outcome": task.outcome}
    )
    return Waiting(
        uid=str(task.uid),
        patient=task.patient.name,
        age=age_and_sex(task.patient.birth_date, task.patient.sex, today),
        urgency=task.urgency,
        clock=clock.read(task.opened_at, task.due_at, now, zone),
        owner=str(task.owner) if task.owner else "",
        mine=task.owner_id == user.pk,
        closed=closed,
        escalated=task.escalations,
        answered=task.answered_at is not None,
        danger=task.danger,
        **_end(task, zone),
        **told,
    )


def _end(task: Task, zone: dt.tzinfo) -> dict[str, str]:
    if task.closed_at is None:
        return {}
    local = task.closed_at.astimezone(zone)
    return {
        "over": f"{local.day} {local:%b %Y}",
        "over_at": spoken_time(local),
        "over_by": str(task.closed_by or "The program"),
    }


def age_and_sex(born: dt.date, sex: str, today: dt.date) -> str:
    """`47 F`, `5 mo M`: as it stands beside a name."""
    words = age(born, today).removesuffix(" y").replace(" months", " mo").replace(" weeks", " wk")
    letter = {"female": " F", "male": " M"}.get(sex, "")
    return f"{words}{letter}"


def cards(request: HttpRequest, tasks: list[Waiting]) -> SafeString:
    """The tasks as a page shows them."""
    here = request.get_full_path()
    return join(request, (_card(one, here) for one in tasks))


@lru_cache(maxsize=1024)
def _card(one: Waiting, here: str) -> str:
    return render_to_string("followup/_task.html", {"one": one, "here": here, "csrf": CSRF})
