"""Claim files as pyx12, a validator others keep, reads them."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from dataclasses import replace
from decimal import Decimal

import pytest
import pyx12.params
import pyx12.x12n_document
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.care.billing.x12 import (
    Address,
    Contact,
    OneClaim,
    Partner,
    Person,
    Place,
    Practice,
    Service,
    Transmission,
    is_name,
    sane,
    write,
)

OFFICE = Address("100 Example Street", "Springfield", "OH", "45501-1234")
CLAIM = OneClaim(
    number="OMT0000001",
    patient=Person("Ñandú-O'Neil", "José María"),
    birth_date=dt.date(1992, 3, 4),
    sex="F",
    address=Address("1 Street", "Springfield", "OH", "45501"),
    member_id="M 123",
    payer_name="Example Health",
    payer_id="EXH01",
    filing="CI",
    date=dt.date(2026, 11, 20),
    place_of_service="11",
    diagnoses=("M54.6", "M99.02", "M99.08"),
    services=(
        Service("99213", ("25",), Decimal("120.50"), 1, (1,), "1L1"),
        Service("98926", (), Decimal("85.00"), 1, (2, 3), "1L2"),
    ),
    rendering=Person("Physician", "Grace"),
    rendering_npi="1234567893",
)
SENT = Transmission(
    control=7,
    at=dt.datetime(2026, 11, 23, 9, 5),
    sender=Partner("Test Practice", "SUBM1"),
    receiver=Partner("Example Clearing House", "RCV01"),
    contact=Contact("Office", "5550100142"),
    practice=Practice("Test Practice", "1234567893", "12-3456789", OFFICE),
    claims=(CLAIM,),
)


def judged(text: str) -> tuple[bool, str]:
    """Whether pyx12 takes the file, and the acknowledgment it writes."""
    logging.disable(logging.CRITICAL)
    answer = io.StringIO()
    try:
        valid = pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), io.StringIO(text), answer, None)
    finally:
        logging.disable(logging.NOTSET)
    return valid, answer.getvalue()


def assert_accepted(text: str) -> None:
    valid, answer = judged(text)
    assert valid, answer
    assert "IK5*A" in answer
    assert re.search(r"AK9\*A\*1\*1\*1", answer), answer


def test_a_file_is_accepted_whole() -> None:
    assert_accepted(write(SENT))


def test_the_validator_refuses_a_broken_file() -> None:
    valid, answer = judged(write(SENT).replace("HI*ABK", "HI*XXX"))
    assert not valid
    assert "IK5*R" in answer


def test_many_claims_in_one_file_are_accepted() -> None:
    many = tuple(replace(CLAIM, number=f"OMT{n:07d}") for n in range(40))
    text = write(replace(SENT, claims=many))
    assert_accepted(text)
    assert text.count("CLM*") == 40


def test_a_place_of_its_own_is_accepted() -> None:
    place = Place("Second Office", Address("2 Road", "Columbus", "OH", "432010000"))
    text = write(replace(SENT, claims=(replace(CLAIM, place=place),)))
    assert "NM1*77*2*SECOND OFFICE" in text
    assert_accepted(text)


@pytest.mark.parametrize("filing", ["CI", "MB", "MC", "ZZ"])
@pytest.mark.parametrize("sex", ["F", "M", "U"])
def test_each_kind_of_payer_and_sex_is_accepted(filing: str, sex: str) -> None:
    assert_accepted(write(replace(SENT, claims=(replace(CLAIM, filing=filing, sex=sex),))))


def test_twelve_diagnoses_and_four_modifiers_are_accepted() -> None:
    codes = (*(f"M99.0{n}" for n in range(10)), "M54.6", "M54.2")
    service = replace(CLAIM.services[0], modifiers=("25", "GC", "59", "XU"), pointers=(1, 2, 3, 4))
    text = write(replace(SENT, claims=(replace(CLAIM, diagnoses=codes, services=(service,)),)))
    assert "SV1*HC:99213:25:GC:59:XU*120.5*UN*1***1:2:3:4~" in text
    assert_accepted(text)


def test_the_statements_of_the_practice_stand_on_each_claim() -> None:
    text = write(replace(SENT, accepts_assignment=False, benefits_assigned=False, usage="P"))
    assert "*11:B:1*Y*C*N*Y~" in text
    assert "*000000007*0*P*:~" in text
    assert_accepted(text)


@pytest.mark.parametrize(
    ("amount", "written"),
    [("85.00", "85"), ("85.50", "85.5"), ("0.05", "0.05"), ("1200.00", "1200"), ("0", "0")],
)
def test_amounts_carry_no_zeros_at_their_end(amount: str, written: str) -> None:
    service = replace(CLAIM.services[0], charge=Decimal(amount))
    text = write(replace(SENT, claims=(replace(CLAIM, services=(service,)),)))
    assert f"SV1*HC:99213:25*{written}*UN*1" in text
    assert f"CLM*OMT0000001*{written}*" in text


def test_the_count_of_segments_and_the_control_numbers_agree() -> None:
    lines = write(SENT).splitlines()
    start, end = (next(n for n, line in enumerate(lines) if line.startswith(name)) for name in ("ST*", "SE*"))
    assert lines[end] == f"SE*{end - start + 1}*0001~"
    assert lines[0].split("*")[13] == "000000007"
    assert lines[-1] == "IEA*1*000000007~"
    assert lines[-2] == "GE*1*7~"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ñandú", "NANDU"),
        ("Łukasz Ødegård", "LUKASZ ODEGARD"),
        ("Weiß", "WEISS"),
        ("O’Neil", "O'NEIL"),
        ("a*b~c:d^e", "A B C D E"),
        ("tab\tand\nline", "TAB AND LINE"),
        ("王小明", ""),
        ("عمر", ""),
        ("😀", ""),
        ("", ""),
    ],
)
def test_text_is_written_in_the_letters_x12_allows(text: str, written: str) -> None:
    assert sane(text) == written
    assert is_name(text) is bool(written)


NAMES = st.text(max_size=90).map(lambda text: f"{text}Øy")  # a name in any script, with letters X12 has
LETTERS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=20)


@settings(max_examples=20, deadline=None)
@given(names=st.lists(NAMES, min_size=5, max_size=5), city=LETTERS)
def test_any_names_give_a_file_that_is_accepted(names: list[str], city: str) -> None:
    family, given_names, payer, street, doctor = names
    claim = replace(
        CLAIM,
        patient=Person(family, given_names),
        payer_name=payer,
        address=Address(street, city, "OH", "45501"),
        rendering=Person(doctor, "A"),
    )
    text = write(replace(SENT, claims=(claim,)))
    assert text.isascii()
    assert all(line.endswith("~") for line in text.splitlines())
    assert_accepted(text)
