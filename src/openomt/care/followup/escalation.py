"""A task nobody answers in time goes on to the next person, until one answers or everybody had it.

The order: the clinician who treated, then the other clinicians, then everybody else who may answer patients, by name.
How long each has after the deadline is a product choice, for a physician to confirm: the research names none.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.contact.jobs import enqueue, job
from openomt.care.contact.models import Job
from openomt.care.contact.services import send_to_member
from openomt.care.followup.models import Task, TaskEvent
from openomt.care.visits.models import Visit

DONE = (Visit.State.SIGNED, Visit.State.AWAITING)
EACH_HAS = {
    Task.Urgency.EMERGENCY: dt.timedelta(minutes=15),
    Task.Urgency.SAME_DAY: dt.timedelta(hours=1),
    Task.Urgency.CALL: dt.timedelta(hours=8),
    Task.Urgency.ROUTINE: dt.timedelta(hours=24),
}
"""How long the next person has before it goes on again."""
_ASKS = (TaskEvent.Kind.OPENED, TaskEvent.Kind.RAISED)
_ANSWERS = (TaskEvent.Kind.CALLED, TaskEvent.Kind.REPLIED)


def answerers() -> list[User]:
    """Everybody who may answer patients, by name."""
    people = User.objects.filter(is_active=True).order_by("name", "pk").prefetch_related("grants")
    return [one for one in people if one.may(Permission.TASK_WRITE)]


def first_owner(visit: Visit | None) -> User | None:
    """The clinician who treated, where they may still answer; else nobody: an alarm on everybody's list."""
    if visit is None:
        return None
    who = visit.clinician
    return who if who.is_active and who.may(Permission.TASK_WRITE) else None


def order(task: Task) -> list[User]:
    """Everybody who may answer, in the order in which they are asked."""
    treated = task.visit.clinician_id if task.visit else None
    return sorted(answerers(), key=lambda one: (one.pk != treated, not one.is_clinician))


def plan(task: Task, now: dt.datetime) -> None:
    """Asks the next person at the deadline; an emergency is due at once, so its owner has a quarter of an hour."""
    at = task.due_at
    if at <= now or task.escalations:
        at = max(at, now + EACH_HAS[Task.Urgency(task.urgency)])
    # The moment is in the key: a task that became more urgent is looked at earlier, too.
    key = f"escalate:{task.uid}:{task.escalations}:{int(at.timestamp())}"
    enqueue("followup.escalate", key, {"task": str(task.uid), "step": task.escalations}, run_after=at)


@job("followup.escalate")
def escalate(payload: dict[str, Any], job: Job) -> None:
    """Gives the task to the next person, unless somebody answered the patient, or it went on already."""
    now = job.done_at or job.run_after
    task = Task.objects.select_for_update().get(uid=payload["task"])
    if task.closed_at or task.answered_at or task.escalations != payload["step"] or task.due_at > now:
        return
    had = set(task.events.exclude(to=None).values_list("to", flat=True)) | {task.owner_id}
    following = next((one for one in order(task) if one.pk not in had), None)
    if following is None:
        return  # everybody had it: it stays with its owner, on top of every list, late
    task.owner = following
    task.escalations += 1
    task.save(update_fields=["owner", "escalations"])
    TaskEvent.objects.create(task=task, kind=TaskEvent.Kind.ESCALATED, at=now, to=following)
    plan(task, now)
    _tell(following, task)
    audit.record(None, "task.escalated", patient_id=task.patient_id, subject=f"task:{task.uid}")


def _tell(member: User, task: Task) -> None:
    """One message for each time it goes on, which names nobody: the page behind its link asks who reads it."""
    since = waiting_since(task)
    send_to_member(
        member,
        "task_waits",
        key=f"escalated:{task.uid}:{task.escalations}",
        link=f"{settings.SITE_ADDRESS}{reverse('answers')}",
        values={"day": since, "time": since},
    )


def waiting_since(task: Task) -> dt.datetime:
    """When the patient first said what nobody has answered yet."""
    answered = task.events.filter(kind__in=_ANSWERS).order_by("-pk").values_list("pk", flat=True).first()
    asked = task.events.filter(kind__in=_ASKS, pk__gt=answered or 0)
    return asked.order_by("pk").values_list("at", flat=True).first() or task.opened_at
