"""The superbill: what stands on it, and that any text can."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.utils import timezone

from openomt.care.accounts.models import Practice, User
from openomt.care.billing import services
from openomt.care.billing.services import LineEdit, Payment
from openomt.care.billing.superbill import superbill_data, superbill_pdf
from openomt.care.billing.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    made.practice()
    made.fees(c98926="85", c99203="150")
    return made.biller()


def test_it_holds_all_that_a_payer_asks_for(user: User) -> None:
    claim = made.coded(user, separate=made.SEPARATE)
    data = superbill_data(claim, Practice.load())
    facts = dict(data["facts"])
    assert facts["Patient"] == "Ada Example"
    assert facts["Tax ID"] == "12-3456789"
    assert facts["Practice NPI"] == facts["NPI"] == made.NPI
    assert facts["Member ID"] == "M100"
    assert facts["Claim"] == claim.number
    assert [line["code"] for line in data["lines"]] == ["99203", "98926"]
    assert data["lines"][0]["modifiers"] == "25"
    assert data["lines"][0]["pointers"] == "A"
    assert data["total"] == "$235.00"
    assert "trademark of the American Medical Association" in data["notice"]
    assert any("3 regions counted" in reason["text"] for reason in data["reasons"])


def test_without_cpt_it_speaks_in_words(user: User) -> None:
    claim = made.coded(user, separate=made.SEPARATE)
    made.practice(cpt=False)
    text = json.dumps(superbill_data(claim, Practice.load()))
    assert "98926" not in text
    assert "99203" not in text
    assert "American Medical" not in text
    assert "OMT, 3-4 regions" in text


def test_a_payment_leaves_a_balance(user: User) -> None:
    claim = made.coded(user)
    services.pay(user, claim, Payment(Decimal("50.50"), timezone.localdate()))
    claim.refresh_from_db()
    data = superbill_data(claim, Practice.load())
    assert (data["paid"], data["balance"]) == ("$50.50", "$34.50")


def test_a_line_left_off_is_not_on_it(user: User) -> None:
    claim = made.coded(user, separate=made.SEPARATE)
    off = LineEdit("99203", ("25",), 1, Decimal("150"), True, "not separate after all")
    services.edit_line(user, claim, 0, off)
    claim.refresh_from_db()
    data = superbill_data(claim, Practice.load())
    assert [line["code"] for line in data["lines"]] == ["98926"]
    assert data["total"] == "$85.00"


@pytest.mark.parametrize(
    "name", ["עברית", "王小明", "😀 *bold* #let x", "\\ $x$ @cite <label>", "a\x07\u202eb"]
)
def test_any_name_can_be_printed(user: User, name: str) -> None:
    claim = made.coded(user, made.signed_visit(patient=made.insured(family_name=name)))
    assert superbill_pdf(claim, Practice.load()).startswith(b"%PDF-")
