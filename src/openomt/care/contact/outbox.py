"""Sending what waits in the outbox, each message once.

    waiting ──► handing ──► sent
       ▲           │ refused for now: waiting again, later and later, then not sent
       └───────────┤ refused for good: not sent
                   │ nobody knows (the worker was killed, the line broke): in doubt, for a person
                   ▼

A worker writes down "handing" after the connection stands and before the message is given away. One that is killed
earlier has sent nothing, and the message is tried again. One that is killed later may have: such a message is never
sent again by itself, since SMTP and gateways need not know it by its id. A person sees it and decides.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import smtplib
import socket
import ssl

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from openomt.care.accounts import audit
from openomt.care.contact import quiet, reach
from openomt.care.contact.leases import MAX_ATTEMPTS, pause, take
from openomt.care.contact.letters import Letter, letter
from openomt.care.contact.models import Message
from openomt.care.contact.senders import NotSentError, Sender, sender_of
from openomt.care.contact.signals import undelivered

TOO_LATE = "Too late to be of use."
OPTED_OUT = "This address wants no messages."
KILLED = "The worker ended while it handed this over: it may have gone out."
BROKEN = "It may have gone out"
GIVEN_UP = "Tried too often."
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "The mail server refused the user or password"),
    (smtplib.SMTPServerDisconnected, "The line to the mail server broke"),
    (ConnectionRefusedError, "Nobody answers at the other side"),
    (socket.gaierror, "The name of the server is not known"),
    (ssl.SSLError, "The line could not be made safe"),
    (TimeoutError, "The other side took too long"),
)


def send_next(now: dt.datetime) -> bool:
    """Deals with one message that is due; whether there was one."""
    if _doubt_next(now):
        return True
    due = Message.objects.filter(state=Message.State.WAITING, not_before__lte=now).order_by(
        "not_before", "pk"
    )
    message = take(due.select_related("patient"), now)
    if message is None:
        return False
    _deal_with(message, now)
    return True


def _deal_with(message: Message, now: dt.datetime) -> None:
    if message.useless_after is not None and message.useless_after <= now:
        _end(message, Message.State.CLOSED, now, TOO_LATE)
    elif message.may_be_held and reach.opted_out(message.channel, message.address):
        _end(message, Message.State.CLOSED, now, OPTED_OUT)
    elif message.may_be_held and (later := quiet.opening(now)) > now:
        _put_back(message, later)
    elif settings.KEEP_MESSAGES:
        _end(message, Message.State.KEPT, now)
    elif message.attempts > MAX_ATTEMPTS:
        _end(message, Message.State.FAILED, now, message.error or GIVEN_UP)
    else:
        _send(message, now)


def _send(message: Message, now: dt.datetime) -> None:
    try:
        text = letter(message)
        sender = sender_of(message.channel)
        sender.ready()
    except Exception as problem:  # nothing went out, whatever it was
        _try_later(message, now, str(problem) if isinstance(problem, NotSentError) else _kind(problem))
        return
    try:
        if _mine(message, Message.State.WAITING).update(state=Message.State.HANDING):
            _hand_over(message, sender, text, now)
    finally:
        _close(sender)


def _hand_over(message: Message, sender: Sender, text: Letter, now: dt.datetime) -> None:
    try:
        sender.hand_over(message, text)
    except NotSentError as refused:
        if refused.final:
            _end(message, Message.State.FAILED, now, str(refused))
        else:
            _try_later(message, now, str(refused))
    except Exception as problem:
        _end(message, Message.State.IN_DOUBT, now, f"{BROKEN}. {_kind(problem)}")
    else:
        _end(message, Message.State.SENT, now)


def _close(sender: Sender) -> None:
    with contextlib.suppress(Exception):  # the message is dealt with; how the line ends changes nothing
        sender.close()


def _doubt_next(now: dt.datetime) -> bool:
    """A message whose worker did not come back from handing it over."""
    with transaction.atomic():
        left = Message.objects.filter(state=Message.State.HANDING, lease_until__lt=now)
        message = left.first() if left.exists() else None
        if message is None:
            return False
        # The lease stays: should its worker still live, it may say that the message went out.
        changed = left.filter(pk=message.pk, lease=message.lease).update(
            state=Message.State.IN_DOUBT, given_up_at=now, error=KILLED
        )
        if changed:
            message.state, message.error = Message.State.IN_DOUBT, KILLED
            undelivered.send(Message, message=message)
            _record(message, "message.in_doubt")
    return True


def _end(message: Message, state: Message.State, now: dt.datetime, why: str = "") -> None:
    """Writes down how it ended, unless somebody else holds the message by now."""
    went = state in (Message.State.SENT, Message.State.KEPT)
    values = {
        "state": state,
        "error": why[:300],
        "sent_at": now if went else None,
        "given_up_at": None if went else now,
        "lease": None,
        "lease_until": None,
    }
    if state in (Message.State.SENT, Message.State.CLOSED):
        values["link"] = ""
    known = {Message.State.WAITING, Message.State.HANDING}
    if state == Message.State.SENT:
        known.add(Message.State.IN_DOUBT)  # by its own worker, which was slow and not dead
    with transaction.atomic():
        if not _mine(message, *known).update(**values):
            return
        message.state, message.error = state, why
        if state in (Message.State.FAILED, Message.State.IN_DOUBT):
            undelivered.send(Message, message=message)
        _record(message, f"message.{state.value}")


def _try_later(message: Message, now: dt.datetime, why: str) -> None:
    if message.attempts >= MAX_ATTEMPTS:
        _end(message, Message.State.FAILED, now, why)
        return
    _mine(message, Message.State.WAITING, Message.State.HANDING).update(
        state=Message.State.WAITING,
        error=why[:300],
        not_before=now + pause(message.attempts),
        lease=None,
        lease_until=None,
    )


def _put_back(message: Message, later: dt.datetime) -> None:
    """Waiting for the end of the quiet hours is no try."""
    _mine(message, Message.State.WAITING).update(
        not_before=later, attempts=message.attempts - 1, lease=None, lease_until=None
    )


def _mine(message: Message, *states: Message.State) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, lease=message.lease, state__in=states)


def _kind(problem: Exception) -> str:
    """What went wrong, for a person, without the error's own words: they may repeat the message."""
    name = type(problem).__name__
    for kind, words in _KINDS:
        if isinstance(problem, kind):
            return f"{words} ({name})"
    return f"It could not be handed over ({name})"


def _record(message: Message, action: str) -> None:
    audit.record(
        None,
        action,
        patient_id=message.patient_id,
        subject=f"message:{message.uid}",
        detail={"template": message.template, "channel": message.channel},
    )
