"""What a document is printed from: small values, so that printing needs neither a database nor a request."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field

from openomt.medicine.narrative import CodeLine
from openomt.medicine.visit import Visit

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The practice as it stands on paper. `zone`: in whose time signatures are printed."""

    name: str
    street: str = ""
    town: str = ""  # city, state and ZIP code, on one line
    phone: str = ""
    email: str = ""
    hours: str = ""
    zone: str = "UTC"

    def local(self, at: dt.datetime) -> dt.datetime:
        """A moment in the practice's time. One without a zone is taken as it stands."""
        return at if at.tzinfo is None else at.astimezone(zoneinfo.ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class PrintedPatient:
    """Who the document is about, by two marks on each page: name and birth date."""

    family_name: str
    given_names: str
    birth_date: dt.date
    sex: str = ""
    called: str = ""

    @property
    def sorted_name(self) -> str:
        return f"{self.family_name}, {self.given_names}"

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature: name and credentials, when, and words that stand with it (a co-signature's)."""

    by: str
    at: dt.datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """An addendum, as signed."""

    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to. All lines may be empty."""

    name: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintableVisit:
    """A visit, ready to be printed.

    visit        as the medicine reads it
    clinician    name and credentials
    signed       None: a draft, and each page says so
    awaits       signed by a trainee, and the co-signature is still to come
    signed_note  the note as it read when it was signed; it is printed word for word
    codes        as the note prints them
    shows_cpt    whether numbers of CPT stand on the page
    sha256       of the signed document
    check_ins    days on which the practice asks how the patient is
    next_visit   when the patient comes again
    """

    practice: Letterhead
    patient: PrintedPatient
    visit: Visit
    clinician: str
    number: int
    date: dt.date
    location: str = ""
    signed: Signed | None = None
    cosigned: Signed | None = None
    awaits: bool = False
    addenda: tuple[Addition, ...] = ()
    signed_note: str = ""
    codes: tuple[CodeLine, ...] = ()
    shows_cpt: bool = False
    sha256: str = ""
    to: Recipient = field(default_factory=Recipient)
    check_ins: tuple[dt.date, ...] = ()
    next_visit: dt.datetime | None = None

    @property
    def standing(self) -> str:
        """What a reader must know before the first word; empty where the note stands as signed."""
        if self.signed is None:
            return "Draft, not signed"
        return "Signed, awaiting co-signature" if self.awaits and self.cosigned is None else ""
