"""The page of one's own phrases, and the list that the visit page expands from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients.charts import member
from openomt.care.visits.phrases import services
from openomt.care.visits.phrases.forms import PhraseForm


@allow(Permission.VISIT_WRITE)
@require_http_methods(["GET", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    """One's own phrases; POST adds or changes one."""
    user = member(request)
    if request.method != "POST":
        held = user.phrases.filter(short=request.GET.get("change", "")).first()
        start = {"before": held.short, "short": held.short, "text": held.text} if held else None
        return _page(request, PhraseForm(initial=start), changing=bool(held))
    form = PhraseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = services.save(
                user, data["short"], data["text"], before=data["before"], address=audit.address_of(request)
            )
        except services.PhraseError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f".{row.short} is kept.")
            return redirect("phrases")
    return _page(request, form, changing=bool(request.POST.get("before")), status=422)


def _page(request: HttpRequest, form: PhraseForm, *, changing: bool, status: int = 200) -> HttpResponse:
    held = list(member(request).phrases.all())
    context = {
        "form": form,
        "changing": changing,
        "phrases": held,
        "starters": () if held else services.STARTERS,
        "left": len({short for short, _ in services.STARTERS} - {one.short for one in held}),
    }
    return render(request, "visits/phrases/page.html", context, status=status)


@allow(Permission.VISIT_WRITE)
@require_POST
def phrase_remove(request: HttpRequest) -> HttpResponse:
    """Removes one."""
    short = request.POST.get("short", "")
    if services.remove(member(request), short, address=audit.address_of(request)):
        messages.success(request, f".{short} is removed.")
    return redirect("phrases")


@allow(Permission.VISIT_WRITE)
@require_POST
def phrase_starters(request: HttpRequest) -> HttpResponse:
    """Adds the starting set."""
    added = services.add_starters(member(request), address=audit.address_of(request))
    messages.success(request, f"{added} phrases added. Change them to your own words.")
    return redirect("phrases")


@allow(Permission.VISIT_WRITE)
@require_GET
@never_cache
def phrases_json(request: HttpRequest) -> JsonResponse:
    """Short form to text, of the person who asks."""
    return JsonResponse(dict(member(request).phrases.values_list("short", "text")))
