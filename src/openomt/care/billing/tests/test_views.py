"""The pages of billing: who may see and do what, and what they say when something is wrong."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.billing import services
from openomt.care.billing.models import Claim, Clearinghouse, Fee, PayerRule
from openomt.care.billing.tests import made

pytestmark = pytest.mark.django_db
State = Claim.State
READS = {Role.OWNER, Role.PHYSICIAN, Role.BILLER, Role.AUDITOR}
WRITES = {Role.OWNER, Role.BILLER}


@pytest.fixture
def user() -> User:
    made.practice()
    made.house()
    made.fees(c98926="85", c98925="60")
    return made.biller()


@pytest.fixture
def client(user: User, client: Client) -> Client:
    return testing.signed_in(client, user)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_and_does_what_its_policy_says(role: Role, user: User) -> None:
    claim = made.claim()
    browser = testing.signed_in(Client(), testing.member(role))
    for name, args in (
        ("claims", ()),
        ("claim", (claim.uid,)),
        ("fees", ()),
        ("payers", ()),
        ("claim_files", ()),
    ):
        status = browser.get(reverse(name, args=args)).status_code
        assert status == (200 if role in READS else 403), name
    for name, args in (
        ("claim_code", (claim.uid,)),
        ("claims_code", ()),
        ("fee_save", ()),
        ("clearinghouse", ()),
    ):
        status = browser.post(reverse(name, args=args)).status_code
        assert (status == 403) is (role not in WRITES), (name, status)


def test_opening_the_register_makes_the_claims_and_counts_them(client: Client) -> None:
    made.signed_visit()
    text = page(client, "claims")
    assert "Example, Ada" in text
    assert 'Not coded <span class="count">1</span>' in text
    assert AuditEvent.objects.filter(action="claims.read").exists()


def test_an_empty_register_says_what_to_do(client: Client) -> None:
    for state, words in (("not_coded", "when it is signed"), ("coded", "Code claims"), ("paid", "Enter it")):
        assert words in page(client, "claims", state=state)


def test_the_name_of_a_restricted_chart_is_not_in_the_register(client: Client) -> None:
    made.claim(made.signed_visit(patient=made.insured(family_name="Hidden", restricted=True)))
    text = page(client, "claims")
    assert "Hidden" not in text
    assert "Restricted chart" in text


def test_a_restricted_chart_asks_for_a_reason_before_its_claim_opens(client: Client) -> None:
    claim = made.claim(made.signed_visit(patient=made.insured(restricted=True)))
    for answer in (
        client.get(reverse("claim", args=[claim.uid])),
        client.post(reverse("claim_code", args=[claim.uid])),
    ):
        assert answer.status_code in (302, 403)
    claim.refresh_from_db()
    assert claim.state == State.NOT_CODED


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "exam"}, True),
        ({"q": "ada example"}, True),
        ({"q": "zzz"}, False),
        ({"q": "😀"}, False),
        ({"payer": "health"}, True),
        ({"payer": "mutual"}, False),
        ({"since": "2000-01-01"}, True),
        ({"until": "2000-01-01"}, False),
        ({"state": "coded"}, False),
        ({"state": "all"}, True),
    ],
)
def test_filters(client: Client, query: dict[str, str], found: bool) -> None:
    made.claim()
    assert ("Example, Ada" in page(client, "claims", **query)) is found


def test_a_claim_is_found_by_its_number_and_by_its_clinician(client: Client) -> None:
    claim = made.claim()
    assert "Example, Ada" in page(client, "claims", q=claim.number.lower())
    assert "Example, Ada" in page(client, "claims", clinician=str(claim.visit.clinician.uid))
    other = testing.member(Role.PHYSICIAN)
    assert "Example, Ada" not in page(client, "claims", clinician=str(other.uid))


@pytest.mark.parametrize(
    "query",
    [
        {"since": "99999-01-01"},
        {"since": "0000-00-00"},
        {"since": "' OR 1=1 --"},
        {"clinician": "nobody"},
        {"q": "x" * 500},
        {"state": "<script>"},
        {"after": "not a uid"},
        {"after": str(uuid.uuid4())},
        {"q": "OMT999999999"},
        {"q": "\u202e؆‎"},
    ],
)
def test_a_filter_that_cannot_be_read_is_no_error(client: Client, query: dict[str, str]) -> None:
    made.claim()
    text = page(client, "claims", **query)
    assert "<script>" not in text.split("</head>")[1].replace("<script src", "")


def test_the_register_goes_on_behind_the_last_claim_of_a_page(client: Client) -> None:
    doctor, today = made.doctor(), timezone.localdate()
    for days in range(53):
        made.signed_visit(doctor, made.insured(family_name=f"N{days:02}"), today - dt.timedelta(days=days))
    first = page(client, "claims")
    assert "N49" in first
    assert "N50" not in first
    last = Claim.objects.order_by("-date", "-pk")[49]
    second = page(client, "claims", after=str(last.uid))
    assert "N50" in second
    assert "N49" not in second


def test_the_page_of_a_claim_shows_codes_reasons_warnings_and_checklist(client: Client, user: User) -> None:
    claim = made.coded(user, agreed=None)
    text = page(client, "claim", claim.uid)
    for words in (
        "98926",
        "3 regions counted",
        "M99.02",
        "Consent not charted",
        "What to do:",
        "Audit checklist",
        "trademark of the American Medical Association",
    ):
        assert words in text


def test_the_history_is_not_on_the_page_of_a_claim(client: Client, user: User) -> None:
    claim = made.coded(user, history="A very private history")
    assert "private" not in page(client, "claim", claim.uid)


def test_without_cpt_no_number_of_cpt_is_on_any_page(client: Client, user: User) -> None:
    made.practice(cpt=False)
    claim = made.coded(user, separate=made.SEPARATE)
    text = page(client, "claim", claim.uid) + page(client, "claims", state="coded")
    assert "OMT, 3-4 regions" in text
    assert "98926" not in text
    assert "99203" not in text


def test_coding_settling_and_exporting_by_buttons(client: Client) -> None:
    claim = made.claim(agreed=None)
    client.post(reverse("claim_code", args=[claim.uid]))
    claim.refresh_from_db()
    assert (claim.state, claim.open_warnings) == (State.CODED, 1)
    client.post(
        reverse("claim_settle", args=[claim.uid, "MISSING_CONSENT"]),
        {"settle-MISSING_CONSENT-words": "On a signed form"},
    )
    answer = client.post(reverse("claims_export"), {"kind": "837p", "claim": str(claim.uid)})
    assert answer.headers["Location"] == reverse("claim_files")
    claim.refresh_from_db()
    assert claim.state == State.EXPORTED
    assert claim.file is not None
    file = client.get(reverse("claim_file", args=[claim.file.uid]))
    assert file.content.startswith(b"ISA*00*")
    assert "attachment" in file.headers["Content-Disposition"]


def test_all_of_a_filter_is_coded_and_no_other(client: Client) -> None:
    inside = made.claim(made.signed_visit(patient=made.insured(payer="Mutual")))
    outside = made.claim()
    client.post(reverse("claims_code"), {"state": "not_coded", "payer": "mutual"})
    inside.refresh_from_db()
    outside.refresh_from_db()
    assert (inside.state, outside.state) == (State.CODED, State.NOT_CODED)


def test_an_export_that_lacks_something_lists_it_with_links(client: Client, user: User) -> None:
    claim = made.coded(user, made.signed_visit(patient=made.insured(member_id="")))
    made.coded(user)
    answer = client.post(reverse("claims_export"), {"kind": "837p", "state": "coded"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "the member ID" in text
    assert reverse("patient_edit", args=[claim.visit.patient.uid]) in text
    assert "Export the 1 that is whole" in text


def test_an_export_of_an_unknown_kind_or_claim_is_not_found(client: Client) -> None:
    for data in ({"kind": "exe"}, {"kind": "csv", "claim": "x"}, {"kind": "csv", "claim": str(uuid.uuid4())}):
        assert client.post(reverse("claims_export"), data).status_code == 404


def test_the_list_as_csv_marks_nothing(client: Client, user: User) -> None:
    claim = made.coded(user)
    answer = client.get(reverse("claims_csv"), {"state": "coded"})
    content = answer.getvalue().decode("utf-8-sig")
    assert content.splitlines()[1].startswith(claim.number)
    claim.refresh_from_db()
    assert claim.state == State.CODED


def test_a_refused_form_keeps_what_was_typed(client: Client, user: User) -> None:
    claim = made.coded(user)
    answer = client.post(
        reverse("claim_line", args=[claim.uid, 0]),
        {
            "line0-number": "abc",
            "line0-modifiers": "GA",
            "line0-units": "1",
            "line0-fee": "85",
            "line0-words": "why",
        },
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "A code has five characters" in text
    assert 'value="abc"' in text
    assert 'value="GA"' in text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("units", "0", "greater than or equal to 1"),
        ("units", "9" * 30, "less than or equal to 99"),
        ("fee", "-1", "greater than or equal to 0"),
        ("fee", "1e400", "no more than 9 digits"),
        ("fee", "85.005", "decimal places"),
        ("modifiers", "GA GX GZ 25 59", "four modifiers"),
        ("modifiers", "<b>", "two letters or digits"),
        ("words", "", "required"),
        ("words", "x" * 301, "at most 300"),
    ],
)
def test_each_mistake_in_a_line_is_said_at_its_field(
    client: Client, user: User, field: str, value: str, said: str
) -> None:
    claim = made.coded(user)
    data = {"number": "98926", "modifiers": "", "units": "2", "fee": "85", "words": "why"} | {field: value}
    answer = client.post(
        reverse("claim_line", args=[claim.uid, 0]), {f"line0-{name}": text for name, text in data.items()}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    claim.refresh_from_db()
    assert claim.total == Decimal("85.00")


def test_a_payment_and_steps_back_by_their_forms(client: Client, user: User) -> None:
    claim = made.coded(user)
    bad = client.post(reverse("claim_pay", args=[claim.uid]), {"pay-amount": "x", "pay-on": "0001-01-01"})
    assert bad.status_code == 422
    client.post(
        reverse("claim_pay", args=[claim.uid]),
        {"pay-amount": "80", "pay-on": timezone.localdate().isoformat(), "pay-words": ""},
    )
    claim.refresh_from_db()
    assert claim.state == State.PAID
    client.post(reverse("claim_move", args=[claim.uid, "back"]), {"back-words": "wrong claim"})
    claim.refresh_from_db()
    assert claim.state == State.CODED
    client.post(reverse("claim_move", args=[claim.uid, "leave"]), {"leave-words": "courtesy"})
    assert "courtesy" in page(client, "claim", claim.uid)
    assert client.post(reverse("claim_move", args=[claim.uid, "explode"])).status_code == 404


def test_the_superbill_is_a_pdf_and_needs_codes(client: Client, user: User) -> None:
    claim = made.claim()
    assert client.get(reverse("superbill", args=[claim.uid])).status_code == 302
    services.code_claim(user, claim)
    answer = client.get(reverse("superbill", args=[claim.uid]))
    assert answer.content.startswith(b"%PDF-")
    assert "Example" not in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(action="superbill.print").count() == 2


# Fees and payers ------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes) -> tuple[int, str]:
    answer = client.post(
        reverse("fees_import"), {"file": SimpleUploadedFile("fees.csv", content, "text/csv")}
    )
    return answer.status_code, answer.content.decode()


def test_a_fee_file_is_shown_first_and_kept_after(client: Client) -> None:
    status, text = upload(client, b"code,amount,words,valid_from\n98927,110,five,2027-01-01\n")
    assert status == 200
    assert "1 new, 0 changed, 0 as before" in text
    assert not Fee.objects.filter(code="98927").exists()
    rows = "code,amount,words,valid_from\r\n98927,110,five,2027-01-01\r\n"
    client.post(reverse("fees_import"), {"rows": rows})
    assert Fee.objects.get(code="98927").amount == Decimal("110.00")


def test_a_fee_file_with_one_mistake_is_not_kept_at_all(client: Client) -> None:
    content = b"code,amount,valid_from\n98927,110,2027-01-01\n98928,free,2027-01-01\n"
    status, text = upload(client, content)
    assert status == 422
    assert "free" in text
    client.post(reverse("fees_import"), {"rows": content.decode()})
    assert not Fee.objects.filter(code="98927").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"<html>", b"%PDF-1.7 \xe2\xe3", b"a" * 2_000_000])
def test_any_other_file_is_refused_with_the_reason(client: Client, content: bytes) -> None:
    status, text = upload(client, content)
    assert status == 422
    assert "errors" in text or "What is wrong" in text


def test_fees_are_closed_without_a_license_and_the_page_says_why(client: Client) -> None:
    made.practice(cpt=False)
    assert "once the owner has confirmed" in page(client, "fees")
    data = {"code": "98927", "amount": "1", "valid_from": "2027-01-01"}
    answer = client.post(reverse("fee_save"), data)
    assert answer.status_code == 422
    client.post(reverse("fees_import"), {"rows": "code,amount,valid_from\n98927,1,2027-01-01\n"})
    assert not Fee.objects.filter(code="98927").exists()


def test_one_fee_is_entered_changed_and_taken_off(client: Client) -> None:
    for amount in ("10", "11"):
        client.post(reverse("fee_save"), {"code": "g2211", "amount": amount, "valid_from": "2026-01-01"})
    fee = Fee.objects.get(code="G2211")
    assert fee.amount == Decimal("11.00")
    client.post(reverse("fee_remove", args=[fee.uid]))
    assert not Fee.objects.filter(code="G2211").exists()
    bad = client.post(reverse("fee_save"), {"code": "nope", "amount": "1", "valid_from": "9999-12-31"})
    assert bad.status_code == 422
    assert 'value="nope"' in bad.content.decode()


def test_the_schedule_goes_out_in_the_form_it_comes_in(client: Client) -> None:
    text = client.get(reverse("fees_csv")).content
    status, shown = upload(client, text)
    assert status == 200
    assert "0 new, 0 changed, 2 as before" in shown


def test_a_payers_rule_is_added_changed_and_removed(client: Client) -> None:
    made.insured()
    assert "Example Health" in page(client, "payers")
    data = {
        "payer": "Example  Health",
        "rule_set": "medicare_strict",
        "pointer_limit": "4",
        "dysfunction_first": "on",
    }
    client.post(reverse("payer_add"), data)
    rule = PayerRule.objects.get()
    assert (rule.payer, rule.rule_set, rule.dysfunction_first) == ("Example Health", "medicare_strict", True)
    twice = client.post(reverse("payer_add"), data | {"payer": "EXAMPLE HEALTH"})
    assert twice.status_code == 422
    assert "has rules already" in twice.content.decode()
    wrong = client.post(reverse("payer", args=[rule.uid]), data | {"pointer_limit": "99", "rule_set": "x"})
    assert wrong.status_code == 422
    client.post(reverse("payer", args=[rule.uid]), data | {"pointer_limit": "2"})
    rule.refresh_from_db()
    assert rule.pointer_limit == 2
    client.post(reverse("payer_remove", args=[rule.uid]))
    assert not PayerRule.objects.exists()


def test_the_receiver_of_files_is_kept(client: Client) -> None:
    data = {"name": "House", "identifier": "H1", "qualifier": "30", "usage": "P", "release_signed": "on"}
    client.post(reverse("clearinghouse"), data)
    house = Clearinghouse.load()
    assert (house.qualifier, house.usage, house.accepts_assignment) == ("30", "P", False)
    assert client.post(reverse("clearinghouse"), data | {"qualifier": "*"}).status_code == 422
