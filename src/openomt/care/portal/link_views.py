"""Opening a private link. A page that is only looked at changes nothing: scanners of mail look at every link."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openomt.care.accounts.access import open_to_all
from openomt.care.accounts.models import User
from openomt.care.portal import known, limits, links, sessions
from openomt.care.portal.access import Opened, Scope, Visitor
from openomt.care.portal.birth_date import BirthDate, read
from openomt.care.portal.language import chosen
from openomt.care.portal.links import HOME, Answer
from openomt.care.portal.models import PortalBrowser, PrivateLink


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A known browser goes straight on; any other gives the birth date first."""
    found = links.find(token)
    if found is None or not links.works(found):
        return _over(request, token)
    with translation.override(chosen(request, found.patient.language)):
        if found.locked:
            return _locked(request, token)
        browser = known.find(request, found.patient, found.guardian)
        if request.method == "POST":
            return _answered(request, found, token, browser)
        if _is_there(request, found):
            return redirect(found.target)
        if browser is None or found.once or isinstance(request.user, User):
            return _ask(request, found, token, is_known=browser is not None)
        return _go_in(request, found, token, browser)


@open_to_all
@require_POST
def link_again(request: HttpRequest, token: str) -> HttpResponse:
    """Sends a new link to the address on file. The answer is the same whether there was such a link or not."""
    if not limits.allowed(request, "again", known.hashed(token)):
        return render(request, "portal/wait.html", status=429)
    found = links.find(token)
    if found is not None:
        links.send_again(found)
    return redirect("portal_link_sent")


@open_to_all
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """What to do next, whoever it was."""
    return render(request, "portal/link_sent.html")


def _answered(
    request: HttpRequest, found: PrivateLink, token: str, browser: PortalBrowser | None
) -> HttpResponse:
    if browser is not None and "year" not in request.POST:
        return _go_in(request, found, token, browser)
    born = read(request.POST)
    if born.value is None:
        return _ask(request, found, token, born=born, status=422)
    if not limits.allowed(request, "birth_date"):
        return render(request, "portal/wait.html", status=429)
    answer = links.answer(found, born.value)
    if answer is Answer.WRONG:
        wrong = replace(born, value=None, fault="birth_date_wrong")
        return _ask(request, found, token, born=wrong, status=422)
    if answer is not Answer.RIGHT:
        return _shut(request, token, answer)
    return _first_time(request, found)


def _first_time(request: HttpRequest, found: PrivateLink) -> HttpResponse:
    """Goes in after the birth date was right; the browser is known from now on, if its owner wants that."""
    if not request.POST.get("remember"):
        return _begin(request, found, None)
    row, kept = known.remember(request, found.patient, found.guardian)
    response = _begin(request, found, row)
    known.keep(response, kept)
    return response


def _go_in(request: HttpRequest, found: PrivateLink, token: str, browser: PortalBrowser) -> HttpResponse:
    answer = links.opened(found)
    if answer is not Answer.RIGHT:
        return _shut(request, token, answer)
    return _begin(request, found, browser)


def _shut(request: HttpRequest, token: str, answer: Answer) -> HttpResponse:
    return _locked(request, token) if answer is Answer.LOCKED else _over(request, token)


def _begin(request: HttpRequest, found: PrivateLink, browser: PortalBrowser | None) -> HttpResponse:
    scope = Scope(found.scope)
    everything = scope is Scope.ALL
    visitor = sessions.begin(
        request,
        found.patient,
        scope,
        how="sign-in link" if everything else "link",
        guardian=found.guardian,
        target="" if everything else found.target,
        opened=Opened(link=found.pk, browser=browser.pk if browser else None),
        own=found.patient.pk if everything and found.guardian is None else None,
    )
    return redirect(sessions.first_page(visitor) if found.target == HOME else found.target)


def _is_there(request: HttpRequest, found: PrivateLink) -> bool:
    """Whether this browser may open the page already: by this link, or because the same person signed in."""
    visitor: Visitor | None = getattr(request, "visitor", None)
    if visitor is None:
        return False
    if visitor.opened.link == found.pk:
        return True
    same = (visitor.patient, visitor.guardian) == (found.patient, found.guardian)
    return same and visitor.scope is Scope.ALL and not found.once


def _ask(  # noqa: PLR0913  (one argument for each thing a page says)
    request: HttpRequest,
    found: PrivateLink,
    token: str,
    *,
    is_known: bool = False,
    born: BirthDate | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {
        "token": token,
        "born": born or BirthDate(),
        "known": is_known,
        "guardian": found.guardian is not None,
        "signs_in": found.once,
    }
    return render(request, "portal/link.html", values, status=status)


def _over(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "portal/link_over.html", {"token": token}, status=404)


def _locked(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "portal/link_locked.html", {"token": token}, status=403)
