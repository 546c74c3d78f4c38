"""The claims of the past: coded by the biller two days after each visit; those of the last days still wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from openomt.care.accounts.models import User
from openomt.care.billing.coded import keep
from openomt.care.billing.coding import PayerTerms, code_visit
from openomt.care.billing.models import Claim, ClaimStep
from openomt.care.visits.models import Visit
from openomt.medicine.visit import Visit as VisitValue

_NOT_CODED_DAYS = 7


def _no_fee(_code: str) -> None:
    """The practice has no fee schedule yet."""


def write_claims(visits: Iterable[tuple[Visit, VisitValue]], biller: User, today: dt.date) -> None:
    """A claim for each signed visit with what the medicine reads in it."""
    claims = [_claim(visit, told, biller, today) for visit, told in visits]
    Claim.objects.bulk_create(claims)
    ClaimStep.objects.bulk_create(
        [ClaimStep(claim=one, at=one.coded_at, by=biller, what="Coded") for one in claims if one.coded_at]
    )


def _claim(visit: Visit, told: VisitValue, biller: User, today: dt.date) -> Claim:
    claim = Claim(
        visit=visit,
        date=visit.date,
        payer=visit.patient.payer,
        place_of_service=visit.location.place_of_service if visit.location else "11",
        added_at=visit.saved_at,
    )
    if (today - visit.date).days <= _NOT_CODED_DAYS:
        return claim
    coded = code_visit(told, PayerTerms(), cpt=False, price=_no_fee)
    if coded.nothing:
        return claim
    keep(claim, coded)
    claim.state, claim.coded_by = Claim.State.CODED, biller
    claim.coded_at = dt.datetime.combine(visit.date + dt.timedelta(days=2), dt.time(15), tzinfo=dt.UTC)
    return claim
