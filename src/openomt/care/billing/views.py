"""The register of claims, one claim, its files."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice, User
from openomt.care.billing import services
from openomt.care.billing.coded import coded_of
from openomt.care.billing.fee_csv import write_csv
from openomt.care.billing.forms import ALL, FilterForm, LineForm, PayForm, ReasonForm
from openomt.care.billing.models import Claim, ClaimFile
from openomt.care.billing.outgoing import biller_of, rows
from openomt.care.billing.register import filtered, read_register
from openomt.care.billing.services import MOST_AT_ONCE, ClaimError, with_all
from openomt.care.billing.superbill import superbill_pdf
from openomt.care.billing.values import Coded
from openomt.care.patients.charts import RestrictedChartError, check_glass, member, open_chart
from openomt.care.visits.printing.views import pdf_answer

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)
State = Claim.State
_TABS = [*((state.value, state.label) for state in State), (ALL, "All")]


# The register -------------------------------------------------------------------------------------------


@allow(Permission.BILLING_READ)
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Claims by state, with filters. Signed visits that have no claim yet get one first."""
    services.register_signed()
    register = read_register(request)
    user = member(request)
    detail: dict[str, object] = {"state": register.state, "shown": len(register.claims)}
    audit.record(user, "claims.read", detail=detail, address=audit.address_of(request))
    query = request.GET.copy()
    for name in ("after", "state"):
        query.pop(name, None)
    kept = query.urlencode()
    tabs = [
        {"state": state, "label": label, "count": register.counts[state], "here": state == register.state}
        for state, label in _TABS
    ]
    return render(
        request,
        "billing/claims.html",
        {
            "section": "billing",
            "register": register,
            "tabs": tabs,
            "kept": kept,
            "query": urlencode({**query.dict(), "state": register.state}),
            "rows": [_row(user, claim) for claim in register.claims],
            "many": min(register.counts[register.state], MOST_AT_ONCE),
            "limit": MOST_AT_ONCE,
            "cpt": Practice.load().shows_cpt,
        },
    )


def _row(user: User, claim: Claim) -> dict[str, object]:
    coded = coded_of(claim)
    return {
        "claim": claim,
        "name": claim.visit.patient.sorted_name if _is_open(user, claim) else "Restricted chart",
        "clinician": biller_of(claim).name,
        "codes": [line.shown for line in coded.billed],
        "diagnoses": [one.number for one in coded.diagnoses],
    }


def _is_open(user: User, claim: Claim) -> bool:
    try:
        check_glass(user, claim.visit.patient)
    except RestrictedChartError:
        return False
    return True


def _chosen(request: HttpRequest, state: str) -> list[Claim]:
    """The claims of a state that the register's filter, sent along, lets through; no more than are done at once."""
    form = FilterForm(request.POST)
    form.is_valid()
    return list(with_all(filtered(form.cleaned_data).filter(state=state))[:MOST_AT_ONCE])


@allow(Permission.BILLING_WRITE)
@require_POST
def claims_code(request: HttpRequest) -> HttpResponse:
    """Codes all that have no open warning."""
    done = services.code_many(
        member(request), _chosen(request, State.NOT_CODED), address=audit.address_of(request)
    )
    left = (
        (done.open_warnings, "with open warnings"),
        (done.nothing, "with nothing to bill"),
        (done.closed, "in a restricted chart, or changed meanwhile"),
    )
    kept = ", ".join(f"{count} {why}" for count, why in left if count)
    messages.success(request, f"{done.coded} coded." + (f" Left as they were: {kept}." if kept else ""))
    return _back(request)


@allow(Permission.BILLING_WRITE)
@require_POST
def claims_export(request: HttpRequest) -> HttpResponse:
    """Exports all coded claims of the filter, or the one claim named."""
    kind = request.POST.get("kind", "")
    if kind not in ClaimFile.Kind.values:
        raise Http404
    if request.POST.get("claim"):
        chosen = [_claim(request, _uid(request.POST["claim"]))]
    else:
        chosen = _chosen(request, State.CODED)
    export = services.export(
        member(request),
        chosen,
        kind,
        leave_out=request.POST.get("leave_out") == "1",
        address=audit.address_of(request),
    )
    if export.file is None and export.lacks:
        sent = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
        context = {"section": "billing", "export": export, "sent": sent, "kind": kind}
        return render(request, "billing/export_refused.html", context, status=422)
    if export.file is None:
        held = f" Left: {'; '.join(export.held[:10])}." if export.held else ""
        messages.error(request, f"Nothing to export.{held}")
        return _back(request)
    number = export.file.claims_count
    held = f" {len(export.held)} left with open warnings or closed to you." if export.held else ""
    messages.success(
        request, f"{export.file}: {number} claim{'' if number == 1 else 's'}. Fetch it here.{held}"
    )
    return redirect("claim_files")


@allow(Permission.BILLING_READ)
@require_GET
def claims_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The claims of the filter as CSV. Nothing is marked exported."""
    form = FilterForm(request.GET or None)
    form.is_valid()
    said = form.cleaned_data if form.is_bound else {}
    found = filtered(said)
    if said.get("state") and said["state"] != ALL:
        found = found.filter(state=said["state"])
    user = member(request)
    detail: dict[str, object] = {"claims": found.count()}
    audit.record(user, "claims.list", detail=detail, address=audit.address_of(request))
    shown = (claim for claim in with_all(found).iterator(chunk_size=500) if _is_open(user, claim))
    answer = StreamingHttpResponse(_lines(rows(shown)), content_type=_CSV)
    return _attached(answer, "claims.csv")


_CSV = "text/csv; charset=utf-8"


def _lines(table: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV line by line, with a byte-order mark, by which spreadsheets know it for UTF-8."""
    yield "\ufeff"
    for row in table:
        yield write_csv([row])


def _attached(answer: Answer, name: str) -> Answer:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _back(request: HttpRequest) -> HttpResponse:
    names = ("state", "since", "until", "clinician", "payer", "q")
    kept = {name: request.POST[name] for name in names if request.POST.get(name)}
    return redirect(f"{reverse('claims')}?{urlencode(kept)}" if kept else "claims")


# Files --------------------------------------------------------------------------------------------------


@allow(Permission.BILLING_READ)
@require_GET
def claim_files(request: HttpRequest) -> HttpResponse:
    """The files that left, newest first."""
    files = ClaimFile.objects.select_related("made_by").defer("content")[:200]
    return render(request, "billing/files.html", {"section": "billing", "files": files})


@allow(Permission.BILLING_WRITE)
@require_GET
def claim_file(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A file as it left."""
    file = ClaimFile.objects.filter(uid=uid).first()
    if file is None:
        raise Http404
    audit.record(
        member(request), "claimfile.fetch", subject=f"claimfile:{uid}", address=audit.address_of(request)
    )
    if file.kind == ClaimFile.Kind.CSV:
        return _attached(HttpResponse("\ufeff" + file.content, content_type=_CSV), f"claims-{file.pk}.csv")
    content = file.content.encode("ascii")
    return _attached(HttpResponse(content, content_type="application/edi-x12"), f"claims-{file.pk}.837")


# One claim ----------------------------------------------------------------------------------------------


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _claim(request: HttpRequest, uid: uuid.UUID) -> Claim:
    """A claim that is about to be changed: the change itself is audited."""
    claim = with_all(Claim.objects.filter(uid=uid)).first()
    if claim is None:
        raise Http404
    check_glass(member(request), claim.visit.patient)
    return claim


@allow(Permission.BILLING_READ)
@require_GET
def claim(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A claim: its codes and why, its warnings and what to do, the checklist, what was done to it."""
    found = with_all(Claim.objects.filter(uid=uid)).first()
    if found is None:
        raise Http404
    open_chart(request, found.visit.patient.uid, "claim.read", subject=f"claim:{uid}")
    return _page(request, found)


def _page(
    request: HttpRequest, claim: Claim, bound: Mapping[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a claim. `bound`: forms that were refused, by name, with what was typed."""
    practice = Practice.load()
    forms: Mapping[str, Form] = bound or {}
    trouble = ""
    coded = coded_of(claim)
    if claim.state == State.NOT_CODED:
        try:
            coded = services.preview(claim, practice)
        except ClaimError as error:
            coded, trouble = Coded(), str(error)
    writes = member(request).may(Permission.BILLING_WRITE)
    lines = [
        {
            "line": line,
            "place": place,
            "form": forms.get(f"line{place}")
            or LineForm(cpt=practice.shows_cpt, line=line, prefix=f"line{place}"),
            "is_open": f"line{place}" in forms,
        }
        for place, line in enumerate(coded.lines)
    ]
    warnings = [
        {
            "one": one,
            "form": forms.get(f"settle-{one.id}") or ReasonForm(prefix=f"settle-{one.id}"),
            "is_open": f"settle-{one.id}" in forms,
        }
        for one in coded.warnings
    ]
    return render(
        request,
        "billing/claim.html",
        {
            "section": "billing",
            "claim": claim,
            "patient": claim.visit.patient,
            "clinician": biller_of(claim),
            "coded": coded,
            "trouble": trouble,
            "lines": lines,
            "warnings": sorted(warnings, key=lambda row: not row["one"].is_open),
            "missing": sum(row.state == "missing" for row in coded.checklist),
            "steps": claim.steps.select_related("by"),
            "back_to": services.before(claim),
            "cpt": practice.shows_cpt,
            "edits": writes and claim.state == State.CODED,
            "settles": writes and claim.state in (State.NOT_CODED, State.CODED),
            "pay": forms.get("pay") or PayForm(prefix="pay"),
            "leave": forms.get("leave") or ReasonForm(prefix="leave", initial={"words": _nothing(coded)}),
            "back": forms.get("back") or ReasonForm(prefix="back"),
            "mark": forms.get("mark") or ReasonForm(prefix="mark"),
            "refused": set(forms),
        },
        status=status,
    )


def _nothing(coded: Coded) -> str:
    """Why there is nothing to bill, as a first draft of the reason."""
    return ". ".join(dict.fromkeys(reason.text for reason in coded.nothing))[:300]


def _done(
    request: HttpRequest, claim: Claim, named: tuple[str, Form], act: Callable[[], object], said: str
) -> HttpResponse:
    """Does what a form asks for, or shows the page again with what was typed and what is wrong."""
    name, form = named
    if form.is_valid():
        try:
            act()
        except ClaimError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("claim", claim.uid)
    return _page(request, claim, {name: form}, status=422)


@allow(Permission.BILLING_WRITE)
@require_POST
def claim_code(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Codes one claim, whatever its warnings: they stay open until they are answered."""
    found = _claim(request, uid)
    try:
        services.code_claim(member(request), found, address=audit.address_of(request))
    except ClaimError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Coded.")
    return redirect("claim", uid)


@allow(Permission.BILLING_WRITE)
@require_POST
def claim_settle(request: HttpRequest, uid: uuid.UUID, warning: str) -> HttpResponse:
    """Answers a warning with a reason."""
    found, name = _claim(request, uid), f"settle-{warning}"
    form = ReasonForm(request.POST, prefix=name)

    def act() -> None:
        words = form.cleaned_data["words"]
        services.settle(member(request), found, warning, words, address=audit.address_of(request))

    return _done(request, found, (name, form), act, "Answered.")


@allow(Permission.BILLING_WRITE)
@require_POST
def claim_line(request: HttpRequest, uid: uuid.UUID, place: int) -> HttpResponse:
    """Changes a line by hand."""
    found, name = _claim(request, uid), f"line{place}"
    lines = coded_of(found).lines
    if place >= len(lines):
        raise Http404
    form = LineForm(request.POST, cpt=Practice.load().shows_cpt, line=lines[place], prefix=name)

    def act() -> None:
        edit = form.edit(lines[place])
        services.edit_line(member(request), found, place, edit, address=audit.address_of(request))

    return _done(request, found, (name, form), act, "Changed.")


@allow(Permission.BILLING_WRITE)
@require_POST
def claim_pay(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Enters a payment."""
    found, form = _claim(request, uid), PayForm(request.POST, prefix="pay")

    def act() -> None:
        payment = services.Payment(**form.cleaned_data)
        services.pay(member(request), found, payment, address=audit.address_of(request))

    return _done(request, found, ("pay", form), act, "Payment entered.")


_ACTS = {
    "leave": (services.leave_unbilled, "Marked as not billed."),
    "back": (services.step_back, "One step back."),
    "mark": (services.mark_exported, "Marked as exported."),
}


@allow(Permission.BILLING_WRITE)
@require_POST
def claim_move(request: HttpRequest, uid: uuid.UUID, act: str) -> HttpResponse:
    """Not billed, one step back, or exported by another way; each with a reason."""
    if act not in _ACTS:
        raise Http404
    service, said = _ACTS[act]
    found, form = _claim(request, uid), ReasonForm(request.POST, prefix=act)

    def do() -> None:
        service(member(request), found, form.cleaned_data["words"], address=audit.address_of(request))

    return _done(request, found, (act, form), do, said)


@allow(Permission.BILLING_READ)
@require_GET
def superbill(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The superbill of a coded claim."""
    found = with_all(Claim.objects.filter(uid=uid)).first()
    if found is None:
        raise Http404
    open_chart(request, found.visit.patient.uid, "superbill.print", subject=f"claim:{uid}")
    if not found.lines:
        messages.error(request, "Code the claim first: a superbill holds its codes.")
        return redirect("claim", uid)
    return pdf_answer(superbill_pdf(found, Practice.load()), f"superbill-{found.number}")
