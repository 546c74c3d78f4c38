"""Jobs of this step: to ask, to remind, to ask once more, to go on to the next person (`escalation`)."""

from __future__ import annotations

from typing import Any

from openomt.care.contact.jobs import job
from openomt.care.contact.models import Job
from openomt.care.followup import escalation  # noqa: F401  (registers its job)
from openomt.care.followup.checkins import services
from openomt.care.followup.models import CheckIn


@job("followup.checkin")
def send(payload: dict[str, Any], job: Job) -> None:
    """Sends a check-in, or closes it where the clock has gone past it."""
    services.send(_of(payload), job.done_at or job.run_after)


@job("followup.silence")
def silent(payload: dict[str, Any], job: Job) -> None:
    """Looks whether a check-in was answered, and follows the rule where it was not."""
    services.silent(_of(payload), payload["step"], job.done_at or job.run_after)


@job("followup.again")
def again(payload: dict[str, Any], job: Job) -> None:
    """Asks the next day again."""
    services.ask_again(_of(payload), job.done_at or job.run_after)


def _of(payload: dict[str, Any]) -> CheckIn:
    # Held: a patient may be answering it at this moment. Joined rows are read after the wait.
    return CheckIn.objects.select_for_update().get(pk=payload["check_in"])
