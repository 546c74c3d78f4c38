"""The register of claims: which are shown, how many there are in each state, the next page."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from openomt.care.billing.forms import ALL, FilterForm
from openomt.care.billing.models import Claim
from openomt.care.billing.services import with_all
from openomt.care.patients.names import key

PAGE = 50
_NUMBER = re.compile(r"(?i)OMT0*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Register:
    """What the page shows. `counts`: claims by state, under the same filter; `next_uid`: where it goes on."""

    form: FilterForm
    state: str
    claims: list[Claim]
    counts: Mapping[str, int]
    next_uid: uuid.UUID | None
    filtered: bool


def read_register(request: HttpRequest) -> Register:
    """The register as the address asks for it. A filter that cannot be read is left out and said at its field."""
    form = FilterForm(request.GET or None)
    form.is_valid()
    said = form.cleaned_data if form.is_bound else {}
    state = said.get("state") or Claim.State.NOT_CODED.value
    matching = filtered(said)
    found = dict(matching.order_by().values_list("state").annotate(Count("pk")))
    shown = matching if state == ALL else matching.filter(state=state)
    page = list(with_all(_from(shown, request.GET.get("after", "")))[: PAGE + 1])
    more = len(page) > PAGE
    return Register(
        form=form,
        state=state,
        claims=page[:PAGE],
        counts={**dict.fromkeys(Claim.State.values, 0), **found, ALL: sum(found.values())},
        next_uid=page[PAGE - 1].uid if more else None,
        filtered=any(value for name, value in said.items() if name != "state"),
    )


def filtered(said: Mapping[str, Any]) -> QuerySet[Claim]:
    """The claims of any state that the filter lets through, newest first."""
    claims = Claim.objects.all()
    if said.get("since"):
        claims = claims.filter(date__gte=said["since"])
    if said.get("until"):
        claims = claims.filter(date__lte=said["until"])
    if said.get("clinician"):
        claims = claims.filter(visit__clinician__uid=said["clinician"])
    if said.get("payer"):
        claims = claims.filter(payer__icontains=said["payer"].strip())
    if said.get("q"):
        claims = claims.filter(_named(said["q"].strip()))
    return claims.order_by("-date", "-pk")


def _named(text: str) -> Q:
    """A claim by its number, or by each word of the patient's name."""
    number = _NUMBER.fullmatch(text)
    if number:
        return Q(pk=int(number[1]))
    found = Q()
    for word in text.replace(",", " ").split():
        start = key(word)
        if start:
            found &= Q(visit__patient__family_key__startswith=start) | Q(
                visit__patient__given_key__startswith=start
            )
    return found or Q(pk=0)


def _from(claims: QuerySet[Claim], after: str) -> QuerySet[Claim]:
    """The claims behind the one that ended the page before; all of them where there is no such claim."""
    try:
        last = Claim.objects.filter(uid=uuid.UUID(after)).values_list("date", "pk").first()
    except ValueError:
        return claims
    if last is None:
        return claims
    return claims.filter(Q(date__lt=last[0]) | Q(date=last[0], pk__lt=last[1]))
