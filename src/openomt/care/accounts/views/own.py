"""One's own page: name, ways to sign in, signing PIN, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit, limits, services, signing
from openomt.care.accounts.access import signed_in
from openomt.care.accounts.forms import NameForm, PinForm
from openomt.care.accounts.models import User
from openomt.care.accounts.second_factors import of_person
from openomt.care.accounts.who import member


@signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, and how I sign in and sign."""
    return _page(request)


@signed_in
@require_POST
def me_name(request: HttpRequest) -> HttpResponse:
    """Writes one's own name anew."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, name=form)
    services.rename(member(request), form.cleaned_data["name"], address=audit.address_of(request))
    messages.success(request, "Your name was changed.")
    return redirect("me")


@signed_in
@require_POST
def me_pin(request: HttpRequest) -> HttpResponse:
    """Sets the signing PIN, against the password."""
    form = PinForm(request.POST)
    if not _set_pin(request, form):
        return _page(request, pin=form)
    messages.success(request, "Your signing PIN was set.")
    return redirect("me")


@signed_in
@require_POST
def me_pin_remove(request: HttpRequest) -> HttpResponse:
    """From now on one signs with the password or a passkey."""
    signing.remove_pin(member(request), address=audit.address_of(request))
    messages.success(request, "Your signing PIN was removed.")
    return redirect("me")


@signed_in
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """Signs oneself out in one other place."""
    number = request.POST.get("session", "")
    known = number.isascii() and number.isdigit() and len(number) < 19
    if known and services.end_session(member(request), int(number), address=audit.address_of(request)):
        messages.success(request, "That session was ended.")
    else:
        messages.warning(request, "That session had ended already.")
    return redirect("usersessions_list")


def _set_pin(request: HttpRequest, form: PinForm) -> bool:
    user = member(request)
    if not form.is_valid():
        return False
    try:
        if not limits.check_password(user, form.cleaned_data["password"]):
            form.add_error("password", "This is not your password.")
            return False
        signing.set_pin(user, form.cleaned_data["pin"], address=audit.address_of(request))
    except limits.TooManyError as problem:
        form.add_error("password", str(problem))
    except signing.PinError as problem:
        form.add_error("pin", str(problem))
    return not form.errors


def _page(request: HttpRequest, *, name: NameForm | None = None, pin: PinForm | None = None) -> HttpResponse:
    user: User = member(request)
    known = {
        "name_form": name or NameForm(initial={"name": user.name}),
        "pin_form": pin or PinForm(auto_id="pin_%s"),
        "pin_locked": signing.pin_is_locked(user),
        "factors": of_person(user),
        "licenses": user.licenses.all(),
        "section": "me",
    }
    return render(request, "accounts/me.html", known, status=400 if name or pin else 200)
