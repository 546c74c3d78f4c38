"""Claims on their way out: an 837P transmission, or rows of CSV; and what a claim still lacks to go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.urls import reverse

from openomt.care.accounts.models import Location, Practice, User
from openomt.care.accounts.npi import check_npi
from openomt.care.billing import x12
from openomt.care.billing.coded import coded_of
from openomt.care.billing.models import Claim, Clearinghouse
from openomt.care.billing.values import Coded
from openomt.care.patients.models import Patient
from openomt.knowledge import icd

FILING = {"commercial": "CI", "medicare": "MB", "medicaid": "MC", "other": "ZZ"}
"""Claim filing indicator by kind of payer. Self-pay has none: there is no payer to send to."""
_SEX = {"female": "F", "male": "M"}


@dataclass(frozen=True, slots=True)
class Lack:
    """Something missing, where it is entered, and the claim it is missing for (None: for all)."""

    what: str
    where: str
    address: str
    claim: Claim | None = None


def biller_of(claim: Claim) -> User:
    """Who stands for the service: the co-signing physician, else the clinician."""
    cosignature = getattr(claim.visit, "cosignature", None)
    person: User = cosignature.signed_by if cosignature else claim.visit.clinician
    return person


# What is missing ------------------------------------------------------------------------------------------


def lacks_of_practice(practice: Practice, house: Clearinghouse) -> Iterator[Lack]:
    """What keeps every claim from going out."""

    def lack(what: str, name: str = "practice", where: str = "Practice") -> Lack:
        return Lack(what, where, reverse(name))

    if not practice.shows_cpt:
        yield lack("CPT switched on: an 837P file carries code numbers, which need a license")
    if not x12.is_name(practice.name):
        yield lack("a practice name in Latin letters")
    if not _is_npi(practice.npi):
        yield lack("a valid NPI of the practice")
    if len(_digits(practice.tax_id)) != 9:
        yield lack("the practice's tax ID, nine digits")
    for what in _address_lacks(
        practice.street, practice.city, practice.state, practice.postal_code, nine=True
    ):
        yield lack(f"{what} of the practice")
    if len(_phone(practice.phone)) != 10:
        yield lack("the practice's phone number, ten digits")
    if not 2 <= len(x12.sane(practice.claim_submitter, 15)) <= 15:
        yield lack("the submitter ID that the receiver of claim files gave you")
    if not x12.is_name(house.name) or not x12.sane(house.identifier):
        yield lack("name and ID of the receiver of claim files", "payers", "Payers and claim files")
    if not house.release_signed:
        yield lack("that patients have signed the release of information", "payers", "Payers and claim files")


def lacks_of(claim: Claim) -> Iterator[Lack]:
    """What keeps this claim from going out as 837P."""
    patient, coded = claim.visit.patient, coded_of(claim)
    edit = reverse("patient_edit", args=[patient.uid])
    for what in _patient_lacks(patient):
        yield Lack(what, "Patient", edit, claim)
    person = biller_of(claim)
    if not _is_npi(person.npi):
        yield Lack(f"a valid NPI of {person.name}", "People", reverse("people"), claim)
    if not x12.is_name(person.name):
        yield Lack(f"the name of {person.name} in Latin letters", "People", reverse("people"), claim)
    for what, name in _code_lacks(coded):
        where = reverse("fees") if name == "Fees" else reverse("claim", args=[claim.uid])
        yield Lack(what, name, where, claim)


def _patient_lacks(patient: Patient) -> Iterator[str]:
    if patient.payer_kind == "self_pay":
        yield "a payer: the patient pays alone, so give a superbill instead"
        return
    if not x12.is_name(patient.family_name) or not x12.is_name(patient.given_names):
        yield "the patient's name in Latin letters"
    for what in _address_lacks(patient.street, patient.city, patient.state, patient.postal_code):
        yield f"{what} of the patient"
    if not x12.is_name(patient.payer):
        yield "the payer's name"
    if len(x12.sane(patient.payer_id)) < 2:
        yield "the payer ID"
    if len(x12.sane(patient.member_id)) < 2:
        yield "the member ID"


def _code_lacks(coded: Coded) -> Iterator[tuple[str, str]]:
    if not coded.billed:
        yield "a line to bill", "Claim"
    if not coded.diagnoses:
        yield "a diagnosis", "Claim"
    for one in coded.diagnoses:
        if not icd.is_billable(one.number):
            yield f"a full ICD-10-CM code in place of {one.number}", "Claim"
    for line in coded.billed:
        if not line.number:
            yield f"the code number of “{line.words}”: code the claim again now that CPT is on", "Claim"
        elif line.fee is None:
            yield f"a fee for {line.number}", "Fees"
        if any(not modifier.number for modifier in line.modifiers):
            yield f"the modifier numbers of “{line.words}”: code the claim again", "Claim"
        if not line.pointers:
            yield f"a diagnosis that {line.shown} points to", "Claim"


def _address_lacks(
    street: str, city: str, state: str, postal_code: str, *, nine: bool = False
) -> Iterator[str]:
    if not x12.sane(street):
        yield "the street"
    if len(x12.sane(city)) < 2:
        yield "the city"
    if len(x12.sane(state)) != 2:
        yield "the state, two letters"
    digits = len(_digits(postal_code))
    if digits != 9 and (nine or digits != 5):
        yield "the ZIP code with all nine digits" if nine else "the ZIP code"


def _is_npi(text: str) -> bool:
    try:
        check_npi(text)
    except ValidationError:
        return False
    return True


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def _phone(text: str) -> str:
    digits = _digits(text)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


# What goes out ----------------------------------------------------------------------------------------


def transmission(
    claims: Iterable[Claim], practice: Practice, house: Clearinghouse, control: int, at: dt.datetime
) -> x12.Transmission:
    """Claims that lack nothing, as a file."""
    return x12.Transmission(
        control=control,
        at=at,
        sender=x12.Partner(practice.name, practice.claim_submitter),
        receiver=x12.Partner(house.name, house.identifier, house.qualifier),
        contact=x12.Contact(
            house.contact if x12.is_name(house.contact) else practice.name, _phone(practice.phone)
        ),
        practice=x12.Practice(practice.name, practice.npi, practice.tax_id, _address(practice)),
        claims=tuple(_claim(claim, practice) for claim in claims),
        usage=house.usage,
        accepts_assignment=house.accepts_assignment,
        benefits_assigned=house.benefits_assigned,
    )


def _address(of: Practice | Location | Patient) -> x12.Address:
    return x12.Address(of.street, of.city, of.state, of.postal_code)


def _claim(claim: Claim, practice: Practice) -> x12.OneClaim:
    patient, coded, person = claim.visit.patient, coded_of(claim), biller_of(claim)
    places = {one.letter: number for number, one in enumerate(coded.diagnoses, 1)}
    return x12.OneClaim(
        number=claim.number,
        patient=x12.Person(patient.family_name, patient.given_names),
        birth_date=patient.birth_date,
        sex=_SEX.get(patient.sex, "U"),
        address=_address(patient),
        member_id=patient.member_id,
        payer_name=patient.payer,
        payer_id=patient.payer_id,
        filing=FILING[patient.payer_kind],
        date=claim.date,
        place_of_service=claim.place_of_service,
        diagnoses=tuple(one.number for one in coded.diagnoses),
        services=tuple(
            x12.Service(
                code=line.number,
                modifiers=tuple(modifier.number for modifier in line.modifiers),
                charge=line.total,
                units=line.units,
                pointers=tuple(places[letter] for letter in line.pointers),
                control=f"{claim.pk}L{number}",
            )
            for number, line in enumerate(coded.billed, 1)
        ),
        rendering=_person(person),
        rendering_npi=person.npi,
        place=_place(claim.visit.location, practice),
    )


def _person(user: User) -> x12.Person:
    """A name in two parts: the last word is the family name."""
    given, _, family = user.name.strip().rpartition(" ")
    return x12.Person(family, given)


def _place(location: Location | None, practice: Practice) -> x12.Place | None:
    """Where it was done, if that place has a whole address of its own, other than the practice's."""
    if location is None or any(
        _address_lacks(location.street, location.city, location.state, location.postal_code)
    ):
        return None
    if _address(location) == _address(practice):
        return None
    return x12.Place(location.name, _address(location))


# Rows for a spreadsheet ---------------------------------------------------------------------------------

HEADINGS = (
    *("claim", "state", "date", "patient", "birth date", "payer", "payer ID", "member ID"),
    *("clinician", "NPI", "place of service", "diagnoses", "line", "code", "words", "modifiers"),
    *("pointers", "units", "fee", "charge", "claim total", "paid", "paid on"),
)


def rows(claims: Iterable[Claim]) -> Iterator[tuple[object, ...]]:
    """The headings, then a row for each line of each claim; a claim without lines has one row."""
    yield HEADINGS
    for claim in claims:
        yield from _rows(claim)


def _rows(claim: Claim) -> Iterator[tuple[object, ...]]:
    patient, coded, person = claim.visit.patient, coded_of(claim), biller_of(claim)
    head = (
        *(claim.number, claim.get_state_display(), claim.date, patient.sorted_name, patient.birth_date),
        *(patient.payer, patient.payer_id, patient.member_id, person.name, person.npi),
        claim.place_of_service,
        " ".join(one.number for one in coded.diagnoses),
    )
    tail = (claim.total, "" if claim.paid is None else claim.paid, claim.paid_on or "")
    if not coded.billed:
        yield (*head, *("",) * 8, *tail)
    for number, line in enumerate(coded.billed, 1):
        yield (
            *head,
            *(number, line.number, line.words, " ".join(one.shown for one in line.modifiers)),
            *("".join(line.pointers), line.units, "" if line.fee is None else line.fee, line.total),
            *tail,
        )


def total_of(claims: Iterable[Claim]) -> Decimal:
    return sum((claim.total for claim in claims), Decimal("0.00"))
