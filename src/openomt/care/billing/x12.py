"""Writes claims as an 837P file (005010X222A1): plain values in, text out. Checked in the tests with pyx12.

Only what an office claim of one visit needs: one billing provider, the patient as subscriber, one claim each.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

VERSION = "005010X222A1"
MOST_POINTERS = 4
MOST_LINES = 50
MOST_DIAGNOSES = 12
_LETTERS = {
    "ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "ı": "I",
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-",
}  # fmt: skip
_UNKNOWN = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=]")
"""All but the basic character set of X12, without the four delimiters of the file."""


def sane(text: str, most: int = 60) -> str:
    """Text in the letters X12 allows: capitals without accents, no delimiter, no more than `most` characters.

    Empty where nothing of it can be written (a name in another script).
    """
    letters = "".join(_LETTERS.get(c, c) for c in text.upper())
    bare = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    return " ".join(_UNKNOWN.sub(" ", bare).split())[:most].strip()


def is_name(text: str) -> bool:
    """Whether a name can be written: a letter is left of it."""
    return any(c.isalpha() for c in sane(text))


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the United States. `postal_code`: five or nine digits."""

    street: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Partner:
    """Sender or receiver of the file. `qualifier` says what kind of number `identifier` is."""

    name: str
    identifier: str
    qualifier: str = "ZZ"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the receiver may call. `phone`: ten digits."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Practice:
    """The billing provider."""

    name: str
    npi: str
    tax_id: str
    address: Address


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the parts of a name. `suffix` is no title and no credential."""

    family: str
    given: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service was given, if not at the practice's own address."""

    name: str
    address: Address


@dataclass(frozen=True, slots=True)
class Service:
    """A line. `pointers`: places in the claim's diagnoses, from 1."""

    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: int
    pointers: tuple[int, ...]
    control: str


@dataclass(frozen=True, slots=True)
class OneClaim:
    """The claim of one visit.

    filing     claim filing indicator (`CI`, `MB`, `MC`)
    sex        `F`, `M` or `U`
    diagnoses  ICD-10-CM, with or without the point, the first is the principal one
    """

    number: str
    patient: Person
    birth_date: dt.date
    sex: str
    address: Address
    member_id: str
    payer_name: str
    payer_id: str
    filing: str
    date: dt.date
    place_of_service: str
    diagnoses: tuple[str, ...]
    services: tuple[Service, ...]
    rendering: Person
    rendering_npi: str
    place: Place | None = None

    @property
    def total(self) -> Decimal:
        return sum((service.charge for service in self.services), Decimal(0))


@dataclass(frozen=True, slots=True)
class Transmission:
    """A file. `control`: its number, which no other file has. `usage`: `T` test, `P` production."""

    control: int
    at: dt.datetime
    sender: Partner
    receiver: Partner
    contact: Contact
    practice: Practice
    claims: tuple[OneClaim, ...]
    usage: str = "T"
    accepts_assignment: bool = True
    benefits_assigned: bool = True


def write(sent: Transmission) -> str:
    """The file, one segment a line."""
    control = f"{sent.control:09d}"
    day, time = f"{sent.at:%Y%m%d}", f"{sent.at:%H%M}"
    body = [
        ("ST", "837", "0001", VERSION),
        ("BHT", "0019", "00", control, day, time, "CH"),
        *_header(sent),
        *_provider(sent.practice),
    ]
    for place, claim in enumerate(sent.claims, 2):
        body += _subscriber(claim, place)
        body += _claim(claim, sent)
    body.append(("SE", str(len(body) + 1), "0001"))
    envelope = [
        _isa(sent, control, time),
        (
            *("GS", "HC", sane(sent.sender.identifier, 15), sane(sent.receiver.identifier, 15)),
            *(day, time, str(sent.control), "X", VERSION),
        ),
        *body,
        ("GE", "1", str(sent.control)),
        ("IEA", "1", control),
    ]
    return "".join(f"{_segment(parts)}~\n" for parts in envelope)


def _segment(parts: Iterable[str]) -> str:
    """A segment without empty elements at its end. ISA alone has elements of fixed width."""
    text = "*".join(parts)
    return text if text.startswith("ISA") else text.rstrip("*")


def _isa(sent: Transmission, control: str, time: str) -> tuple[str, ...]:
    return (
        *("ISA", "00", " " * 10, "00", " " * 10),
        *(sent.sender.qualifier, f"{sane(sent.sender.identifier, 15):<15}"),
        *(sent.receiver.qualifier, f"{sane(sent.receiver.identifier, 15):<15}"),
        *(f"{sent.at:%y%m%d}", time, "^", "00501", control, "0", sent.usage, ":"),
    )


Segments = Iterator[tuple[str, ...]]


def _header(sent: Transmission) -> Segments:
    yield ("NM1", "41", "2", sane(sent.practice.name), "", "", "", "", "46", sane(sent.sender.identifier, 15))
    yield ("PER", "IC", sane(sent.contact.name), "TE", _digits(sent.contact.phone))
    yield (
        "NM1",
        "40",
        "2",
        sane(sent.receiver.name),
        "",
        "",
        "",
        "",
        "46",
        sane(sent.receiver.identifier, 15),
    )


def _provider(practice: Practice) -> Segments:
    yield ("HL", "1", "", "20", "1")
    yield ("NM1", "85", "2", sane(practice.name), "", "", "", "", "XX", practice.npi)
    yield from _address(practice.address)
    yield ("REF", "EI", _digits(practice.tax_id))


def _address(address: Address) -> Segments:
    yield ("N3", sane(address.street, 55))
    yield ("N4", sane(address.city, 30), sane(address.state, 2), _digits(address.postal_code))


def _subscriber(claim: OneClaim, place: int) -> Segments:
    """The patient, who is the subscriber, and the payer."""
    yield ("HL", str(place), "1", "22", "0")
    yield ("SBR", "P", "18", "", "", "", "", "", "", claim.filing)
    yield (
        "NM1",
        "IL",
        "1",
        *_named(claim.patient),
        "",
        "",
        "",
        "MI",
        sane(claim.member_id, 80).replace(" ", ""),
    )
    yield from _address(claim.address)
    yield ("DMG", "D8", f"{claim.birth_date:%Y%m%d}", claim.sex)
    yield ("NM1", "PR", "2", sane(claim.payer_name), "", "", "", "", "PI", sane(claim.payer_id, 80))


def _named(person: Person) -> tuple[str, str]:
    return sane(person.family, 60), sane(person.given, 35)


def _claim(claim: OneClaim, sent: Transmission) -> Segments:
    assigned = "Y" if sent.benefits_assigned else "N"
    place = f"{claim.place_of_service}:B:1"
    accepts = "A" if sent.accepts_assignment else "C"
    yield ("CLM", claim.number, _amount(claim.total), "", "", place, "Y", accepts, assigned, "Y")
    codes = [code.replace(".", "").upper() for code in claim.diagnoses[:MOST_DIAGNOSES]]
    yield ("HI", *(f"{'ABF' if n else 'ABK'}:{code}" for n, code in enumerate(codes)))
    yield ("NM1", "82", "1", *_named(claim.rendering), "", "", "", "XX", claim.rendering_npi)
    if claim.place is not None:
        yield ("NM1", "77", "2", sane(claim.place.name))
        yield from _address(claim.place.address)
    for number, service in enumerate(claim.services, 1):
        yield ("LX", str(number))
        code = ":".join(("HC", service.code, *service.modifiers[:4]))
        pointers = ":".join(str(one) for one in service.pointers[:MOST_POINTERS])
        yield ("SV1", code, _amount(service.charge), "UN", str(service.units), "", "", pointers)
        yield ("DTP", "472", "D8", f"{claim.date:%Y%m%d}")
        yield ("REF", "6R", service.control)


def _amount(amount: Decimal) -> str:
    """`85`, `85.5`: no zeros at the end, as the standard wants its numbers."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())
