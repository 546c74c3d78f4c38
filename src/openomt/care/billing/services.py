"""The only writers of claims, fees and payers' rules. Each writes its audit entry in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import Practice, User
from openomt.care.billing import outgoing, x12
from openomt.care.billing.coded import COLUMNS, coded_of, keep
from openomt.care.billing.coding import PayerTerms, code_visit
from openomt.care.billing.fee_csv import FeeRow, write_csv
from openomt.care.billing.models import Claim, ClaimFile, ClaimStep, Clearinghouse, Fee, PayerRule
from openomt.care.billing.outgoing import Lack
from openomt.care.billing.values import Change, ClaimLine, Coded, Modifier, Reason, Warned, money
from openomt.care.patients.charts import RestrictedChartError, check_glass
from openomt.care.visits.documents import DocumentError, signed_document
from openomt.care.visits.models import Visit

State = Claim.State
MOST_AT_ONCE = 500
"""Claims that one press of a button codes or exports."""
_MOST_PAID = 10_000_000


class ClaimError(ValueError):
    """Something that cannot be done with this claim. The message says why, for the person who tried."""


# The register -------------------------------------------------------------------------------------------


def register_signed() -> int:
    """Makes the claims that signed visits still lack; how many. Cheap, and does nothing twice."""
    missing = Visit.objects.filter(state=Visit.State.SIGNED, claim__isnull=True).values_list(
        "pk", "date", "patient__payer", "location__place_of_service"
    )
    claims = [
        Claim(visit_id=visit, date=date, payer=payer, place_of_service=place or "11")
        for visit, date, payer, place in missing.iterator(chunk_size=2000)
    ]
    if not claims:
        return 0
    with transaction.atomic():
        Claim.objects.bulk_create(claims, batch_size=500, ignore_conflicts=True)
        audit.record(None, "claim.register", detail={"claims": len(claims)})
    return len(claims)


# Coding -------------------------------------------------------------------------------------------------


def preview(claim: Claim, practice: Practice) -> Coded:
    """The claim as it would be coded now; answers given to warnings are kept.

    Raises ClaimError where the signed document cannot be trusted.
    """
    try:
        visit = signed_document(claim.visit).visit
    except DocumentError as error:
        raise ClaimError(f"{error}. It is not billed until it is restored from a backup.") from None
    terms = terms_of(claim.visit.patient.payer)
    coded = code_visit(visit, terms, cpt=practice.shows_cpt, price=price_on(claim.date))
    return _with_answers(coded, coded_of(claim).warnings)


def terms_of(payer: str) -> PayerTerms:
    """How a payer wants its claims."""
    rule = PayerRule.objects.filter(payer__iexact=payer.strip()).first() if payer.strip() else None
    if rule is None:
        return PayerTerms()
    return PayerTerms(rule.rule_set or None, rule.pointer_limit, rule.dysfunction_first)


def price_on(day: dt.date) -> Callable[[str], Decimal | None]:
    """What a code costs on a day: the newest fee that had begun by then."""

    def price(code: str) -> Decimal | None:
        fees = Fee.objects.filter(code=code, valid_from__lte=day).order_by("-valid_from")
        return fees.values_list("amount", flat=True).first()

    return price


def _with_answers(coded: Coded, before: Iterable[Warned]) -> Coded:
    """The answers given before, to warnings that say the same."""
    answered = {(one.id, one.message): one for one in before if one.settled}
    warnings = tuple(
        one.model_copy(update={"settled": old.settled, "settled_by": old.settled_by})
        if (old := answered.get((one.id, one.message)))
        else one
        for one in coded.warnings
    )
    return coded.model_copy(update={"warnings": warnings})


def code_claim(user: User, claim: Claim, *, address: str = "") -> Claim:
    """Codes the claim of a signed visit. Raises ClaimError where there is nothing to bill, with the reason."""
    coded = preview(claim, Practice.load())
    if coded.nothing:
        reasons = ". ".join(dict.fromkeys(reason.text for reason in coded.nothing))
        raise ClaimError(f"Nothing to bill: {reasons}.")
    with transaction.atomic():
        claim = _locked(claim)
        _must_be(claim, State.NOT_CODED)
        keep(claim, coded)
        claim.state, claim.coded_by, claim.coded_at = State.CODED, user, timezone.now()
        claim.payer = claim.visit.patient.payer
        claim.save()
        _step(user, claim, "Coded", address=address, action="claim.code")
    return claim


@dataclass(frozen=True, slots=True)
class CodedMany:
    """What became of many claims: how many were coded, and why the others were left."""

    coded: int
    open_warnings: int
    nothing: int
    closed: int


def code_many(user: User, claims: Iterable[Claim], *, address: str = "") -> CodedMany:
    """Codes all that have no open warning. The others stay, and show how many warnings are open."""
    practice = Practice.load()
    counts = dict.fromkeys(("coded", "open_warnings", "nothing", "closed"), 0)
    for claim in claims:
        counts[_code_one(user, claim, practice, address)] += 1
    return CodedMany(**counts)


def _code_one(user: User, claim: Claim, practice: Practice, address: str) -> str:
    try:
        check_glass(user, claim.visit.patient)
        coded = preview(claim, practice)
    except (RestrictedChartError, ClaimError):
        return "closed"
    if coded.nothing:
        return "nothing"
    if coded.open_warnings:
        Claim.objects.filter(pk=claim.pk, state=State.NOT_CODED).update(
            open_warnings=len(coded.open_warnings),
            warnings=[one.model_dump(mode="json") for one in coded.warnings],
        )
        return "open_warnings"
    try:
        code_claim(user, claim, address=address)
    except ClaimError:
        return "closed"
    return "coded"


def settle(user: User, claim: Claim, warning: str, words: str, *, address: str = "") -> None:
    """Answers a warning: why it does not stand in the way. Raises ClaimError without a reason."""
    words = _reason(words)
    shown = preview(claim, Practice.load()) if claim.state == State.NOT_CODED else None
    with transaction.atomic():
        claim = _locked(claim)
        _must_be(claim, State.NOT_CODED, State.CODED)
        coded = shown or coded_of(claim)
        if not any(one.id == warning for one in coded.warnings):
            raise ClaimError("This warning is no longer there.")
        warnings = tuple(
            one.model_copy(update={"settled": words, "settled_by": str(user)}) if one.id == warning else one
            for one in coded.warnings
        )
        answered = coded.model_copy(update={"warnings": warnings})
        if claim.state == State.CODED:
            keep(claim, answered)
        else:
            claim.warnings = [one.model_dump(mode="json") for one in warnings]
            claim.open_warnings = len(answered.open_warnings)
        claim.save(update_fields=COLUMNS)
        _step(user, claim, f"Answered: {warning}", words, address=address, action="claim.settle")


# By hand ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineEdit:
    """A line as somebody wants it. `number` and `modifiers` are codes; an empty `fee`: none."""

    number: str
    modifiers: tuple[str, ...]
    units: int
    fee: Decimal | None
    off: bool
    words: str


def edit_line(user: User, claim: Claim, place: int, edit: LineEdit, *, address: str = "") -> None:
    """Changes a line by hand; what it was, who changed it and why are kept. Raises ClaimError."""
    words = _reason(edit.words)
    with transaction.atomic():
        claim = _locked(claim)
        _must_be(claim, State.CODED)
        coded = coded_of(claim)
        if not 0 <= place < len(coded.lines):
            raise ClaimError("This line is no longer there.")
        line = _edited(coded.lines[place], edit, words, str(user))
        if line == coded.lines[place]:
            raise ClaimError("Nothing was changed.")
        lines = (*coded.lines[:place], line, *coded.lines[place + 1 :])
        keep(claim, coded.model_copy(update={"lines": lines}))
        claim.save(update_fields=COLUMNS)
        fields = ", ".join(one.field for one in line.changes[len(coded.lines[place].changes) :])
        _step(user, claim, f"Changed by hand: {fields}", words, address=address, action="claim.edit")


def _edited(line: ClaimLine, edit: LineEdit, words: str, by: str) -> ClaimLine:
    by_hand = Reason(text=f"By hand: {words}")
    known = {one.number: one for one in line.modifiers}
    modifiers = tuple(
        known.get(number) or Modifier(number=number, words="entered by hand", reason=by_hand)
        for number in edit.modifiers
    )
    hidden = tuple(one for one in line.modifiers if not one.number)
    changed = line.model_copy(
        update={
            "number": edit.number,
            "modifiers": (*hidden, *modifiers),
            "units": edit.units,
            "fee": None if edit.fee is None else money(edit.fee),
            "off": edit.off,
        }
    )
    at = timezone.now().isoformat(timespec="seconds")
    fields: tuple[tuple[str, object, object], ...] = (
        ("code", line.number, changed.number),
        ("modifiers", _shown(line), _shown(changed)),
        ("units", line.units, changed.units),
        ("fee", _amount(line.fee), _amount(changed.fee)),
        ("left out", _yes(line.off), _yes(changed.off)),
    )
    changes = tuple(
        Change.model_validate(
            {"field": name, "was": str(was), "now": str(now), "words": words, "by": by, "at": at}
        )
        for name, was, now in fields
        if was != now
    )
    return changed.model_copy(update={"changes": (*line.changes, *changes)})


def _shown(line: ClaimLine) -> str:
    return " ".join(one.shown for one in line.modifiers) or "none"


def _amount(fee: Decimal | None) -> str:
    return "none" if fee is None else f"{fee:.2f}"


def _yes(off: bool) -> str:
    return "yes" if off else "no"


# What became of it ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payment:
    """What came in, when, and a remark."""

    amount: Decimal
    on: dt.date
    words: str = ""


def pay(user: User, claim: Claim, payment: Payment, *, address: str = "") -> None:
    """Enters a payment. Raises ClaimError for an amount or a day that cannot be."""
    amount = payment.amount
    if not amount.is_finite() or not 0 <= amount < _MOST_PAID:
        raise ClaimError(f"An amount is 0 or more, and below {_MOST_PAID:,}.")
    paid = money(amount)
    if not claim.date <= payment.on <= timezone.localdate():
        raise ClaimError("The day of payment lies between the visit and today.")
    with transaction.atomic():
        claim = _locked(claim)
        _must_be(claim, State.CODED, State.EXPORTED)
        claim.state, claim.paid, claim.paid_on = State.PAID, paid, payment.on
        claim.words = payment.words.strip()[:300]
        claim.save(update_fields=["state", "paid", "paid_on", "words"])
        _step(user, claim, "Paid", payment.words, address=address, action="claim.pay")


def mark_exported(user: User, claim: Claim, words: str, *, address: str = "") -> None:
    """Says that the claim left by another way (paper, a payer's page), with the reason."""
    words = _reason(words)
    with transaction.atomic():
        claim = _locked(claim)
        _must_be(claim, State.CODED)
        claim.state, claim.exported_at = State.EXPORTED, timezone.now()
        claim.save(update_fields=["state", "exported_at"])
        _step(user, claim, "Marked as exported", words, address=address, action="claim.export")


def leave_unbilled(user: User, claim: Claim, words: str, *, address: str = "") -> None:
    """Says that the visit is not billed, with the reason."""
    words = _reason(words)
    with transaction.atomic():
        claim = _locked(claim)
        _must_be(claim, State.NOT_CODED, State.CODED, State.EXPORTED)
        claim.state, claim.words = State.NOT_BILLED, words
        claim.save(update_fields=["state", "words"])
        _step(user, claim, "Not billed", words, address=address, action="claim.drop")


def step_back(user: User, claim: Claim, words: str, *, address: str = "") -> None:
    """One state back, with the reason. A claim set back to not coded loses its lines, not its answers."""
    words = _reason(words)
    with transaction.atomic():
        claim = _locked(claim)
        target = before(claim)
        if target is None:
            raise ClaimError("This claim is where every claim begins.")
        if claim.state == State.PAID:
            claim.paid = claim.paid_on = None
        if claim.state in (State.PAID, State.NOT_BILLED):
            claim.words = ""
        if target == State.NOT_CODED:
            answers = claim.warnings
            keep(claim, Coded())
            claim.warnings, claim.coded_at, claim.coded_by = answers, None, None
        if target == State.CODED:
            claim.exported_at = claim.file = None
        claim.state = target
        claim.save()
        _step(user, claim, f"Back to: {target.label}", words, address=address, action="claim.back")


def before(claim: Claim) -> Claim.State | None:
    """The state a step back leads to; None at the beginning."""
    match claim.state:
        case State.CODED:
            return State.NOT_CODED
        case State.EXPORTED:
            return State.CODED
        case State.PAID:
            return State.EXPORTED if claim.exported_at else State.CODED
        case State.NOT_BILLED:
            if claim.exported_at:
                return State.EXPORTED
            return State.CODED if claim.coded_at else State.NOT_CODED
        case _:
            return None


# Export -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Export:
    """A file, or why there is none. `held`: claims left behind, by reason in words."""

    file: ClaimFile | None
    lacks: tuple[Lack, ...] = ()
    held: tuple[str, ...] = ()
    ready: int = 0


def export(
    user: User, claims: Sequence[Claim], kind: str, *, leave_out: bool = False, address: str = ""
) -> Export:
    """Makes a file of coded claims and marks them exported.

    Claims with open warnings or in a chart closed to this person stay behind. A claim that lacks something for
    837P stops the file, unless `leave_out` says to go without it; what the practice lacks stops it always.
    """
    with transaction.atomic():
        chosen, held = _ready(user, _lock_all(claims))
        practice, house = Practice.load(), Clearinghouse.load()
        lacks: tuple[Lack, ...] = ()
        if kind == ClaimFile.Kind.X12:
            general = tuple(outgoing.lacks_of_practice(practice, house))
            own = tuple(lack for claim in chosen for lack in outgoing.lacks_of(claim))
            incomplete = {lack.claim.pk for lack in own if lack.claim}
            ready = [claim for claim in chosen if claim.pk not in incomplete]
            lacks = (*general, *own)
            if general or (own and not leave_out):
                return Export(None, lacks, tuple(held), len(ready) if not general else 0)
            chosen = ready
        if not chosen:
            return Export(None, lacks, tuple(held))
        file = _file(user, chosen, kind, practice, house)
        for claim in chosen:
            claim.state, claim.exported_at, claim.file = State.EXPORTED, file.made_at, file
            claim.save(update_fields=["state", "exported_at", "file"])
            _step(user, claim, f"Exported in {file}", address=address, action="claim.export")
    return Export(file, lacks, tuple(held))


def _lock_all(claims: Sequence[Claim]) -> list[Claim]:
    keys = [claim.pk for claim in claims[:MOST_AT_ONCE]]
    locked = Claim.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(with_all(locked).order_by("-date", "-pk"))


def with_all(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """The claims with all that a page or a file reads beside them."""
    return claims.select_related(
        "visit__patient", "visit__clinician", "visit__location", "visit__cosignature__signed_by", "file"
    )


def _ready(user: User, claims: Iterable[Claim]) -> tuple[list[Claim], list[str]]:
    ready: list[Claim] = []
    held: list[str] = []
    for claim in claims:
        if claim.state != State.CODED:
            held.append(f"{claim.number}: {claim.get_state_display().lower()}")
        elif claim.open_warnings:
            held.append(f"{claim.number}: open warnings")
        else:
            try:
                check_glass(user, claim.visit.patient)
            except RestrictedChartError:
                held.append(f"{claim.number}: restricted chart, open it first")
                continue
            ready.append(claim)
    return ready, held


def _file(user: User, claims: list[Claim], kind: str, practice: Practice, house: Clearinghouse) -> ClaimFile:
    total = outgoing.total_of(claims)
    file = ClaimFile.objects.create(kind=kind, made_by=user, claims_count=len(claims), total=total)
    if kind == ClaimFile.Kind.X12:
        at = timezone.localtime(file.made_at)
        file.content = x12.write(outgoing.transmission(claims, practice, house, file.pk, at))
    else:
        file.content = write_csv(outgoing.rows(claims))
    file.save(update_fields=["content"])
    return file


# Fees and payers ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import does: fees that are new, changed, and the same as before."""

    new: int
    changed: int
    same: int


def compare_fees(rows: Iterable[FeeRow]) -> Imported:
    """What importing these rows would do."""
    new, changed, same = _sorted_fees(rows)
    return Imported(len(new), len(changed), same)


def _sorted_fees(rows: Iterable[FeeRow]) -> tuple[list[Fee], list[Fee], int]:
    known = {(fee.code, fee.valid_from): fee for fee in Fee.objects.all()}
    new: list[Fee] = []
    changed: list[Fee] = []
    same = 0
    for row in rows:
        fee = known.get((row.code, row.valid_from))
        if fee is None:
            new.append(Fee(code=row.code, words=row.words, amount=row.amount, valid_from=row.valid_from))
        elif (fee.amount, fee.words) != (row.amount, row.words):
            fee.amount, fee.words = row.amount, row.words
            changed.append(fee)
        else:
            same += 1
    return new, changed, same


def import_fees(user: User, rows: Iterable[FeeRow], *, address: str = "") -> Imported:
    """Stores fees: a code and day that are there already are changed. All or nothing.

    Raises ClaimError where the practice has not confirmed its license for CPT.
    """
    _may_price()
    with transaction.atomic():
        new, changed, same = _sorted_fees(rows)
        Fee.objects.bulk_create(new, batch_size=500)
        Fee.objects.bulk_update(changed, ["amount", "words"], batch_size=500)
        done = Imported(len(new), len(changed), same)
        detail: dict[str, object] = {"new": done.new, "changed": done.changed}
        audit.record(user, "fees.import", detail=detail, address=address)
    return done


def remove_fee(user: User, fee: Fee, *, address: str = "") -> None:
    """Takes a fee off the schedule. Claims already coded keep what they were coded with."""
    with transaction.atomic():
        audit.record(user, "fee.remove", subject=f"fee:{fee.uid}", address=address)
        fee.delete()


def _may_price() -> None:
    if not Practice.load().shows_cpt:
        raise ClaimError("Fees stand beside code numbers: confirm the practice's CPT license first.")


def save_payer_rule(user: User, rule: PayerRule, *, address: str = "") -> None:
    """Stores how a payer wants its claims."""
    with transaction.atomic():
        rule.save()
        audit.record(user, "payer.save", subject=f"payer:{rule.uid}", address=address)


def remove_payer_rule(user: User, rule: PayerRule, *, address: str = "") -> None:
    """Goes back to the defaults for this payer."""
    with transaction.atomic():
        audit.record(user, "payer.remove", subject=f"payer:{rule.uid}", address=address)
        rule.delete()


def save_clearinghouse(user: User, house: Clearinghouse, changed: list[str], *, address: str = "") -> None:
    """Stores where claim files go."""
    with transaction.atomic():
        house.save()
        audit.record(user, "clearinghouse.save", detail={"fields": changed}, address=address)


# Shared -------------------------------------------------------------------------------------------------


def _locked(claim: Claim) -> Claim:
    """The claim as it is now, held until the transaction ends."""
    return with_all(Claim.objects.select_for_update(of=("self",))).get(pk=claim.pk)


def _must_be(claim: Claim, *states: Claim.State) -> None:
    if claim.state not in states:
        raise ClaimError(f"This claim is {claim.get_state_display().lower()}: somebody moved it meanwhile.")


def _reason(words: str) -> str:
    words = " ".join(words.split())
    if len(words) < 3:
        raise ClaimError("Say why, in a few words.")
    if len(words) > 300:
        raise ClaimError("The reason is too long: 300 characters fit.")
    return words


def _step(  # noqa: PLR0913  (one argument for each thing a step says)
    user: User, claim: Claim, what: str, words: str = "", *, address: str, action: str
) -> None:
    ClaimStep.objects.create(claim=claim, by=user, what=what[:80], words=words.strip()[:300])
    audit.record(
        user, action, patient_id=claim.visit.patient_id, subject=f"claim:{claim.uid}", address=address
    )
