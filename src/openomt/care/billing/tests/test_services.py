"""Claims from the signed visit to the payment: what each step does, refuses and leaves in the audit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.billing import services
from openomt.care.billing.coded import coded_of
from openomt.care.billing.fee_csv import FeeRow
from openomt.care.billing.models import Claim, ClaimFile, ClaimStep, Fee, PayerRule
from openomt.care.billing.services import ClaimError, LineEdit, Payment
from openomt.care.billing.tests import made
from openomt.care.visits.models import SignedVisit, Visit

pytestmark = pytest.mark.django_db
State = Claim.State


@pytest.fixture
def user() -> User:
    made.practice()
    made.house()
    made.fees(c98926="85", c98925="60", c99203="150", c99213="120")
    return made.biller()


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


# The register -------------------------------------------------------------------------------------------


def test_each_signed_visit_gets_one_claim(user: User) -> None:
    visit = made.signed_visit()
    assert services.register_signed() == 1
    assert services.register_signed() == 0
    claim = Claim.objects.get()
    assert (claim.visit, claim.state, claim.date, claim.payer) == (
        visit,
        State.NOT_CODED,
        visit.date,
        "Example Health",
    )
    assert actions().count("claim.register") == 1


def test_a_visit_that_awaits_its_co_signature_has_no_claim(user: User) -> None:
    trainee = testing.member(Role.TRAINEE, npi=made.NPI)
    visit = made.signed_visit(trainee)
    assert visit.state == Visit.State.AWAITING
    assert services.register_signed() == 0


def test_looking_for_missing_claims_is_one_query(user: User) -> None:
    made.claim()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.register_signed()
    assert len(queries) == 1


# Coding -------------------------------------------------------------------------------------------------


def test_coding_keeps_codes_reasons_fees_and_who_did_it(user: User) -> None:
    claim = made.coded(user)
    value = coded_of(claim)
    [line] = value.lines
    assert (claim.state, claim.coded_by, claim.total) == (State.CODED, user, Decimal("85.00"))
    assert (line.number, line.fee) == ("98926", Decimal("85.00"))
    assert "3 regions counted" in line.reason.text
    assert len(value.checklist) == 13
    assert actions()[-1] == "claim.code"
    assert AuditEvent.objects.latest("pk").patient_id == claim.visit.patient_id


def test_the_fee_is_the_one_valid_on_the_day_of_the_visit(user: User) -> None:
    Fee.objects.create(
        code="98926", amount=Decimal("99"), valid_from=timezone.localdate() + dt.timedelta(days=1)
    )
    Fee.objects.create(
        code="98926", amount=Decimal("88"), valid_from=timezone.localdate() - dt.timedelta(days=3)
    )
    assert made.coded(user).total == Decimal("88.00")
    past = made.signed_visit(day=timezone.localdate() - dt.timedelta(days=10))
    assert made.coded(user, past).total == Decimal("85.00")


def test_without_a_confirmed_license_a_claim_is_in_words(user: User) -> None:
    made.practice(cpt=False)
    [line] = coded_of(made.coded(user)).lines
    assert (line.number, line.words, line.fee) == ("", "OMT, 3-4 regions", None)


def test_a_claim_is_coded_once(user: User) -> None:
    claim = made.coded(user)
    with pytest.raises(ClaimError, match="somebody moved it"):
        services.code_claim(user, claim)


def test_a_visit_with_nothing_to_bill_is_not_coded_and_says_why(user: User) -> None:
    claim = made.claim(text="T5 FRSr tender")
    with pytest.raises(ClaimError, match="Nothing to bill: No treatment is charted"):
        services.code_claim(user, claim)
    claim.refresh_from_db()
    assert claim.state == State.NOT_CODED


def test_a_document_that_was_changed_is_not_billed(user: User) -> None:
    claim = made.claim()
    signed = claim.visit.signed
    broken = SignedVisit(pk=signed.pk, document=signed.document.replace("T5", "T6"), sha256=signed.sha256)
    claim.visit.signed = broken
    with pytest.raises(ClaimError, match="was changed"):
        services.code_claim(user, claim)


def test_the_payers_rule_is_applied(user: User) -> None:
    PayerRule.objects.create(payer="example health", dysfunction_first=True, pointer_limit=2)
    value = coded_of(made.coded(user))
    assert value.diagnoses[0].number.startswith("M99")
    assert len(value.lines[0].pointers) == 2


def test_all_without_an_open_warning_are_coded_and_the_others_show_theirs(user: User) -> None:
    clean, warned, empty = made.claim(), made.claim(agreed=None), made.claim(text="T5 FRSr")
    closed = made.claim(made.signed_visit(patient=made.insured(restricted=True)))
    done = services.code_many(user, Claim.objects.order_by("pk"))
    assert done == services.CodedMany(coded=1, open_warnings=1, nothing=1, closed=1)
    states = dict(Claim.objects.values_list("pk", "state"))
    assert states == {
        clean.pk: State.CODED,
        warned.pk: State.NOT_CODED,
        empty.pk: State.NOT_CODED,
        closed.pk: State.NOT_CODED,
    }
    warned.refresh_from_db()
    assert warned.open_warnings == 1


# Warnings -----------------------------------------------------------------------------------------------


def test_an_answered_warning_stays_answered_when_the_claim_is_coded(user: User) -> None:
    claim = made.claim(agreed=None)
    services.settle(user, claim, "MISSING_CONSENT", "Signed form in the documents")
    claim.refresh_from_db()
    assert claim.open_warnings == 0
    coded = services.code_claim(user, claim)
    [warning] = [one for one in coded_of(coded).warnings if one.id == "MISSING_CONSENT"]
    assert warning.settled == "Signed form in the documents"
    assert warning.settled_by == str(user)
    assert coded.open_warnings == 0


def test_an_answer_needs_a_reason_and_a_warning(user: User) -> None:
    claim = made.claim(agreed=None)
    with pytest.raises(ClaimError, match="Say why"):
        services.settle(user, claim, "MISSING_CONSENT", " x ")
    with pytest.raises(ClaimError, match="no longer there"):
        services.settle(user, claim, "UNSIGNED", "because")


def test_the_audit_never_holds_the_reason(user: User) -> None:
    claim = made.claim(agreed=None)
    services.settle(user, claim, "MISSING_CONSENT", "A secret reason")
    event = AuditEvent.objects.latest("pk")
    assert event.action == "claim.settle"
    assert "secret" not in f"{event.detail} {event.subject}"
    assert ClaimStep.objects.latest("pk").words == "A secret reason"


# By hand ------------------------------------------------------------------------------------------------


def edit(**changes: object) -> LineEdit:
    values: dict[str, object] = {
        "number": "98926",
        "modifiers": (),
        "units": 1,
        "fee": Decimal("85.00"),
        "off": False,
        "words": "As the payer asked",
    }
    return LineEdit(**(values | changes))  # type: ignore[arg-type]


def test_a_change_by_hand_keeps_what_it_was_and_why(user: User) -> None:
    claim = made.coded(user)
    services.edit_line(
        user, claim, 0, edit(number="98925", modifiers=("GA",), units=2, fee=Decimal("60.005"))
    )
    claim.refresh_from_db()
    [line] = coded_of(claim).lines
    assert (line.number, line.units, line.fee) == ("98925", 2, Decimal("60.01"))
    assert claim.total == Decimal("120.02")
    assert [(one.field, one.was, one.now) for one in line.changes] == [
        ("code", "98926", "98925"),
        ("modifiers", "none", "GA"),
        ("units", "1", "2"),
        ("fee", "85.00", "60.01"),
    ]
    assert {one.words for one in line.changes} == {"As the payer asked"}
    assert line.modifiers[0].reason.text == "By hand: As the payer asked"


def test_a_line_left_off_does_not_count(user: User) -> None:
    claim = made.coded(user, separate=made.SEPARATE)
    assert len(coded_of(claim).lines) == 2
    services.edit_line(user, claim, 0, edit(number="99203", modifiers=("25",), fee=Decimal("150"), off=True))
    claim.refresh_from_db()
    assert claim.total == Decimal("85.00")
    assert [line.about for line in coded_of(claim).billed] == ["treatment"]


def test_a_change_that_changes_nothing_is_refused(user: User) -> None:
    claim = made.coded(user)
    with pytest.raises(ClaimError, match="Nothing was changed"):
        services.edit_line(user, claim, 0, edit())
    with pytest.raises(ClaimError, match="no longer there"):
        services.edit_line(user, claim, 5, edit(units=2))


# States -------------------------------------------------------------------------------------------------


def test_a_claim_is_paid_by_hand(user: User) -> None:
    claim = made.coded(user)
    services.pay(user, claim, Payment(Decimal("70"), timezone.localdate(), "part"))
    claim.refresh_from_db()
    assert (claim.state, claim.paid, claim.words) == (State.PAID, Decimal("70.00"), "part")


@pytest.mark.parametrize("amount", [Decimal("-1"), Decimal("10000000"), Decimal("1e30"), Decimal("NaN")])
def test_an_amount_that_cannot_be_is_refused(user: User, amount: Decimal) -> None:
    with pytest.raises(ClaimError, match="amount"):
        services.pay(user, made.coded(user), Payment(amount, timezone.localdate()))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_of_payment_before_the_visit_or_after_today_is_refused(user: User, days: int) -> None:
    day = timezone.localdate() + dt.timedelta(days=days)
    with pytest.raises(ClaimError, match="day of payment"):
        services.pay(user, made.coded(user), Payment(Decimal(1), day))


def test_a_visit_is_left_unbilled_only_with_a_reason(user: User) -> None:
    claim = made.claim()
    with pytest.raises(ClaimError, match="Say why"):
        services.leave_unbilled(user, claim, "")
    services.leave_unbilled(user, claim, "A courtesy visit")
    claim.refresh_from_db()
    assert (claim.state, claim.words) == (State.NOT_BILLED, "A courtesy visit")


def test_every_state_goes_back_one_step_with_a_reason(user: User) -> None:
    claim = made.coded(user)
    services.mark_exported(user, claim, "Sent on paper")
    services.pay(user, claim, Payment(Decimal("85"), timezone.localdate()))
    seen = []
    for _ in range(3):
        services.step_back(user, claim, "A mistake")
        claim.refresh_from_db()
        seen.append(claim.state)
    assert seen == [State.EXPORTED, State.CODED, State.NOT_CODED]
    assert (claim.lines, claim.total, claim.paid) == ([], Decimal("0.00"), None)
    with pytest.raises(ClaimError, match="begins"):
        services.step_back(user, claim, "Once more")


@pytest.mark.parametrize("coded", [False, True])
def test_a_visit_that_was_not_billed_comes_back_to_where_it_was(user: User, coded: bool) -> None:
    claim = made.coded(user) if coded else made.claim()
    services.leave_unbilled(user, claim, "A courtesy visit")
    claim.refresh_from_db()
    services.step_back(user, claim, "Billed after all")
    claim.refresh_from_db()
    assert claim.state == (State.CODED if coded else State.NOT_CODED)
    assert claim.words == ""


def test_a_claim_that_somebody_moved_meanwhile_is_not_moved_again(user: User) -> None:
    claim = made.coded(user)
    stale = Claim.objects.get(pk=claim.pk)
    services.pay(user, claim, Payment(Decimal(1), timezone.localdate()))
    for act in (services.leave_unbilled, services.mark_exported):
        with pytest.raises(ClaimError, match="somebody moved it"):
            act(user, stale, "late")


def test_steps_cannot_be_changed_or_removed(user: User) -> None:
    made.coded(user)
    step = ClaimStep.objects.latest("pk")
    with pytest.raises(DatabaseError), transaction.atomic():
        ClaimStep.objects.filter(pk=step.pk).update(words="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        step.delete()


# Export -------------------------------------------------------------------------------------------------


def test_an_837p_file_is_kept_and_marks_its_claims(user: User) -> None:
    from openomt.care.billing.tests.test_x12 import assert_accepted

    claims = [made.coded(user), made.coded(user, separate=made.SEPARATE)]
    export = services.export(user, claims, "837p")
    assert export.file is not None
    assert_accepted(export.file.content)
    assert export.file.claims_count == 2
    assert export.file.total == Decimal("320.00")
    for claim in claims:
        claim.refresh_from_db()
        assert (claim.state, claim.file) == (State.EXPORTED, export.file)
        assert f"CLM*{claim.number}*" in export.file.content
    assert actions().count("claim.export") == 2


def test_each_file_has_a_control_number_of_its_own(user: User) -> None:
    numbers = set()
    for _ in range(3):
        file = services.export(user, [made.coded(user)], "837p").file
        assert file is not None
        numbers.add(file.content.split("*")[13])
    assert len(numbers) == 3


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"npi": ""}, "NPI of the practice"),
        ({"npi": "1234567890"}, "NPI of the practice"),
        ({"tax_id": "12-34"}, "tax ID"),
        ({"street": ""}, "street of the practice"),
        ({"city": ""}, "city of the practice"),
        ({"state": ""}, "state"),
        ({"postal_code": "45501"}, "nine digits"),
        ({"phone": "0100"}, "phone"),
        ({"claim_submitter": ""}, "submitter ID"),
        ({"name": "診療所"}, "Latin letters"),
        ({"cpt_confirmed_at": None}, "CPT switched on"),
    ],
)
def test_what_the_practice_lacks_is_named_with_where_to_enter_it(
    user: User, fields: dict[str, object], part: str
) -> None:
    claim = made.coded(user)
    testing.practice(**fields)
    export = services.export(user, [claim], "837p", leave_out=True)
    assert export.file is None
    assert any(part in lack.what and lack.where == "Practice" and lack.address for lack in export.lacks)
    claim.refresh_from_db()
    assert claim.state == State.CODED
    assert not ClaimFile.objects.exists()


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"member_id": ""}, "member ID"),
        ({"payer_id": ""}, "payer ID"),
        ({"payer": ""}, "payer's name"),
        ({"payer_kind": "self_pay"}, "superbill"),
        ({"street": ""}, "street of the patient"),
        ({"postal_code": "1"}, "ZIP code"),
        ({"family_name": "王", "given_names": "小明"}, "name in Latin letters"),
    ],
)
def test_what_a_patient_lacks_is_named_and_can_be_left_out(
    user: User, fields: dict[str, object], part: str
) -> None:
    whole = made.coded(user)
    lacking = made.coded(user, made.signed_visit(patient=made.insured(**fields)))
    refused = services.export(user, [whole, lacking], "837p")
    assert refused.file is None
    assert refused.ready == 1
    assert any(part in lack.what and lack.claim == lacking for lack in refused.lacks)
    done = services.export(user, [whole, lacking], "837p", leave_out=True)
    assert done.file is not None
    lacking.refresh_from_db()
    assert lacking.state == State.CODED
    assert done.file.claims_count == 1


def test_a_clinician_without_npi_and_a_code_without_fee_are_named(user: User) -> None:
    Fee.objects.all().delete()
    claim = made.coded(user, made.signed_visit(made.doctor(npi="")))
    whats = " / ".join(lack.what for lack in services.export(user, [claim], "837p").lacks)
    assert "NPI of Grace Physician" in whats
    assert "a fee for 98926" in whats


def test_a_code_that_is_not_whole_is_named(user: User) -> None:
    claim = made.coded(user, diagnoses="M54.5")
    whats = " / ".join(lack.what for lack in services.export(user, [claim], "837p").lacks)
    assert "a full ICD-10-CM code in place of M54.5" in whats


def test_the_co_signing_physician_stands_on_the_claim(user: User) -> None:
    from openomt.care.visits import services as visits

    trainee = testing.member(Role.TRAINEE, name="Tom Trainee")
    visit = made.signed_visit(trainee)
    visits.cosign(made.doctor(name="Clara Attending"), visit)
    visit.refresh_from_db()
    export = services.export(user, [made.coded(user, visit)], "837p")
    assert export.file is not None
    assert "NM1*82*1*ATTENDING*CLARA****XX*1234567893" in export.file.content


def test_open_warnings_and_closed_charts_stay_behind(user: User) -> None:
    warned = made.coded(user, agreed=None)
    closed = made.coded(user, made.signed_visit(patient=made.insured(restricted=True)))
    export = services.export(user, [warned, closed], "837p")
    assert export.file is None
    assert [held.split(": ")[1] for held in export.held] == [
        "restricted chart, open it first",
        "open warnings",
    ]


def test_a_csv_export_needs_no_license(user: User) -> None:
    made.practice(cpt=False)
    claim = made.coded(user, made.signed_visit(patient=made.insured(family_name="=HYPERLINK(1)")))
    export = services.export(user, [claim], "csv")
    assert export.file is not None
    head, row = export.file.content.splitlines()
    assert head.startswith("claim,state,date,patient")
    assert '"\'=HYPERLINK(1), Ada"' in row
    assert '"OMT, 3-4 regions"' in row
    assert "98926" not in row


# Fees and payers ------------------------------------------------------------------------------------------


def row(code: str = "98926", amount: str = "90", day: dt.date = dt.date(2027, 1, 1)) -> FeeRow:
    return FeeRow(2, code, Decimal(amount), "ours", day)


def test_importing_the_same_fees_twice_changes_nothing(user: User) -> None:
    assert services.import_fees(user, [row(), row("98925")]) == services.Imported(2, 0, 0)
    assert services.import_fees(user, [row(), row("98925", "61")]) == services.Imported(0, 1, 1)
    assert Fee.objects.get(code="98925", valid_from=dt.date(2027, 1, 1)).amount == Decimal("61.00")
    assert actions().count("fees.import") == 2


def test_fees_need_a_confirmed_license(user: User) -> None:
    made.practice(cpt=False)
    with pytest.raises(ClaimError, match="license"):
        services.import_fees(user, [row()])
    assert not Fee.objects.filter(valid_from=dt.date(2027, 1, 1)).exists()
