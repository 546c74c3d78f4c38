"""The patient's own side of the door: language, devices and links, whose pages, and giving a tablet back."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openomt.care.accounts.access import open_to_all
from openomt.care.portal import links, passkeys, services, sessions
from openomt.care.portal.access import Scope, for_patients, visitor
from openomt.care.portal.family import people_of
from openomt.care.portal.language import of_patients, remember
from openomt.care.portal.links import HOME
from openomt.care.words import LANGUAGES


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the language that was chosen, and goes back."""
    sent = request.POST if request.method == "POST" else request.GET
    where = sent.get("next", "")
    safe = url_has_allowed_host_and_scheme(where, None) and of_patients(where)
    response = redirect(where if safe else "portal_sign_in")
    if sent.get("to") in LANGUAGES:
        remember(response, sent["to"])
    return response


@for_patients()
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Where the visitor is known, and what opens their pages; each can be ended."""
    now = visitor(request)
    values = {
        "browsers": services.browsers_of(now),
        "passkeys": passkeys.of_visitor(now),
        "links": links.of_visitor(now),
        "opened": now.opened,
    }
    return render(request, "portal/devices.html", values)


@for_patients()
@require_POST
def device_end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    return _ended(services.end_browser(visitor(request), uid))


@for_patients()
@require_POST
def passkey_end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    return _ended(services.end_passkey(visitor(request), uid))


@for_patients()
@require_POST
def link_end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    now = visitor(request)
    found = links.one_of_visitor(now, uid)
    if found is not None:
        links.end(found, now)
    return _ended(found is not None)


def _ended(done: bool) -> HttpResponse:
    if not done:
        raise Http404
    return redirect("portal_devices")


@for_patients()
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Whose pages to open: a guardian's children, and the guardian's own if they are a patient."""
    now = visitor(request)
    return render(request, "portal/people.html", {"people": people_of(now)})


@for_patients()
@require_POST
def person_open(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Goes over to the pages of a child, or back to one's own."""
    now = visitor(request)
    found = next(((who, guardian) for who, guardian in people_of(now) if who.uid == uid), None)
    if found is None:
        raise Http404
    patient, guardian = found
    sessions.begin(
        request, patient, Scope.ALL, how="switch", guardian=guardian, opened=now.opened, own=now.own
    )
    return redirect(HOME)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest) -> HttpResponse:
    """Ends the patient's session on a tablet of the practice; the page leads to the members' sign-in."""
    if request.method == "POST":
        sessions.end(request)
        return redirect("portal_give_back")
    return render(request, "portal/give_back.html")
