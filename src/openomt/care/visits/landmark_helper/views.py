"""What ticked tests mean. Nothing of a patient is asked or kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from openomt.care.accounts.access import Permission, allow
from openomt.care.visits.landmark_helper.answers import tell
from openomt.medicine.landmarks import ObservationError

MOST = 60
LONGEST = 60


@allow(Permission.VISIT_WRITE)
@require_POST
def landmarks_infer(request: HttpRequest) -> HttpResponse:
    """The dysfunctions that the tests of one area fit, with reasons and the test that would decide."""
    sent = [
        *_place(request),
        *(one for name, values in request.POST.lists() if name[:2] == "t-" for one in values),
    ]
    arguments = [one[:LONGEST] for one in sent if one][:MOST]
    try:
        told = tell(arguments)
    except ObservationError as error:
        return render(request, "visits/landmarks/answer.html", {"problem": str(error)}, status=200)
    return render(request, "visits/landmarks/answer.html", {"told": told})


def _place(request: HttpRequest) -> list[str]:
    """The vertebrae or ribs the tests were done at, as arguments that name it for the tests after them."""
    found = []
    for key in ("segment", "ribs"):
        first, last = (request.POST.get(f"{key}-{end}", "") for end in ("first", "last"))
        if first:
            found.append(f"{key}={first}-{last}" if last and last != first else f"{key}={first}")
    return found
