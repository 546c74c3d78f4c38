"""What surrounds a draft: the patient's facts, their lasting refusals, orders that hold, the practice's levels."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from openomt.care.accounts.prepared import Prepared
from openomt.care.patients.facts import known
from openomt.care.patients.models import RefusalEntry
from openomt.care.visits.drafts import Circumstances, Draft
from openomt.care.visits.models import Order, Visit
from openomt.care.visits.orders.services import holding
from openomt.care.visits.rule_settings import settings_of
from openomt.medicine.safety.practice import Settings
from openomt.medicine.safety.tables import tables
from openomt.medicine.safety.values import PatientFacts

NEW_FOR_YEARS = 3
"""A patient not seen for three years counts as new (`PatientStatus`)."""


@dataclass(frozen=True, slots=True)
class Around:
    """Everything outside the draft that its answer depends on."""

    circumstances: Circumstances
    facts: PatientFacts
    always_refused: tuple[str, ...] = ()
    holding: tuple[Order, ...] = ()
    settings: Settings = ()
    cpt: bool = False


def around(visit: Visit, *, cpt: bool, settings: Settings = ()) -> Around:
    """What surrounds a visit today. A few queries; nothing is written."""
    patient = visit.patient
    facts = known(patient, visit.date)
    return Around(
        circumstances=Circumstances(
            date=visit.date,
            performer=str(visit.clinician),
            payer=patient.payer_kind,
            place_of_service=visit.location.place_of_service if visit.location else "11",
            new_patient=_is_new(visit),
            pregnant=facts.weeks is not None or None,
        ),
        facts=facts,
        always_refused=tuple(technique for (technique,) in _refused.rows(patient.pk)),
        holding=holding(patient),
        settings=settings,
        cpt=cpt,
    )


_READ_AGAIN = 2.0
"""Seconds after which what surrounds a draft is read anew while somebody types. Opening and signing always do."""
_MOST = 256
_lately: dict[tuple[int, bool], tuple[float, Around]] = {}


def around_lately(visit: Visit, *, cpt: bool) -> Around:
    """As `around` with the practice's levels, at most two seconds old: an autosave comes a few times a second, and
    the record and the levels seldom change."""
    key, now = (visit.pk, cpt), time.monotonic()
    at, found = _lately.get(key, (0.0, None))
    if found is not None and now - at < _READ_AGAIN:
        return found
    if len(_lately) >= _MOST:
        _lately.clear()
    fresh = around(visit, cpt=cpt, settings=settings_of())
    _lately[key] = (now, fresh)
    return fresh


def _is_new(visit: Visit) -> bool:
    since = visit.date - dt.timedelta(days=round(NEW_FOR_YEARS * 365.25))
    return not _earlier.rows(visit.patient_id, since, visit.date, visit.pk)


@Prepared
def _earlier(patient: int, since: dt.date, until: dt.date, other_than: int) -> QuerySet[Visit, Any]:
    kept = Visit.objects.filter(patient=patient, state__in=[Visit.State.SIGNED, Visit.State.AWAITING])
    within = kept.filter(date__gt=since, date__lte=until).exclude(pk=other_than)
    return within.order_by().values_list("pk")[:1]


@Prepared
def _refused(patient: int) -> QuerySet[RefusalEntry, Any]:
    standing = RefusalEntry.objects.standing().filter(patient=patient)
    return standing.values_list("technique").order_by("technique").distinct()


def with_draft(facts: PatientFacts, draft: Draft) -> PatientFacts:
    """The facts, with what the draft itself says of the patient: that danger signs were asked and denied."""
    if not draft.danger_none:
        return facts
    return replace(facts, absent=facts.absent | tables().red_flags)


def today() -> dt.date:
    """The day in the practice's time zone."""
    return timezone.localdate()
