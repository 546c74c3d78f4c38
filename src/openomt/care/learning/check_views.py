"""The self-check: one screen after another, by POST. Answers travel in a signed field and are kept nowhere."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openomt.care.accounts.access import open_to_all
from openomt.care.words import page_language, say
from openomt.medicine.learning import Check, Given, Screen, outcome, screen_of

_SALT = "learning.check"
_HOURS = 2
"""How long a check may lie open on a shared phone before it starts anew."""


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" or "again" in request.POST:
        return _show(request, Check())
    so_far = _opened(request.POST.get("state", ""))
    if so_far is None:
        return _show(request, Check(), error=say("learning.check_too_old"))
    if "back" in request.POST:
        return _show(request, so_far.back())
    shown = screen_of(so_far, page_language())
    if shown is None:
        return _show(request, so_far)
    chosen = tuple(request.POST.getlist("choice"))
    error = _fault(shown, chosen, none="none" in request.POST)
    if error:
        return _show(request, so_far, error=error, chosen=chosen)
    return _show(request, so_far.with_answer(shown, chosen))


def _fault(shown: Screen, chosen: tuple[str, ...], *, none: bool) -> str:
    """What is wrong with an answer, in words; empty where nothing is."""
    known = {option.code for option in shown.options}
    if not shown.ticks:
        return "" if len(chosen) == 1 and chosen[0] in known else say("learning.check_error_pick")
    if set(chosen) - known or (not chosen and not none):
        return say("learning.check_error_tick")
    return say("learning.check_error_both") if chosen and none else ""


def _show(
    request: HttpRequest, so_far: Check, *, error: str = "", chosen: tuple[str, ...] = ()
) -> HttpResponse:
    language = page_language()
    shown = screen_of(so_far, language)
    known = {
        "state": _sealed(so_far),
        "first": not so_far.trail,
        "error": error,
        "section": "check",
    }
    if shown is None:
        return render(request, "learning/outcome.html", known | {"outcome": outcome(so_far, language)})
    known |= {"shown": shown, "chosen": chosen}
    return render(request, "learning/check.html", known, status=400 if error else 200)


def _sealed(so_far: Check) -> str:
    trail = [[one.step, one.shown, one.chosen] for one in so_far.trail]
    return signing.dumps(trail, salt=_SALT, compress=True)


def _opened(text: str) -> Check | None:
    """The check in a field; None where it is not ours, or too old, or made by an older version."""
    try:
        trail = signing.loads(text, salt=_SALT, max_age=_HOURS * 3600)
        found = Check(tuple(Given(step, tuple(shown), tuple(chosen)) for step, shown, chosen in trail))
        screen_of(found, page_language())
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return found
