"""Everything that changes a message, a job by hand, an opt-out or the quiet hours. Each stands in the audit."""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.contact import quiet
from openomt.care.contact.letters import checked
from openomt.care.contact.models import ContactSettings, Job, Message, OptOut
from openomt.care.contact.reach import plain, reach, text_number
from openomt.care.contact.senders import can_send
from openomt.care.patients.models import Guardian, Patient

_SETTLED = (Message.State.IN_DOUBT, Message.State.FAILED)
STAFF_LANGUAGE = "en"
BY_HAND = "Closed by a person."
NOT_NEEDED = "Not needed any more."


class MessageError(Exception):
    """What was asked cannot be done; the message says why, for a person."""


# The outbox -------------------------------------------------------------------------------------------


@transaction.atomic
def send(  # noqa: PLR0913  (what a message is)
    patient: Patient,
    template: str,
    *,
    key: str,
    link: str | None = None,
    values: dict[str, Any] | None = None,
    not_before: dt.datetime | None = None,
    useless_after: dt.datetime | None = None,
    guardian: Guardian | None = None,
    asked_for: bool = False,
) -> Message | None:
    """Puts a message in the outbox; None where the patient may not be reached that way (`reach` says why).

    Call it inside the transaction of what it follows from; the worker sends it later. The same key gives the same
    message, however often it is asked for. A child's goes to the guardian.

    template        words `contact.<template>_subject`, `_body`, `_text`
    values          `day`, `time` (moments, said in the patient's language) and `place`; nothing else, see `letters`
    useless_after   past this it is not sent any more
    asked_for       the patient waits for it: it goes out in quiet hours, and although the address wants no messages
    """
    found = Message.objects.filter(key=key).first()
    if found is not None:
        return found
    way = reach(patient, guardian=guardian, asked_for=asked_for)
    filled = checked(template, values or {}, way.language)
    if not way:
        return None
    wanted = not_before or timezone.now()
    message, made = Message.objects.get_or_create(
        key=key,
        defaults={
            "uid": _uid(key),
            "patient": patient,
            "guardian": way.guardian,
            "channel": way.channel,
            "template": template,
            "language": way.language,
            "values": filled,
            "link": link or "",
            "address": way.address,
            "asked_for": asked_for,
            "not_before": wanted if asked_for else quiet.opening(wanted),
            "useless_after": useless_after,
        },
    )
    if made:
        _record(None, "message.made", message)
    return message


@transaction.atomic
def send_to_stranger(  # noqa: PLR0913  (what a message is)
    channel: str,
    address: str,
    language: str,
    template: str,
    *,
    key: str,
    link: str,
    values: dict[str, Any] | None = None,
    useless_after: dt.datetime | None = None,
) -> Message | None:
    """As `send`, to somebody who is no patient yet and has just asked for it on a page.

    None where this installation cannot send that way, or the address could take nothing.
    """
    found = Message.objects.filter(key=key).first()
    if found is not None:
        return found
    filled = checked(template, values or {}, language)
    where = text_number(address) if channel == Message.Channel.TEXT else address.strip()
    if not where or not can_send(channel):
        return None
    message = Message.objects.create(
        key=key,
        uid=_uid(key),
        channel=channel,
        template=template,
        language=language,
        values=filled,
        link=link,
        address=where,
        asked_for=True,
        useless_after=useless_after,
    )
    _record(None, "message.made", message)
    return message


@transaction.atomic
def send_to_member(
    member: User, template: str, *, key: str, link: str, values: dict[str, Any] | None = None
) -> Message | None:
    """As `send`, to a member of the practice: by e-mail to their account's address, in English as their pages are.

    A clock runs for them: neither quiet hours nor an opt-out of the same address hold it back. None where this
    installation sends no e-mail.
    """
    found = Message.objects.filter(key=key).first()
    if found is not None:
        return found
    filled = checked(template, values or {}, STAFF_LANGUAGE)
    if not can_send(Message.Channel.EMAIL):
        return None
    message = Message.objects.create(
        key=key,
        uid=_uid(key),
        member=member,
        channel=Message.Channel.EMAIL,
        template=template,
        language=STAFF_LANGUAGE,
        values=filled,
        link=link,
        address=member.email,
    )
    _record(None, "message.made", message)
    return message


def _uid(key: str) -> uuid.UUID:
    """The same key has the same id, also after a restore: what is then made and sent anew is shown as one message."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"message id" + key.encode(), "sha256")
    return uuid.UUID(bytes=digest[:16], version=4)


@transaction.atomic
def withdraw(key: str) -> bool:
    """Closes a message that is not needed any more. Returns whether it was still waiting."""
    changed = Message.objects.filter(key=key, state=Message.State.WAITING).update(
        **_closed(NOT_NEEDED), lease=None, lease_until=None
    )
    if changed:
        _record(None, "message.closed", Message.objects.get(key=key))
    return bool(changed)


@transaction.atomic
def send_again(user: User, message: Message, *, address: str = "") -> None:
    """A person decides that it is tried once more. Raises MessageError where it is not in doubt and not given up."""
    now = _settled(message)
    now.state, now.attempts, now.not_before, now.given_up_at = Message.State.WAITING, 0, timezone.now(), None
    now.error, now.lease, now.lease_until = "", None, None
    now.save()
    _record(user, "message.send_again", now, address)


@transaction.atomic
def close_message(user: User, message: Message, *, address: str = "") -> None:
    """A person decides that it stays as it is. Raises MessageError where there is nothing to decide."""
    now = _settled(message)
    Message.objects.filter(pk=now.pk).update(**_closed(BY_HAND), lease=None, lease_until=None)
    _record(user, "message.closed", now, address)


def _settled(message: Message) -> Message:
    now = Message.objects.select_for_update().get(pk=message.pk)
    if now.state not in _SETTLED:
        raise MessageError(f"Nothing to decide: {now.get_state_display().lower()}.")
    return now


def _closed(why: str) -> dict[str, Any]:
    return {"state": Message.State.CLOSED, "given_up_at": timezone.now(), "error": why, "link": ""}


# Dead letters among jobs ------------------------------------------------------------------------------


@transaction.atomic
def retry_job(user: User, job: Job, *, address: str = "") -> None:
    """A person has the job tried again. Raises MessageError where it was not given up."""
    now = _dead(job)
    now.failed_at, now.attempts, now.error, now.run_after = None, 0, "", timezone.now()
    now.save()
    audit.record(user, "job.retried", subject=f"job:{now.pk}", detail={"kind": now.kind}, address=address)


@transaction.atomic
def close_job(user: User, job: Job, *, address: str = "") -> None:
    """A person decides that it is not done any more. Raises MessageError where it was not given up."""
    now = _dead(job)
    now.done_at, now.ending = timezone.now(), Job.Ending.CLOSED
    now.save()
    audit.record(user, "job.closed", subject=f"job:{now.pk}", detail={"kind": now.kind}, address=address)


def _dead(job: Job) -> Job:
    now = Job.objects.select_for_update().get(pk=job.pk)
    if now.failed_at is None or now.done_at is not None:
        raise MessageError("Nothing to decide: the job was not given up.")
    return now


# Who wants no messages --------------------------------------------------------------------------------


@transaction.atomic
def opt_out(channel: str, address: str, *, message: Message | None = None) -> None:
    """From now on this address gets no messages, save those somebody there asks for."""
    kept = plain(channel, address)
    if not kept or OptOut.objects.filter(channel=channel, address=kept, back_at=None).exists():
        return
    OptOut.objects.create(channel=channel, address=kept)
    _record_choice("messages.stopped", channel, message)


@transaction.atomic
def opt_in(channel: str, address: str, *, message: Message | None = None) -> None:
    """This address wants messages again."""
    ended = OptOut.objects.filter(channel=channel, address=plain(channel, address), back_at=None)
    if ended.update(back_at=timezone.now()):
        _record_choice("messages.wanted_again", channel, message)


def _record_choice(action: str, channel: str, message: Message | None) -> None:
    audit.record(
        None,
        action,
        patient_id=message.patient_id if message else None,
        subject=f"message:{message.uid}" if message else "",
        detail={"channel": channel},
    )


# Settings ---------------------------------------------------------------------------------------------


@transaction.atomic
def change_quiet_hours(user: User, begin: dt.time, end: dt.time, *, address: str = "") -> None:
    """Sets when no messages go out. What waits already is held to the new hours when it is due."""
    row = ContactSettings.load()
    if (row.quiet_from, row.quiet_until) == (begin, end) and row.changed_by_id:
        return
    row.quiet_from, row.quiet_until, row.changed_by = begin, end, user
    row.save()
    audit.record(user, "quiet_hours.changed", subject="practice", address=address)


def _record(user: User | None, action: str, message: Message, address: str = "") -> None:
    audit.record(
        user,
        action,
        patient_id=message.patient_id,
        subject=f"message:{message.uid}",
        detail={"template": message.template, "channel": message.channel},
        address=address,
    )
