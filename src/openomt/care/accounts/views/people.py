"""The practice's people, their roles and credentials (owner)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit, services
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.forms import CredentialForm, EndCredentialForm, PersonForm
from openomt.care.accounts.models import Credential, User
from openomt.care.accounts.second_factors import of_people, of_person
from openomt.care.accounts.services import RuleError
from openomt.care.accounts.who import member


@allow(Permission.STAFF)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, open accounts first."""
    everybody = list(User.objects.prefetch_related("grants", "licenses").order_by("-is_active", "name"))
    factors = of_people(everybody)
    today = timezone.localdate()
    rows = [
        {"person": one, "factors": factors.get(one.pk), "may_sign": one.may_sign_omt(today)}
        for one in everybody
    ]
    return render(request, "accounts/people.html", {"rows": rows, "section": "practice"})


@allow(Permission.STAFF)
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Adds a person; the next page has the link with which they set a password."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.add_person(
                member(request), address=audit.address_of(request), **form.cleaned_data
            )
        except RuleError as problem:
            form.add_error(problem.field or None, str(problem))
        else:
            messages.success(request, f"{person} was added. They still need a password: make a link below.")
            return redirect("person", uid=person.uid)
    return render(
        request, "accounts/person_new.html", {"form": form, "section": "practice"}, status=_status(form)
    )


@allow(Permission.STAFF)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One person: details and roles, credentials, account."""
    who = _person(uid)
    if request.method != "POST":
        return _page(request, who)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, who, form=form)
    try:
        services.change_person(member(request), who, address=audit.address_of(request), **form.cleaned_data)
    except RuleError as problem:
        form.add_error(problem.field or None, str(problem))
        return _page(request, _person(uid), form=form)
    messages.success(request, "Saved.")
    return redirect("person", uid=uid)


@allow(Permission.STAFF)
@require_POST
def person_close(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Closes the account and ends its sessions."""
    who = _person(uid)
    try:
        services.deactivate(member(request), who, address=audit.address_of(request))
    except RuleError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"The account of {who} is closed, and its sessions have ended.")
    return redirect("person", uid=uid)


@allow(Permission.STAFF)
@require_POST
def person_open(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Opens a closed account again."""
    services.reactivate(member(request), _person(uid), address=audit.address_of(request))
    messages.success(request, "The account is open again.")
    return redirect("person", uid=uid)


@allow(Permission.STAFF)
@require_POST
def person_link(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Shows, this once, a link with which the person sets a password."""
    who = _person(uid)
    try:
        path = services.password_link(member(request), who, address=audit.address_of(request))
    except RuleError as problem:
        messages.error(request, str(problem))
        return redirect("person", uid=uid)
    return _page(request, who, link=request.build_absolute_uri(path))


@allow(Permission.STAFF)
@require_POST
def person_factors(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Takes away lost passkeys, app and codes."""
    services.remove_second_factors(member(request), _person(uid), address=audit.address_of(request))
    messages.success(request, "Passkeys, app and recovery codes were removed. Only the password is left.")
    return redirect("person", uid=uid)


@allow(Permission.STAFF)
@require_POST
def person_sessions(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Signs the person out everywhere."""
    services.sign_out_everywhere(member(request), _person(uid), address=audit.address_of(request))
    messages.success(request, "Signed out everywhere.")
    return redirect("person", uid=uid)


@allow(Permission.STAFF)
@require_POST
def credential_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Adds a license or other credential."""
    who = _person(uid)
    form = CredentialForm(request.POST)
    if not form.is_valid():
        return _page(request, who, credential=form)
    services.add_credential(member(request), who, address=audit.address_of(request), **form.cleaned_data)
    messages.success(request, "The credential was added.")
    return redirect("person", uid=uid)


@allow(Permission.STAFF)
@require_POST
def credential_end(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ends a credential after a day."""
    credential = get_object_or_404(Credential.objects.select_related("user"), uid=uid)
    form = EndCredentialForm(request.POST)
    try:
        if form.is_valid():
            services.end_credential(
                member(request), credential, form.cleaned_data["valid_to"], address=audit.address_of(request)
            )
            messages.success(request, "The credential was ended.")
        else:
            messages.error(request, f"Last day: {form.errors['valid_to'][0]}")
    except RuleError as problem:
        messages.error(request, str(problem))
    return redirect("person", uid=credential.user.uid)


def _person(uid: uuid.UUID) -> User:
    return get_object_or_404(User, uid=uid)


def _status(form: BaseForm) -> int:
    return 400 if form.errors else 200


def _page(
    request: HttpRequest,
    who: User,
    *,
    form: PersonForm | None = None,
    credential: CredentialForm | None = None,
    link: str = "",
) -> HttpResponse:
    initial = {name: getattr(who, name) for name in services.PERSON_FIELDS} | {"roles": list(who.role_names)}
    today = timezone.localdate()
    known = {
        "person": who,
        "form": form or PersonForm(initial=initial),
        "credential_form": credential
        or CredentialForm(auto_id="credential_%s", initial={"valid_from": today}),
        "licenses": [(one, one.covers(today)) for one in who.licenses.all()],
        "factors": of_person(who),
        "link": link,
        "link_days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        "today": today.isoformat(),
        "section": "practice",
    }
    bad = any(one and one.errors for one in (form, credential))
    return render(request, "accounts/person.html", known, status=400 if bad else 200)
