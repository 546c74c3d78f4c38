"""The people and places of the made-up practice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from openomt.care.accounts import services, signing
from openomt.care.accounts.access import Role
from openomt.care.accounts.demo import PASSWORD
from openomt.care.accounts.models import Credential, Location, User
from openomt.care.accounts.npi import check_npi
from openomt.care.booking.models import AppointmentType, WorkingHours
from openomt.care.booking.services import save_type, set_hours
from openomt.site.demo.scale import Scale

PIN = "246810"
ZONE = "America/New_York"
OPENS, NOON, AFTER_NOON, CLOSES = dt.time(8, 30), dt.time(12), dt.time(13), dt.time(17)
MORE_PHYSICIANS = ("Ruth Calloway", "Omar Haddad", "Linnea Strand", "Peter Achterberg")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in the practice, and where. `physicians`: the first signs in as the demonstration's physician."""

    owner: User
    physicians: tuple[User, ...]
    trainee: User
    front_desk: User
    biller: User
    auditor: User
    locations: tuple[Location, ...]
    types: dict[str, AppointmentType]


def open_practice(scale: Scale, since: dt.date) -> Staff:
    """The practice as it began: its owner, who adds everybody else."""
    owner = services.create_owner("owner@demo.test", "Dana Whitlock", PASSWORD)
    services.change_practice(
        owner,
        name="Harbor Street Osteopathic (demonstration)",
        npi=_npi(1),
        tax_id="00-0000000",
        street="1 Harbor Street",
        city="Portland",
        state="ME",
        postal_code="04101",
        phone="207-555-0100",
        email="office@demo.test",
        zone=ZONE,
    )
    password = make_password(PASSWORD)
    people = _People(owner, password, since)
    physicians = [
        people.add("physician@demo.test", "Maya Lindqvist", Role.PHYSICIAN, "DO", 2, pin=True),
        people.add("physician2@demo.test", "Adaeze Obi", Role.PHYSICIAN, "DO", 3, pin=True),
    ]
    for number, name in enumerate(MORE_PHYSICIANS[: max(0, scale.physicians - 2)], 4):
        physicians.append(people.add(f"physician{number - 1}@demo.test", name, Role.PHYSICIAN, "DO", number))
    trainee = people.add("trainee@demo.test", "Tomas Rivera", Role.TRAINEE, "DO, resident", 20, pin=True)
    places = tuple(
        services.save_location(owner, None, **fields)
        for fields in (
            {
                "name": "Harbor Street",
                "street": "1 Harbor Street",
                "city": "Portland",
                "state": "ME",
                "postal_code": "04101",
                "phone": "207-555-0100",
                "hours": "Monday to Friday, 8:30 AM to 5:00 PM",
            },
            {
                "name": "Mill Road",
                "street": "20 Mill Road",
                "city": "Westbrook",
                "state": "ME",
                "postal_code": "04092",
                "phone": "207-555-0101",
                "hours": "Monday to Friday, 8:30 AM to 5:00 PM",
            },
        )
    )
    staff = Staff(
        owner=owner,
        physicians=tuple(physicians),
        trainee=trainee,
        front_desk=people.add("frontdesk@demo.test", "Jonah Weiss", Role.FRONT_DESK),
        biller=people.add("biller@demo.test", "Paul Okonkwo", Role.BILLER),
        auditor=people.add("auditor@demo.test", "Helen Marsh", Role.AUDITOR),
        locations=places,
        types=_types(owner),
    )
    for number, clinician in enumerate((*physicians, trainee)):
        set_hours(owner, clinician, _week(places[number % 2 if number < 2 else 0]))
    return staff


@dataclass(frozen=True, slots=True)
class _People:
    owner: User
    password: str  # hashed once: hashing is slow by design
    since: dt.date

    def add(  # noqa: PLR0913  (who it is)
        self, email: str, name: str, role: Role, credentials: str = "", number: int = 0, *, pin: bool = False
    ) -> User:
        user = services.add_person(
            self.owner,
            roles=[role],
            email=email,
            name=name,
            credentials=credentials,
            npi=_npi(number) if number else "",
        )
        user.password = self.password
        user.save(update_fields=["password"])
        if number:
            physician = role is Role.PHYSICIAN
            services.add_credential(
                self.owner,
                user,
                kind=Credential.Kind.DO if physician else Credential.Kind.RESIDENT,
                number=f"DEMO-{number:03}",
                state="ME",
                valid_from=self.since - dt.timedelta(days=2000 if physician else 400),
                may_sign_omt=physician,
            )
        if pin:
            signing.set_pin(user, PIN)
        return user


def _types(owner: User) -> dict[str, AppointmentType]:
    kinds = AppointmentType.Kind
    rows = (
        AppointmentType(name="Consultation", kind=kinds.CONSULTATION, minutes=45),
        AppointmentType(name="New patient", kind=kinds.NEW, minutes=60),
        AppointmentType(name="Follow-up", kind=kinds.FOLLOW_UP, minutes=30),
    )
    return {row.kind: save_type(owner, row) for row in rows}


def _week(place: Location) -> list[WorkingHours]:
    return [
        WorkingHours(location=place, weekday=day, start=start, end=end)
        for day in range(5)
        for start, end in ((OPENS, NOON), (AFTER_NOON, CLOSES))
    ]


def _npi(number: int) -> str:
    """A well-formed number that nobody was given."""
    for last in range(10):
        candidate = f"1000000{number:02}{last}"
        try:
            check_npi(candidate)
        except ValidationError:
            continue
        return candidate
    raise AssertionError("one of ten digits always fits")
