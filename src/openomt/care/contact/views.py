"""The staff's list of messages, the quiet hours, and the page where a reader ends messages."""

from __future__ import annotations

import hmac
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow, open_to_all
from openomt.care.accounts.who import member, practice_of
from openomt.care.contact import listing, services
from openomt.care.contact.forms import QuietForm
from openomt.care.contact.letters import letter, message_of
from openomt.care.contact.models import ContactSettings, Job, Message
from openomt.care.contact.reach import opted_out, text_number
from openomt.care.contact.services import MessageError

_STAFF = (Permission.TASK_WRITE, Permission.PRACTICE)


# Staff ------------------------------------------------------------------------------------------------


@allow(*_STAFF)
@require_GET
def messages_page(request: HttpRequest) -> HttpResponse:
    """What needs a person first; or what waits, what was sent, what was closed."""
    show = listing.show_of(request.GET.get("show", ""))
    audit.record(
        member(request), "messages.read", subject=f"messages:{show.name}", address=audit.address_of(request)
    )
    page = Paginator(listing.messages_in(show), listing.PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "messages",
        "show": show,
        "shows": listing.SHOWS,
        "counts": listing.counts(),
        "page": page,
        "dead": listing.dead_jobs()[: listing.PAGE] if show.name == "needs" else (),
        "late_since": listing.late_since(timezone.now()),
    }
    return render(request, "contact/messages.html", context)


@allow(*_STAFF)
@require_GET
def message(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One message: where it went, what became of it, what it says."""
    one = _message(uid)
    audit.record(
        member(request),
        "message.read",
        patient_id=one.patient_id,
        subject=f"message:{one.uid}",
        address=audit.address_of(request),
    )
    said = letter(one)
    # A patient's private door is not for staff to walk through; the demonstration has no other way to show it.
    shows_links = settings.DEMO or one.member is not None
    body = said.body if shows_links else said.body.replace(one.link or "\0", "…").replace(said.stop, "…")
    context = {
        "section": "messages",
        "one": one,
        "subject": said.subject,
        "body": body,
        "link": one.link if settings.DEMO else "",
        "settled": one.state in (Message.State.IN_DOUBT, Message.State.FAILED),
    }
    return render(request, "contact/message.html", context)


@allow(*_STAFF)
@require_POST
def message_again(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Sends once more what is in doubt or was not sent."""
    return _decide(request, services.send_again, _message(uid), "It goes out again.")


@allow(*_STAFF)
@require_POST
def message_close(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Leaves it as it is."""
    return _decide(request, services.close_message, _message(uid), "Closed.")


@allow(*_STAFF)
@require_POST
def job_again(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tries a dead letter once more."""
    return _decide(request, services.retry_job, get_object_or_404(Job, pk=pk), "It is tried again.")


@allow(*_STAFF)
@require_POST
def job_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Gives a dead letter up for good."""
    return _decide(request, services.close_job, get_object_or_404(Job, pk=pk), "Closed.")


@allow(Permission.PRACTICE)
@require_http_methods(["GET", "POST"])
def quiet_hours(request: HttpRequest) -> HttpResponseBase:
    """When no messages go out, and what this installation can send."""
    form = QuietForm(request.POST or None, instance=ContactSettings.load())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.change_quiet_hours(
            member(request), data["quiet_from"], data["quiet_until"], address=audit.address_of(request)
        )
        messages.success(request, "Saved. What waits already keeps to it too.")
        return redirect("contact_settings")
    context = {
        "section": "practice",
        "form": form,
        "zone": practice_of(request).zone,
        "keeps": settings.KEEP_MESSAGES,
        "mail_from": settings.MAIL_FROM if settings.SMTP else "",
        "texts": bool(settings.TEXT_GATEWAY),
    }
    return render(request, "contact/settings.html", context, status=422 if form.errors else 200)


def _message(uid: uuid.UUID) -> Message:
    return get_object_or_404(Message.objects.select_related("patient", "guardian", "member"), uid=uid)


def _decide(
    request: HttpRequest, act: Callable[..., None], row: Message | Job, done: str
) -> HttpResponseBase:
    try:
        act(member(request), row, address=audit.address_of(request))
    except MessageError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("contact_messages")


# Readers ----------------------------------------------------------------------------------------------


@csrf_exempt  # mail programs post here for their reader (RFC 8058); the signed token is what entitles
@open_to_all
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ends messages to the address a message went to, or begins them again. Looking alone changes nothing."""
    found = message_of(token)
    if found is None:
        return render(request, "contact/stop_wrong.html", {"practice": practice_of(request)}, status=404)
    did = ""
    if request.method == "POST":
        did = "again" if request.POST.get("do") == "again" else "stop"
        act = services.opt_in if did == "again" else services.opt_out
        act(found.channel, found.address, message=found)
    context = {
        "practice": practice_of(request),
        "stopped": opted_out(found.channel, found.address),
        "did": did,
    }
    return render(request, "contact/stop.html", context)


_STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "alto", "parar", "basta", "cancelar"}
)
"""Those that carriers ask for, and what people write in Spanish."""
_START = frozenset({"start", "unstop", "iniciar", "empezar"})
_LONGEST = 10_000


@csrf_exempt  # a gateway posts here, and proves itself by the token it was given
@open_to_all
@require_POST
def texts(request: HttpRequest) -> HttpResponse:
    """What a text gateway brings: `{"from", "text"}`. STOP and its like end messages to that number, START begins
    them again; anything else is answered with `{"done": ""}` and not kept."""
    if not settings.TEXT_TOKEN or not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {settings.TEXT_TOKEN}".encode()
    ):
        return JsonResponse({"error": "not the token of OPENOMT_TEXT_TOKEN"}, status=401)
    said = _said(request.body)
    if said is None:
        return JsonResponse({"error": 'not an object with "from" and "text"'}, status=400)
    number, word = said
    done = "stop" if word in _STOP else "start" if word in _START else ""
    if done:
        act = services.opt_out if done == "stop" else services.opt_in
        act(Message.Channel.TEXT, number)
    return JsonResponse({"done": done})


def _said(body: bytes) -> tuple[str, str] | None:
    """The number and the one word of a text that came in; None where it is none."""
    if len(body) > _LONGEST:
        return None
    try:
        given: Any = json.loads(body)
        number, text = given["from"], given["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(number, str) or not isinstance(text, str) or not text_number(number):
        return None
    return text_number(number), re.sub(r"[^\w]", "", text).lower()
