"""Lock and unlock; how long until the session locks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit, limits, locks
from openomt.care.accounts.access import signed_in
from openomt.care.accounts.forms import UnlockForm
from openomt.care.accounts.middleware import wants_data
from openomt.care.accounts.who import member, practice_of


@signed_in
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Locks the session, and remembers the page it was locked from."""
    locks.lock(request)
    if wants_data(request):
        return JsonResponse({"locked": True})
    back = locks.safe_next(request, request.headers.get("Referer", "/"))
    return redirect(f"{reverse('locked')}?{urlencode({'next': back})}")


@signed_in
@require_GET
def locked(request: HttpRequest) -> HttpResponse:
    """Asks for the password. Shows nothing else."""
    back = locks.safe_next(request, request.GET.get("next", "/"))
    if not request.session.get(locks.LOCKED):
        return HttpResponseRedirect(back)
    return _page(request, UnlockForm(), back)


@signed_in
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Opens the session again, for a page (redirect to `next`) or for a script in a page (JSON)."""
    form = UnlockForm(request.POST)
    status = _try(request, form)
    if wants_data(request):
        error = next(iter(form.errors.get("password", [])), "")
        return JsonResponse({"unlocked": status == 200} | ({"error": error} if error else {}), status=status)
    back = locks.safe_next(request, request.POST.get("next", "/"))
    return HttpResponseRedirect(back) if status == 200 else _page(request, form, back, status)


@signed_in
@require_http_methods(["GET", "POST"])
def seen(request: HttpRequest) -> JsonResponse:
    """POST: somebody is there, though the page sends nothing else. GET: how many seconds are left until the lock.

    A page that asks by itself sends the header X-OpenOMT-Background, and so keeps nothing open.
    """
    return JsonResponse({"left": locks.seconds_left(request, practice_of(request))})


def _try(request: HttpRequest, form: UnlockForm) -> int:
    if not form.is_valid():
        return 400
    user = member(request)
    try:
        right = limits.check_password(user, form.cleaned_data["password"])
    except limits.TooManyError as problem:
        form.add_error("password", str(problem))
        return 429
    if right:
        locks.unlock(request)
        return 200
    audit.record(user, "session.refused", detail={"by": "unlock"}, address=audit.address_of(request))
    form.add_error("password", "This is not your password.")
    return 400


def _page(request: HttpRequest, form: UnlockForm, back: str, status: int = 200) -> HttpResponse:
    return render(request, "accounts/locked.html", {"form": form, "next": back}, status=status)
