"""Orders of a patient: listed, made, answered, read, canceled."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import User
from openomt.care.patients.charts import check_glass, member, open_chart
from openomt.care.patients.facts import known
from openomt.care.patients.models import Patient
from openomt.care.visits.models import Order, Visit
from openomt.care.visits.orders import advice, services
from openomt.care.visits.orders.forms import OrderForm, ResultForm


@allow(Permission.VISIT_READ)
@require_GET
def orders(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Every order of a patient, the newest first."""
    patient = open_chart(request, uid, "order.list")
    rows = patient.orders.select_related("ordered_by", "read_by")
    context = {
        "section": "patients",
        "patient": patient,
        "open": [row for row in rows if row.state in services.OPEN_STATES],
        "closed": [row for row in rows if row.state not in services.OPEN_STATES],
    }
    return render(request, "visits/orders/list.html", context)


@allow(Permission.VISIT_WRITE)
@require_http_methods(["GET", "POST"])
def order_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A new order; `?visit=` the visit it is made in."""
    patient = open_chart(request, uid, "order.write")
    visit = _visit(request, patient)
    if request.method != "POST":
        return _new_page(request, patient, visit, OrderForm())
    form = OrderForm(request.POST)
    if form.is_valid():
        try:
            services.order(
                member(request), patient, visit=visit, address=audit.address_of(request), **form.cleaned_data
            )
        except services.OrderError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, "Ordered.")
            return redirect("visit", visit.uid) if visit else redirect("orders", patient.uid)
    return _new_page(request, patient, visit, form, status=422)


def _new_page(
    request: HttpRequest, patient: Patient, visit: Visit | None, form: OrderForm, status: int = 200
) -> HttpResponse:
    words = f"{form['text'].value() or ''} {form['reason'].value() or ''}"
    context = {
        "section": "patients",
        "patient": patient,
        "visit": visit,
        "form": form,
        "advice": advice.advice(words, known(patient, timezone.localdate())),
        "rules": advice.everything(),
    }
    return render(request, "visits/orders/new.html", context, status=status)


def _visit(request: HttpRequest, patient: Patient) -> Visit | None:
    """The draft the order is made in. Raises Http404 for one that is not this patient's."""
    wanted = request.GET.get("visit") or request.POST.get("visit")
    if not wanted:
        return None
    try:
        return Visit.objects.get(uid=uuid.UUID(wanted), patient=patient)
    except (ValueError, Visit.DoesNotExist):
        raise Http404 from None


@allow(Permission.VISIT_WRITE)
@require_POST
def order_advice(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What the rules of imaging say of what is being typed. The page's own opening is in the audit."""
    patient = get_object_or_404(Patient, uid=uid)
    check_glass(member(request), patient)
    words = f"{request.POST.get('text', '')[:1000]} {request.POST.get('reason', '')[:1000]}"
    found = advice.advice(words, known(patient, timezone.localdate()))
    imaging = request.POST.get("kind", "imaging") == Order.Kind.IMAGING
    return render(request, "visits/orders/advice.html", {"advice": found if imaging else ()})


@allow(Permission.VISIT_READ)
@require_GET
def order(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One order, with its result and what can be done."""
    return _page(request, _order(request, uid, "order.open"), ResultForm())


def _order(request: HttpRequest, uid: uuid.UUID, action: str) -> Order:
    """The order, its patient's chart opened. Raises Http404, RestrictedChartError."""
    row = Order.objects.select_related("patient", "ordered_by", "read_by", "visit").filter(uid=uid).first()
    if row is None:
        raise Http404
    open_chart(request, row.patient.uid, action, subject=f"order:{row.uid}")
    return row


def _page(request: HttpRequest, row: Order, form: ResultForm, status: int = 200) -> HttpResponse:
    context = {"section": "patients", "patient": row.patient, "order": row, "form": form}
    return render(request, "visits/orders/order.html", context, status=status)


@allow(Permission.VISIT_WRITE)
@require_POST
def order_result(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Enters the result."""
    row = _order(request, uid, "order.write")
    form = ResultForm(request.POST)
    if form.is_valid():
        try:
            services.result_in(
                member(request), row, form.cleaned_data["result"], address=audit.address_of(request)
            )
        except services.OrderError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, "The result is kept. It still has to be read.")
            return redirect("order", row.uid)
    return _page(request, row, form, status=422)


@allow(Permission.VISIT_SIGN)
@require_POST
def order_read(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Marks the result as read."""
    return _done(request, uid, services.read, "Read.")


@allow(Permission.VISIT_WRITE)
@require_POST
def order_cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Cancels the order."""
    return _done(request, uid, services.cancel, "Canceled.")


def _done(request: HttpRequest, uid: uuid.UUID, act: Callable[..., Order], words: str) -> HttpResponse:
    row = _order(request, uid, "order.write")
    user: User = member(request)
    try:
        act(user, row, address=audit.address_of(request))
    except services.OrderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("order", row.uid)
