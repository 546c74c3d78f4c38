"""Rows for tests: a practice with its people, patients and appointments, in one call each.

Only tests import this. Everything not named gets a value that is valid and plainly made up.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from openomt.care.accounts.access import Role
from openomt.care.accounts.middleware import SEEN
from openomt.care.accounts.models import Credential, Location, Practice, RoleGrant, User
from openomt.care.accounts.sessions import SessionStore
from openomt.care.accounts.signing import hash_pin
from openomt.care.booking.models import Appointment, AppointmentType
from openomt.care.patients.models import Patient
from openomt.care.patients.services import index

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "long enough for a test"  # noqa: S105
PIN = "135790"
_NUMBERS = itertools.count(1)


def practice(**fields: Any) -> Practice:
    """The one practice, with these fields set."""
    row = Practice.load()
    for name, value in ({"name": "Test Practice", "phone": "555-0100"} | fields).items():
        setattr(row, name, value)
    row.save()
    return row


def location(**fields: Any) -> Location:
    """A place where patients are seen; the same one for the same name."""
    values = {"name": "Main Street"} | fields
    return Location.objects.get_or_create(name=values.pop("name"), defaults=values)[0]


def member(
    *roles: Role | str,
    email: str | None = None,
    name: str | None = None,
    credentials: str = "DO",
    pin: str = PIN,
    may_sign_omt: bool | None = None,
    **fields: Any,
) -> User:
    """A member of the practice with these roles, whose password is `PASSWORD`.

    A clinician gets a credential that began long ago. It allows signing OMT for a physician and not for a trainee,
    unless `may_sign_omt` says otherwise. `pin=""`: no signing PIN was chosen.
    """
    held = [Role(role) for role in roles]
    number = next(_NUMBERS)
    label = held[0].value if held else "nobody"
    clinician = bool({Role.PHYSICIAN, Role.TRAINEE} & set(held))
    user = User.objects.create_user(
        email or f"{label.replace('_', '-')}{number}@example.test",
        PASSWORD,
        name=name or f"{label.replace('_', ' ').title()} Test {number}",
        credentials=credentials if clinician else "",
        signing_pin=_hashed(pin, settings.SECRET_KEY) if pin and clinician else "",
        **fields,
    )
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role.value) for role in held])
    if clinician:
        physician = Role.PHYSICIAN in held
        Credential.objects.create(
            user=user,
            kind=Credential.Kind.DO if physician else Credential.Kind.RESIDENT,
            number=f"T-{number}",
            state="NY",
            valid_from=dt.date(2015, 1, 1),
            may_sign_omt=physician if may_sign_omt is None else may_sign_omt,
        )
    return user


@cache
def _hashed(pin: str, _key: str) -> str:
    """Hashing is slow on purpose: the same PIN under the same key of the site is hashed once."""
    return hash_pin(pin)


def patient(*, care_team: tuple[User, ...] = (), **fields: Any) -> Patient:
    """A patient who can be found by search."""
    number = next(_NUMBERS)
    values: dict[str, Any] = {
        "family_name": f"Testpatient{number}",
        "given_names": "Alma",
        "birth_date": dt.date(1990, 5, 17),
        "sex": Patient.Sex.FEMALE,
        "phone": f"555-01{number % 100:02}",
    }
    row = Patient(**(values | fields))
    index(row)
    row.save()
    row.care_team.set(care_team)
    return row


def appointment_type(**fields: Any) -> AppointmentType:
    """A kind of appointment; the same one for the same name."""
    values = {"name": "Follow-up", "kind": AppointmentType.Kind.FOLLOW_UP, "minutes": 30} | fields
    return AppointmentType.objects.get_or_create(name=values.pop("name"), defaults=values)[0]


def appointment(
    *,
    patient: Patient | None = None,
    clinician: User | None = None,
    start: dt.datetime | None = None,
    minutes: int = 30,
    **fields: Any,
) -> Appointment:
    """An appointment, at the next full hour unless `start` says when."""
    begins = start or timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    values: dict[str, Any] = {
        "patient": patient or _patient(),
        "clinician": clinician or member(Role.PHYSICIAN),
        "location": fields.pop("location", None) or location(),
        "type": fields.pop("type", None) or appointment_type(),
        "start": begins,
        "end": begins + dt.timedelta(minutes=minutes),
    }
    return Appointment.objects.create(**(values | fields))


_patient = patient


def signed_in(client: Client, user: User, seen: float | None = None) -> Client:
    """The client, signed in as `user` and there a moment ago, or at the time `seen`."""
    there = client.cookies.get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = SessionStore(there.value if there else None)
    login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    request.session[SEEN] = time.time() if seen is None else seen
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back, also what a view keeps in a transaction of its own."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own tests say it
    with block:
        yield
        transaction.set_rollback(True)
