"""Who needs an answer, oldest clock first, as a list shows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from openomt.care.accounts.models import User
from openomt.care.booking.privacy import closed_to
from openomt.care.followup import clock
from openomt.care.followup.models import Task
from openomt.care.patients.days import age

AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task with its clock. `closed`: the chart is restricted, and its words are not for this person.

    `age` is age and sex, short.
    """

    task: Task
    clock: clock.Clock
    closed: bool
    mine: bool
    age: str


def open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(closed_at=None).select_related("patient", "owner").order_by("due_at", "pk")


def waiting(
    user: User, tasks: QuerySet[Task], now: dt.datetime, zone: dt.tzinfo, at_most: int = AT_MOST
) -> list[Waiting]:
    """The tasks as this person may see them, by one query, and two more where a chart is restricted."""
    found = list(tasks[:at_most])
    shut = closed_to(user, (task.patient for task in found))
    today = now.astimezone(zone).date()
    return [
        Waiting(
            task=task,
            clock=clock.read(task.opened_at, task.due_at, now, zone),
            closed=task.patient_id in shut,
            mine=task.owner_id == user.pk,
            age=age_and_sex(task.patient.birth_date, task.patient.sex, today),
        )
        for task in found
    ]


def age_and_sex(born: dt.date, sex: str, today: dt.date) -> str:
    """`47 F`, `5 mo M`: as it stands beside a name."""
    words = age(born, today).removesuffix(" y").replace(" months", " mo").replace(" weeks", " wk")
    letter = {"female": " F", "male": " M"}.get(sex, "")
    return f"{words}{letter}"
