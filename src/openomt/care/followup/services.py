"""Everything that changes a task. One transaction each, with its entry in the audit."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.followup.deadlines import deadline
from openomt.care.followup.models import Task
from openomt.care.patients.models import Patient
from openomt.care.visits.models import Visit


class TaskError(Exception):
    """What was asked cannot be done; the message says why, for a person."""


@transaction.atomic
def open_task(  # noqa: PLR0913  (what a task is)
    user: User | None,
    patient: Patient,
    urgency: str,
    title: str,
    *,
    words: str = "",
    origin: str = "",
    visit: Visit | None = None,
    owner: User | None = None,
    due_at: dt.datetime | None = None,
    address: str = "",
) -> Task:
    """Opens a task. Without `due_at` the knowledge says by when; NoDeadlineError where it says nothing.

    `user` None: the system opened it. Raises TaskError for an empty title, or an owner who may not answer.
    """
    if not title.strip():
        raise TaskError("Say in a few words what needs an answer.")
    if owner is not None:
        _check_owner(owner)
    now = timezone.now()
    task = Task.objects.create(
        patient=patient,
        visit=visit,
        urgency=urgency,
        title=title.strip(),
        words=words.strip(),
        origin=origin.strip(),
        owner=owner,
        opened_at=now,
        due_at=due_at or deadline(urgency, now),
    )
    _record(user, "task.opened", task, address)
    return task


@transaction.atomic
def take(user: User, task: Task, *, address: str = "") -> Task:
    """Makes it this person's. Raises TaskError where somebody else has it already: they hand it over."""
    now = _open_one(task)
    if now.owner_id == user.pk:
        return now
    if now.owner is not None:
        raise TaskError(f"{now.owner} has it already. Ask them to hand it over.")
    return _give(user, now, user, "task.taken", address)


@transaction.atomic
def hand_over(user: User, task: Task, to: User, *, address: str = "") -> Task:
    """Makes it another person's. Raises TaskError for somebody who may not answer patients."""
    now = _open_one(task)
    _check_owner(to)
    if now.owner_id == to.pk:
        return now
    return _give(user, now, to, "task.handed_over", address)


@transaction.atomic
def close(user: User, task: Task, outcome: str, *, address: str = "") -> Task:
    """Closes it with what came of it. Raises TaskError without words, or where it is closed."""
    now = _open_one(task)
    if not outcome.strip():
        raise TaskError("Say in a few words what came of it.")
    now.outcome, now.closed_by, now.closed_at = outcome.strip(), user, timezone.now()
    now.save(update_fields=["outcome", "closed_by", "closed_at"])
    _record(user, "task.closed", now, address)
    return now


def answerers() -> list[User]:
    """Everybody who may answer patients, by name."""
    people = User.objects.filter(is_active=True).prefetch_related("grants")
    return [one for one in people if one.may(Permission.TASK_WRITE)]


def _open_one(task: Task) -> Task:
    """The task as it is now, held until the transaction ends. Raises TaskError where it is closed."""
    # No join: what PostgreSQL joins to a row that it waited for is as it was before the wait.
    now = Task.objects.select_for_update().get(pk=task.pk)
    if now.closed_at is not None:
        raise TaskError("It is closed. Open a new one if there is more to do.")
    return now


def _give(user: User, task: Task, to: User, action: str, address: str) -> Task:
    task.owner = to
    task.save(update_fields=["owner"])
    _record(user, action, task, address)
    return task


def _check_owner(owner: User) -> None:
    if not owner.may(Permission.TASK_WRITE):
        raise TaskError(f"{owner} does not answer patients.")


def _record(user: User | None, action: str, task: Task, address: str) -> None:
    audit.record(user, action, patient_id=task.patient_id, subject=f"task:{task.uid}", address=address)
