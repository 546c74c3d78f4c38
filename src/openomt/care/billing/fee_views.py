"""The fee schedule, and how payers want their claims."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice
from openomt.care.billing import services
from openomt.care.billing.coding import rule_sets
from openomt.care.billing.fee_csv import COLUMNS, FeeFile, FeeRow, read_fees, write_csv
from openomt.care.billing.forms import ClearinghouseForm, FeeFileForm, FeeForm, PayerRuleForm
from openomt.care.billing.models import Clearinghouse, Fee, PayerRule
from openomt.care.billing.services import ClaimError
from openomt.care.patients.charts import member
from openomt.care.patients.models import Patient

MOST_SHOWN = 100
"""Problems or rows of a file that are shown at once."""
_TODAY = "today"


# Fees -----------------------------------------------------------------------------------------------------


@allow(Permission.BILLING_READ)
@require_GET
def fees(request: HttpRequest) -> HttpResponse:
    """The fee schedule: what counts today, what comes, what was."""
    return _fees(request)


def _fees(
    request: HttpRequest, form: FeeForm | None = None, upload: FeeFileForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    current: set[str] = set()
    shown = []
    for fee in Fee.objects.all():  # newest first within a code
        if fee.valid_from > today:
            standing = "from then on"
        elif fee.code in current:
            standing = "replaced"
        else:
            standing = _TODAY
            current.add(fee.code)
        shown.append({"fee": fee, "standing": standing})
    return render(
        request,
        "billing/fees.html",
        {
            "section": "billing",
            "fees": shown,
            "form": form or FeeForm(initial={"valid_from": today}),
            "upload": upload or FeeFileForm(),
            "cpt": Practice.load().shows_cpt,
            "columns": COLUMNS,
        },
        status=status,
    )


@allow(Permission.BILLING_WRITE)
@require_POST
def fee_save(request: HttpRequest) -> HttpResponse:
    """Adds a fee; one of the same code and day is replaced."""
    form = FeeForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        row = FeeRow(1, said["code"], said["amount"], said["words"], said["valid_from"])
        try:
            services.import_fees(member(request), [row], address=audit.address_of(request))
        except ClaimError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{row.code}: kept.")
            return redirect("fees")
    return _fees(request, form=form, status=422)


@allow(Permission.BILLING_WRITE)
@require_POST
def fee_remove(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Takes a fee off the schedule."""
    fee = Fee.objects.filter(uid=uid).first()
    if fee is None:
        raise Http404
    services.remove_fee(member(request), fee, address=audit.address_of(request))
    messages.success(request, f"{fee}: taken off the schedule.")
    return redirect("fees")


@allow(Permission.BILLING_WRITE)
@require_POST
def fees_import(request: HttpRequest) -> HttpResponse:
    """A file is shown as it was understood; only a second step stores it. Nothing is stored while a line is wrong."""
    confirmed = request.POST.get("rows")
    if confirmed is not None:
        return _store(request, read_fees(confirmed.encode()))
    form = FeeFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _fees(request, upload=form, status=422)
    return _preview(request, read_fees(form.cleaned_data["file"].read()))


def _preview(request: HttpRequest, read: FeeFile, status: int = 200) -> HttpResponse:
    context = {
        "section": "billing",
        "read": read,
        "problems": read.problems[:MOST_SHOWN],
        "rows": read.rows[:MOST_SHOWN],
        "change": services.compare_fees(read.rows) if not read.problems else None,
        "csv": _fee_csv(read.rows) if not read.problems else "",
        "cpt": Practice.load().shows_cpt,
    }
    return render(request, "billing/fees_import.html", context, status=422 if read.problems else status)


def _store(request: HttpRequest, read: FeeFile) -> HttpResponse:
    if read.problems:
        return _preview(request, read)
    try:
        done = services.import_fees(member(request), read.rows, address=audit.address_of(request))
    except ClaimError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Fees: {done.new} new, {done.changed} changed, {done.same} as before.")
    return redirect("fees")


def _fee_csv(rows: tuple[FeeRow, ...]) -> str:
    return write_csv([COLUMNS, *((row.code, row.amount, row.words, row.valid_from) for row in rows)])


@allow(Permission.BILLING_READ)
@require_GET
def fees_csv(request: HttpRequest) -> HttpResponse:
    """The whole schedule as CSV, in the columns the import reads."""
    rows = Fee.objects.values_list("code", "amount", "words", "valid_from")
    answer = HttpResponse("\ufeff" + write_csv([COLUMNS, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="fees.csv"'
    return answer


# Payers ---------------------------------------------------------------------------------------------------


@allow(Permission.BILLING_READ)
@require_GET
def payers(request: HttpRequest) -> HttpResponse:
    """How payers want their claims, and where claim files go."""
    return _payers(request)


def _payers(
    request: HttpRequest,
    form: PayerRuleForm | None = None,
    house: ClearinghouseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rules = list(PayerRule.objects.all())
    titles = {one.id: one.title for one in rule_sets()}
    known = {rule.payer.casefold() for rule in rules}
    used = (
        Patient.objects.filter(merged_into=None)
        .exclude(payer="")
        .values_list("payer")
        .annotate(patients=Count("pk"))
        .order_by("-patients", "payer")[:200]
    )
    return render(
        request,
        "billing/payers.html",
        {
            "section": "billing",
            "rules": [{"rule": rule, "title": titles.get(rule.rule_set, "")} for rule in rules],
            "rule_sets": rule_sets(),
            "without": [(payer, count) for payer, count in used if payer.casefold() not in known][:20],
            "form": form or PayerRuleForm(initial={"payer": request.GET.get("payer", "")[:80]}),
            "house": house or ClearinghouseForm(instance=Clearinghouse.load()),
        },
        status=status,
    )


@allow(Permission.BILLING_WRITE)
@require_http_methods(["GET", "POST"])
def payer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One payer's rule, to be changed."""
    rule = PayerRule.objects.filter(uid=uid).first()
    if rule is None:
        raise Http404
    form = PayerRuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        return _kept(request, form)
    context = {"section": "billing", "form": form, "rule": rule, "rule_sets": rule_sets()}
    return render(request, "billing/payer.html", context, status=422 if form.errors else 200)


@allow(Permission.BILLING_WRITE)
@require_POST
def payer_add(request: HttpRequest) -> HttpResponse:
    """Adds a payer's rule."""
    form = PayerRuleForm(request.POST)
    return _kept(request, form) if form.is_valid() else _payers(request, form=form, status=422)


def _kept(request: HttpRequest, form: PayerRuleForm) -> HttpResponse:
    rule = form.save(commit=False)
    services.save_payer_rule(member(request), rule, address=audit.address_of(request))
    messages.success(request, f"{rule.payer}: kept. It counts for claims coded from now on.")
    return redirect("payers")


@allow(Permission.BILLING_WRITE)
@require_POST
def payer_remove(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Goes back to the defaults for a payer."""
    rule = PayerRule.objects.filter(uid=uid).first()
    if rule is None:
        raise Http404
    services.remove_payer_rule(member(request), rule, address=audit.address_of(request))
    messages.success(request, f"{rule.payer}: defaults from now on.")
    return redirect("payers")


@allow(Permission.BILLING_WRITE)
@require_POST
def clearinghouse(request: HttpRequest) -> HttpResponse:
    """Where claim files go."""
    form = ClearinghouseForm(request.POST, instance=Clearinghouse.load())
    if not form.is_valid():
        return _payers(request, house=form, status=422)
    house = form.save(commit=False)
    services.save_clearinghouse(member(request), house, form.changed_data, address=audit.address_of(request))
    messages.success(request, "Receiver of claim files: kept.")
    return redirect("payers")
