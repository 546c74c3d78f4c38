"""Signing in without a link at hand: by a link that is sent, or by a passkey; and signing out."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openomt.care.accounts.access import open_to_all
from openomt.care.portal import limits, passkeys, services, sessions
from openomt.care.portal.access import Opened, Scope, for_patients, visitor
from openomt.care.portal.birth_date import BirthDate, read
from openomt.care.portal.links import HOME

_LONGEST_ADDRESS = 254
_LOCAL_NUMBER = 7


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for an address and a birth date. Whoever fits gets a link; the answer is the same either way."""
    target = _target(request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        now = getattr(request, "visitor", None)
        if now is not None and now.scope is Scope.ALL:
            return redirect(target)
        return _form(request, target, "", BirthDate())
    address = request.POST.get("address", "").strip()
    born = read(request.POST)
    fault = "" if len(address) <= _LONGEST_ADDRESS and _is_address(address) else "address_wrong"
    if fault or born.value is None:
        return _form(request, target, address, born, fault=fault, status=422)
    if not limits.allowed(request, "sign_in", address.casefold()):
        return render(request, "portal/wait.html", status=429)
    services.ask_to_sign_in(address, born.value, target)
    return redirect("portal_sign_in_sent")


@open_to_all
@require_safe
def sign_in_sent(request: HttpRequest) -> HttpResponse:
    """What to do next, whoever it was."""
    return render(request, "portal/sign_in_sent.html")


@for_patients(*Scope)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.end(request)
    return redirect("portal_signed_out")


@open_to_all
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/signed_out.html")


def _form(  # noqa: PLR0913  (one argument for each thing a page says)
    request: HttpRequest, target: str, address: str, born: BirthDate, *, fault: str = "", status: int = 200
) -> HttpResponse:
    values = {"next": target, "address": address, "born": born, "address_fault": fault}
    return render(request, "portal/sign_in.html", values, status=status)


def _is_address(text: str) -> bool:
    before, at, after = text.partition("@")
    if at:
        return bool(before) and "." in after and " " not in text
    return sum(one.isdigit() for one in text) >= _LOCAL_NUMBER


def _target(address: str) -> str:
    """A page of the patient's side on this site; else the first one."""
    if not address.startswith(HOME) or "\\" in address:
        return HOME
    path = address.split("?", 1)[0].split("#", 1)[0]
    try:
        found = resolve(path)
    except Resolver404:
        return HOME
    policy = getattr(found.func, "policy", None)
    return path if policy is not None and policy.patient else HOME


@open_to_all
@require_POST
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask its holder for a passkey."""
    if not limits.allowed(request, "passkey"):
        return JsonResponse({"error": "wait"}, status=429)
    return JsonResponse(passkeys.begin_sign_in(request))


@open_to_all
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in whose passkey it is."""
    if not limits.allowed(request, "passkey"):
        return JsonResponse({"error": "wait"}, status=429)
    try:
        row = passkeys.check(request, _sent(request))
    except passkeys.PasskeyError:
        return JsonResponse({"error": "passkey"}, status=400)
    begun = sessions.begin(
        request,
        row.patient,
        Scope.ALL,
        how="passkey",
        guardian=row.guardian,
        opened=Opened(passkey=row.pk),
        own=None if row.guardian else row.patient.pk,
    )
    target = _target(request.GET.get("next", ""))
    return JsonResponse({"where": sessions.first_page(begun) if target == HOME else target})


@for_patients()
@require_POST
def passkey_begin(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    try:
        return JsonResponse(passkeys.begin_adding(request, visitor(request)))
    except passkeys.PasskeyError:
        return JsonResponse({"error": "passkey"}, status=409)


@for_patients()
@require_POST
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Keeps the passkey that was made."""
    try:
        passkeys.add(request, visitor(request), _sent(request))
    except passkeys.PasskeyError:
        return JsonResponse({"error": "passkey"}, status=400)
    return JsonResponse({"where": reverse("portal_devices")})


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except (ValueError, RawPostDataException) as error:
        raise passkeys.PasskeyError from error
    if not isinstance(found, dict):
        raise passkeys.PasskeyError
    return found
