"""Opening a chart: the one way to a patient's data, which asks for a reason where it must and is audited."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.by_key import ByKey
from openomt.care.accounts.models import User
from openomt.care.patients.models import OpenedGlass, Patient

_by_uid = ByKey(Patient, "uid")


class RestrictedChartError(Exception):
    """The chart is restricted and this person has not given a reason. The middleware asks for one."""

    def __init__(self, patient: Patient) -> None:
        super().__init__("restricted chart")
        self.patient = patient


def member(request: HttpRequest) -> User:
    """The person who is signed in. Views behind a policy always have one."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def open_chart(
    request: HttpRequest, uid: uuid.UUID, action: str = "chart.read", *, subject: str = ""
) -> Patient:
    """The patient, after the opening was written to the audit as `action`.

    Raises Http404 where there is none, RestrictedChartError where a reason is needed first. A record that was merged
    into another opens the other.
    """
    patient = chart_to_change(request, uid)
    audit.record(
        member(request), action, patient_id=patient.pk, subject=subject, address=audit.address_of(request)
    )
    return patient


def chart_to_change(request: HttpRequest, uid: uuid.UUID) -> Patient:
    """The patient, for a change that its service writes to the audit itself. Raises as `open_chart` does."""
    patient = _by_uid.get(uid)
    if patient is None:
        raise Http404
    if patient.merged_into is not None:
        patient = patient.merged_into
    check_glass(member(request), patient)
    return patient


def check_glass(user: User, patient: Patient) -> None:
    """Raises RestrictedChartError where the chart is restricted and the person may not open it without a reason."""
    if not patient.restricted:
        return
    if patient.care_team.filter(pk=user.pk).exists():
        return
    if OpenedGlass.objects.filter(user=user, patient=patient, until__gt=timezone.now()).exists():
        return
    raise RestrictedChartError(patient)
