"""What is ordered, what came of it, and who read it. Each change stands with its entry in the audit."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.accounts.prepared import Joined
from openomt.care.patients.models import Patient
from openomt.care.visits.models import Order, Visit

LONGEST_LINE, LONGEST_RESULT = 300, 20_000
OPEN_STATES = (Order.State.ORDERED, Order.State.RESULT)
_SHOWN_READ = 5
_holding = Joined(
    Order,
    {},
    lambda patient: Order.objects.filter(patient=patient, holds=True, state__in=OPEN_STATES).order_by("pk"),
)


class OrderError(ValueError):
    """Something that cannot be done with an order. `field`: the box it concerns, where there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def order(  # noqa: PLR0913  (what an order says)
    user: User,
    patient: Patient,
    *,
    kind: str,
    text: str,
    reason: str = "",
    holds: bool = False,
    visit: Visit | None = None,
    address: str = "",
) -> Order:
    """Orders something. Raises OrderError for a kind that is none, an empty or too long text, another's visit."""
    text, reason = text.strip(), reason.strip()
    if kind not in Order.Kind.values:
        raise OrderError("Imaging, a test or a referral?", "kind")
    if not text:
        raise OrderError("Say what is ordered.", "text")
    for field, value in (("text", text), ("reason", reason)):
        if len(value) > LONGEST_LINE:
            raise OrderError(f"At most {LONGEST_LINE} characters.", field)
    if visit is not None and visit.patient_id != patient.pk:
        raise OrderError("This visit is of another patient.")
    with transaction.atomic():
        row = Order.objects.create(
            patient=patient, visit=visit, kind=kind, text=text, reason=reason, holds=holds, ordered_by=user
        )
        _record(user, row, "order.add", ["kind", "text", "reason", "holds"], address)
    return row


def result_in(user: User, row: Order, text: str, *, address: str = "") -> Order:
    """Enters a result, or adds to one. A result that was read and is added to must be read again.

    Raises OrderError for an empty or too long text, and for an order that was canceled.
    """
    text = text.strip()
    if not text:
        raise OrderError("Write or paste the result.", "result")
    with transaction.atomic():
        row = _locked(row)
        if row.state == Order.State.CANCELED:
            raise OrderError("This order was canceled: it takes no result.")
        whole = f"{row.result}\n\n{text}" if row.result else text
        if len(whole) > LONGEST_RESULT:
            raise OrderError(
                f"At most {LONGEST_RESULT:,} characters in all. Add the report as a document.", "result"
            )
        row.result, row.state, row.read_by, row.read_at = whole, Order.State.RESULT, None, None
        row.save()
        _record(user, row, "order.result", ["result", "state"], address)
    return row


def read(user: User, row: Order, *, address: str = "") -> Order:
    """Marks a result as read, which releases what it held. Raises OrderError where there is none, or no right to."""
    if not user.may(Permission.VISIT_SIGN):
        raise OrderError("Only a clinician who signs visits reads a result.")
    with transaction.atomic():
        row = _locked(row)
        if row.state != Order.State.RESULT:
            raise OrderError("There is no new result to read.")
        row.state, row.read_by, row.read_at = Order.State.READ, user, timezone.now()
        row.save()
        _record(user, row, "order.read", ["state"], address)
    return row


def cancel(user: User, row: Order, *, address: str = "") -> Order:
    """Cancels an order without a result, which releases what it held. Raises OrderError otherwise."""
    with transaction.atomic():
        row = _locked(row)
        if row.state != Order.State.ORDERED:
            raise OrderError("Only an order that has no result yet can be canceled.")
        row.state = Order.State.CANCELED
        row.save()
        _record(user, row, "order.cancel", ["state"], address)
    return row


def holding(patient: Patient) -> tuple[Order, ...]:
    """The orders that treatment waits for, oldest first."""
    return tuple(_holding.rows(patient.pk))


def recent(patient: Patient) -> tuple[Order, ...]:
    """What is open, and what was read last."""
    rows = patient.orders.select_related("ordered_by", "read_by")
    still = list(rows.filter(state__in=OPEN_STATES))
    return (*still, *rows.filter(state=Order.State.READ)[:_SHOWN_READ])


def _locked(row: Order) -> Order:
    """The order as it is now, held until the transaction ends."""
    return Order.objects.select_for_update(of=("self",)).select_related("patient").get(pk=row.pk)


def _record(user: User, row: Order, action: str, fields: list[str], address: str) -> None:
    audit.record(
        user,
        action,
        patient_id=row.patient_id,
        subject=f"order:{row.uid}",
        detail={"fields": fields},
        address=address,
    )
