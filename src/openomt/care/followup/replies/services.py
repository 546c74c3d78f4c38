"""The only writer of replies: they stand on a page of the patient's; the message that tells of it holds a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.contact.reach import reach
from openomt.care.followup.models import Reply, Task, TaskEvent
from openomt.care.followup.services import MOST_WORDS, TaskError, keep_event
from openomt.care.portal import links
from openomt.care.portal.access import Scope, Visitor


@dataclass(frozen=True, slots=True)
class Written:
    """A reply, and why no message tells of it; empty where one does."""

    reply: Reply
    why_not: str = ""


@transaction.atomic
def write(user: User, task: Task, words: str, *, address: str = "") -> Written:
    """Answers the patient in writing. Raises TaskError without words, or where the task is closed."""
    words = words.strip()[:MOST_WORDS]
    if not words:
        raise TaskError("Write what the patient is to read.")
    held = Task.objects.select_for_update().get(pk=task.pk)
    if held.closed_at is not None:
        raise TaskError("It is closed. Open a new one if there is more to do.")
    patient, now = held.patient, timezone.now()
    reply = Reply.objects.create(task=held, patient=patient, words=words, by=user, at=now)
    held.answered_at = now
    held.save(update_fields=["answered_at"])
    keep_event(held, TaskEvent.Kind.REPLIED, user, now=now, words=words)
    # Who wrote to us waits for the answer; who answered a check-in did not ask for a message.
    asked = held.source == Task.Source.QUESTION
    guardian = links.answers_for(patient)
    way = reach(patient, guardian=guardian, asked_for=asked)
    if way:
        target = reverse("followup_mine_reply", args=[reply.uid])
        links.send(
            patient, Scope.CHECKIN, target, guardian=guardian, by=user, template="answer", asked_for=asked
        )
    audit.record(user, "task.replied", patient_id=patient.pk, subject=f"task:{held.uid}", address=address)
    return Written(reply, way.why_not)


@transaction.atomic
def read(visitor: Visitor, reply: Reply) -> None:
    """Keeps that the patient read it, and when first."""
    Reply.objects.filter(pk=reply.pk, read_at=None).update(read_at=timezone.now())
    visitor.record("reply.read", subject=f"reply:{reply.uid}")
