"""Signed visits and claims for the tests of billing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import Practice, User
from openomt.care.billing import services
from openomt.care.billing.models import Claim, Clearinghouse, Fee
from openomt.care.patients.models import Patient
from openomt.care.visits import services as visits
from openomt.care.visits.drafts import Draft, Separate
from openomt.care.visits.models import Visit
from openomt.medicine.visit import EffortLevel

NPI = "1234567893"
WHOLE: dict[str, Any] = {
    "text": "T5 FRSr (2) tender; ribs 3-5 inh L; L5 NSlRr\nME T5, ribs 3-5; counterstrain L5; improved",
    "complaint": "Mid back pain",
    "diagnoses": "M54.6",
    "agreed": True,
    "discussed": "soreness",
    "goal": "Sit an hour",
    "frequency": "weekly",
}
SEPARATE = Separate(
    beyond=True,
    reasons="new knee problem",
    problems=EffortLevel.LOW,
    data=EffortLevel.LOW,
    risk=EffortLevel.LOW,
)


def practice(*, cpt: bool = True, **fields: Any) -> Practice:
    """A practice with all that a claim file needs."""
    values = {
        "name": "Test Practice",
        "npi": NPI,
        "tax_id": "12-3456789",
        "street": "100 Example Street",
        "city": "Springfield",
        "state": "OH",
        "postal_code": "45501-1234",
        "phone": "555-010-0142",
        "claim_submitter": "SUBM1",
        "zone": "UTC",  # so that the day is that of the test
        "cpt_confirmed_at": timezone.now() if cpt else None,
    } | fields
    return testing.practice(**values)


def house(**fields: Any) -> Clearinghouse:
    """A receiver of claim files."""
    values = {"name": "Example Clearing House", "identifier": "RCV01", "release_signed": True} | fields
    made = Clearinghouse(pk=1, **values)
    made.save()
    return made


def insured(**fields: Any) -> Patient:
    """A patient with a payer."""
    values = {
        "family_name": "Example",
        "given_names": "Ada",
        "payer": "Example Health",
        "payer_id": "EXH01",
        "member_id": "M100",
        "street": "1 Street",
        "city": "Springfield",
        "state": "OH",
        "postal_code": "45501",
    } | fields
    return testing.patient(**values)


def doctor(**fields: Any) -> User:
    return testing.member(Role.PHYSICIAN, **({"name": "Grace Physician", "npi": NPI} | fields))


def biller() -> User:
    return testing.member(Role.BILLER)


def signed_visit(
    clinician: User | None = None,
    patient: Patient | None = None,
    day: dt.date | None = None,
    **draft: Any,
) -> Visit:
    """A visit, charted and signed."""
    who = clinician or doctor()
    visit = visits.open_visit(who, patient or insured(), location=testing.location(), day=day)
    saved = visits.save(who, visit, Draft(**(WHOLE | draft)), base=0, tab="test")
    visits.sign(who, visit, revision=saved.revision)
    visit.refresh_from_db()
    return visit


def claim(visit: Visit | None = None, **draft: Any) -> Claim:
    """The claim of a signed visit, not coded yet."""
    visit = visit or signed_visit(**draft)
    services.register_signed()
    return Claim.objects.get(visit=visit)


def coded(user: User, visit: Visit | None = None, **draft: Any) -> Claim:
    """The claim of a signed visit, coded."""
    return services.code_claim(user, claim(visit, **draft))


def fees(**amounts: str) -> None:
    """Fees that began long ago: `fees(c98926="85")`."""
    for code, amount in amounts.items():
        Fee.objects.create(
            code=code.lstrip("c"), amount=Decimal(amount), valid_from=dt.date(2020, 1, 1), words="ours"
        )
