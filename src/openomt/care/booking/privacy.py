"""Which restricted charts are closed to somebody, for lists: two queries, and none where no chart is restricted."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.patients.models import OpenedGlass, Patient


def closed_to(user: User, patients: Iterable[tuple[int, bool]]) -> frozenset[int]:
    """The keys of those this person may not read without giving a reason first (as `charts.check_glass` says).

    `patients`: the key of each, and whether the chart is restricted.
    """
    restricted = {key for key, is_restricted in patients if is_restricted}
    if not restricted:
        return frozenset()
    team = Patient.care_team.through.objects.filter(user_id=user.pk, patient_id__in=restricted)
    opened = OpenedGlass.objects.filter(user=user, patient__in=restricted, until__gt=timezone.now())
    open_ = {*team.values_list("patient_id", flat=True), *opened.values_list("patient_id", flat=True)}
    return frozenset(restricted - open_)
