"""Everything that changes a task. One transaction each, with its entry in the audit and in the task's history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.followup import escalation
from openomt.care.followup.deadlines import answer_by, deadline
from openomt.care.followup.models import CheckIn, Task, TaskEvent
from openomt.care.intake.models import Intake
from openomt.care.patients.facts import known
from openomt.care.patients.models import Patient
from openomt.care.portal.access import Visitor
from openomt.care.visits.models import Visit
from openomt.care.words import page_language, say
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_values import Screening
from openomt.medicine.triage import holds_danger

Kind = TaskEvent.Kind
MOST_WORDS = 4000
"""Characters of the patient's own words that are kept."""
_URGENCY = {"E": Task.Urgency.EMERGENCY, "U": Task.Urgency.SAME_DAY, "S": Task.Urgency.CALL}


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
    source: str = Task.Source.STAFF,
    check_in: CheckIn | None = None,
    intake: Intake | None = None,
    told: Sequence[str] = (),
    danger: bool = False,
    now: dt.datetime | None = None,
) -> Task:
    """Opens a task. Without `due_at` the knowledge says by when; NoDeadlineError where it says nothing.

    user     None: the program opened it, or a patient
    danger   it holds an answer that is a danger; words of danger are found anyway
    Raises TaskError for an empty title, or an owner who may not answer.
    """
    if not title.strip():
        raise TaskError("Say in a few words what needs an answer.")
    if owner is not None:
        _check_owner(owner)
    now = now or timezone.now()
    task = Task.objects.create(
        patient=patient,
        visit=visit,
        check_in=check_in,
        intake=intake,
        source=source,
        urgency=urgency,
        title=title.strip()[:200],
        words=words.strip()[:MOST_WORDS],
        origin=origin.strip(),
        danger=danger or holds_danger(words),
        told=list(told),
        owner=owner,
        opened_at=now,
        due_at=due_at or deadline(urgency, now),
    )
    keep_event(task, Kind.OPENED, user, now=now, to=owner)
    escalation.plan(task, now)
    _record(user, "task.opened", task, address)
    return task


@transaction.atomic
def raise_task(  # noqa: PLR0913  (what changed)
    task: Task,
    urgency: str,
    title: str,
    words: str,
    told: Sequence[str],
    *,
    danger: bool,
    now: dt.datetime,
    due_at: dt.datetime | None = None,
    origin: str = "",
) -> Task:
    """The patient said more. Never less urgent than before, never due later; whoever has it answers anew.

    `origin`: where it comes from now, where that says what to do; its title then stands for all that was said.
    """
    held = _open_one(task)
    order = [one.value for one in Task.Urgency]
    more_urgent = order.index(urgency) < order.index(held.urgency)
    if more_urgent:
        held.urgency, held.origin = urgency, origin or held.origin
    if more_urgent or origin:
        held.title = title[:200]
    if more_urgent or due_at is not None:
        held.due_at = min(held.due_at, due_at or deadline(urgency, now))
    held.told = list(told) or held.told
    held.words = words.strip()[:MOST_WORDS]
    held.danger = held.danger or danger or holds_danger(words)
    held.answered_at = None
    held.save()
    keep_event(held, Kind.RAISED, None, now=now, words=words.strip()[:MOST_WORDS])
    escalation.plan(held, now)
    _record(None, "task.raised", held, "")
    return held


@transaction.atomic
def take(user: User, task: Task, *, address: str = "") -> Task:
    """Makes it this person's. Raises TaskError where somebody else has it already: they hand it over."""
    now = _open_one(task)
    if now.owner_id == user.pk:
        return now
    if now.owner is not None:
        raise TaskError(f"{now.owner} has it already. Ask them to hand it over.")
    return _give(user, now, user, Kind.TAKEN, address)


@transaction.atomic
def hand_over(user: User, task: Task, to: User, *, address: str = "") -> Task:
    """Makes it another person's. Raises TaskError for somebody who may not answer patients."""
    now = _open_one(task)
    _check_owner(to)
    if now.owner_id == to.pk:
        return now
    return _give(user, now, to, Kind.HANDED_OVER, address)


@transaction.atomic
def called(user: User, task: Task, words: str, *, reached: bool, address: str = "") -> Task:
    """Keeps that somebody called, and what was said. Only a call that reached the patient answers the task."""
    now = _open_one(task)
    if not words.strip():
        raise TaskError("Say in a few words what was said, or that nobody answered.")
    if reached:
        now.answered_at = timezone.now()
        now.save(update_fields=["answered_at"])
    keep_event(now, Kind.CALLED if reached else Kind.NOTE, user, words=words.strip())
    _record(user, "task.called" if reached else "task.note", now, address)
    return now


@transaction.atomic
def close(user: User, task: Task, outcome: str, *, address: str = "") -> Task:
    """Closes it with what came of it. Raises TaskError without words, or where it is closed."""
    now = _open_one(task)
    if not outcome.strip():
        raise TaskError("Say in a few words what came of it.")
    now.outcome, now.closed_by, now.closed_at = outcome.strip(), user, timezone.now()
    now.save(update_fields=["outcome", "closed_by", "closed_at"])
    keep_event(now, Kind.CLOSED, user, words=now.outcome)
    _record(user, "task.closed", now, address)
    return now


@transaction.atomic
def close_by_itself(task: Task, outcome: str, now: dt.datetime) -> bool:
    """Closes a task that became needless. Never one with a danger in it, or one that somebody has begun."""
    held = Task.objects.select_for_update().get(pk=task.pk)
    begun = held.events.exclude(kind__in=(Kind.OPENED, Kind.ESCALATED)).exists()
    if held.closed_at is not None or held.danger or begun:
        return False
    held.outcome, held.closed_at = outcome, now
    held.save(update_fields=["outcome", "closed_at"])
    keep_event(held, Kind.CLOSED, None, now=now, words=outcome)
    _record(None, "task.closed", held, "")
    return True


@transaction.atomic
def ask(patient: Patient, visitor_by: Visitor, words: str, *, visit: Visit | None = None) -> Task:
    """A message from a patient or guardian to the practice, as a task.

    `task.told` is what the patient is told now, line by line: where the words hold a danger, the first says what to
    do. Raises TaskError where nothing was written.
    """
    words = words.strip()
    if not words:
        raise TaskError(say("followup.ask_empty"))
    language, now = page_language(), timezone.now()
    seen = screen(text=words, patient=known(patient, timezone.localdate()), language=language)
    urgency = _URGENCY.get(seen.urgency, Task.Urgency.ROUTINE)
    due = answer_by(now) if urgency is Task.Urgency.ROUTINE else deadline(urgency, now)
    visit = visit or Visit.objects.filter(patient=patient, state__in=escalation.DONE).first()
    task = open_task(
        None,
        patient,
        urgency,
        _asked_title(seen),
        words=words,
        origin=f"Message from the {visitor_by.by}",
        visit=visit,
        owner=escalation.first_owner(visit),
        due_at=due,
        source=Task.Source.QUESTION,
        told=seen.tell if urgency in ("E", "U") else (),
        danger=urgency in ("E", "U"),
        now=now,
    )
    visitor_by.record("task.asked", subject=f"task:{task.uid}")
    return task


def _asked_title(seen: Screening) -> str:
    found = [flag.sign for flag in (*seen.flags, *seen.unsure) if flag.stops] + [
        n.title for n in seen.notices
    ]
    return f"Message: {'; '.join(found)}"[:200] if found else "Message from the patient"


def answerers() -> list[User]:
    """Everybody who may answer patients, by name."""
    return escalation.answerers()


def keep_event(  # noqa: PLR0913  (what a line of the history is)
    task: Task,
    kind: TaskEvent.Kind,
    user: User | None,
    *,
    now: dt.datetime | None = None,
    to: User | None = None,
    words: str = "",
) -> None:
    """A line of a task's history; call it inside the transaction of what happened."""
    TaskEvent.objects.create(task=task, kind=kind, at=now or timezone.now(), by=user, to=to, words=words)


def _open_one(task: Task) -> Task:
    """The task as it is now, held until the transaction ends. Raises TaskError where it is closed."""
    # No join: what PostgreSQL joins to a row that it waited for is as it was before the wait.
    now = Task.objects.select_for_update().get(pk=task.pk)
    if now.closed_at is not None:
        raise TaskError("It is closed. Open a new one if there is more to do.")
    return now


def _give(user: User, task: Task, to: User, kind: TaskEvent.Kind, address: str) -> Task:
    task.owner = to
    task.save(update_fields=["owner"])
    keep_event(task, kind, user, to=to)
    _record(user, f"task.{kind.value}", task, address)
    return task


def _check_owner(owner: User) -> None:
    if not owner.may(Permission.TASK_WRITE):
        raise TaskError(f"{owner} does not answer patients.")


def _record(user: User | None, action: str, task: Task, address: str) -> None:
    audit.record(user, action, patient_id=task.patient_id, subject=f"task:{task.uid}", address=address)
