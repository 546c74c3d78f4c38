"""Jobs: once, at their time, again where they fail, never after they are of use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from openomt.care.contact import jobs, worker
from openomt.care.contact.leases import LEASE, MAX_ATTEMPTS, take
from openomt.care.contact.models import Job, OptOut

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)
ran: list[Any] = []


@jobs.job("test.note")
def note(payload: dict[str, Any], job: Job) -> None:
    """Leaves a row, and then perhaps fails."""
    OptOut.objects.create(channel="email", address=payload["name"])
    ran.append((payload["name"], job.done_at))
    if payload.get("fails") == "words":
        raise jobs.JobError("The calendar is closed.")
    if payload.get("fails"):
        raise ValueError("Ada Quill, 5 March 1990")


@pytest.fixture(autouse=True)
def _nothing_ran() -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


def _names() -> list[str]:
    return sorted(OptOut.objects.values_list("address", flat=True))


def test_a_job_is_done_once_however_often_it_is_asked_for() -> None:
    for _ in range(3):
        jobs.enqueue("test.note", "one", {"name": "one"})
    assert worker.run_due() == 1
    jobs.enqueue("test.note", "one", {"name": "one"})
    assert worker.run_due() == 0
    assert _names() == ["one"]


def test_a_job_waits_for_its_time() -> None:
    now = timezone.now()
    jobs.enqueue("test.note", "later", {"name": "later"}, now + dt.timedelta(days=3))
    assert worker.run_due() == 0
    assert worker.run_due(now + WEEK) == 1
    assert ran == [("later", now + WEEK)], "a handler is told the worker's now"


def test_a_clock_set_forward_a_week_does_what_is_still_due_and_closes_what_is_not_once() -> None:
    now = timezone.now()
    for day in range(1, 7):
        soon = now + dt.timedelta(days=day)
        jobs.enqueue("test.note", f"still {day}", {"name": f"still {day}"}, soon)
        jobs.enqueue("test.note", f"late {day}", {"name": f"late {day}"}, soon, useless_after=soon + LEASE)
    assert worker.run_due(now + WEEK) == 12
    assert worker.run_due(now + WEEK) == 0
    assert _names() == [f"still {day}" for day in range(1, 7)]
    late = Job.objects.filter(ending=Job.Ending.TOO_LATE)
    assert sorted(late.values_list("key", flat=True)) == [f"late {day}" for day in range(1, 7)]


def test_what_a_failed_job_wrote_is_undone_and_it_is_tried_later_and_later_then_given_up() -> None:
    now = timezone.now()
    jobs.enqueue("test.note", "bad", {"name": "bad", "fails": True}, now)
    waits = []
    for _ in range(MAX_ATTEMPTS):
        assert worker.run_due(now) == 1
        job = Job.objects.get()
        waits.append(job.run_after - now)
        now = max(job.run_after, now)
    assert _names() == []
    assert waits[:-1] == sorted(set(waits[:-1]))
    assert job.failed_at == now
    assert len(ran) == MAX_ATTEMPTS
    assert worker.run_due(now + WEEK) == 0


def test_why_a_job_failed_never_repeats_what_a_patient_wrote() -> None:
    jobs.enqueue("test.note", "bad", {"name": "bad", "fails": True})
    jobs.enqueue("test.note", "said", {"name": "said", "fails": "words"})
    worker.run_due()
    bad, said = (Job.objects.get(key=key).error for key in ("bad", "said"))
    assert bad.startswith("ValueError at ")
    assert "Quill" not in bad
    assert said == "The calendar is closed."


def test_a_job_whose_worker_dies_each_time_becomes_a_dead_letter() -> None:
    now = timezone.now()
    jobs.enqueue("test.note", "heavy", {"name": "heavy"}, now)
    for _ in range(MAX_ATTEMPTS):
        assert take(Job.objects.filter(done_at=None), now) is not None, "a worker takes it and is killed"
        now += LEASE + dt.timedelta(seconds=1)
    assert worker.run_due(now) == 1
    job = Job.objects.get()
    assert job.failed_at == now
    assert job.error
    assert not ran


def test_two_workers_never_hold_the_same_job_and_who_lost_it_writes_nothing() -> None:
    now = timezone.now()
    jobs.enqueue("test.note", "one", {"name": "one"}, now)
    open_ones = Job.objects.filter(done_at=None)
    slow = take(open_ones, now)
    assert slow is not None
    assert take(open_ones, now) is None
    after = now + LEASE + dt.timedelta(seconds=1)
    assert worker.run_due(after) == 1
    worker._try(slow, after)
    assert _names() == ["one"]
    assert Job.objects.get().ending == Job.Ending.DONE


def test_a_cancelled_job_is_not_done_and_its_key_may_be_used_again() -> None:
    jobs.enqueue("test.note", "visit", {"name": "old time"})
    assert jobs.cancel("visit")
    assert not jobs.cancel("visit")
    assert worker.run_due() == 0
    jobs.enqueue("test.note", "visit", {"name": "new time"})
    assert worker.run_due() == 1
    assert not jobs.cancel("visit"), "what is done cannot be cancelled"
    assert _names() == ["new time"]


def test_a_job_that_is_cancelled_while_a_worker_has_it_is_not_done() -> None:
    jobs.enqueue("test.note", "visit", {"name": "visit"})
    held = take(Job.objects.filter(done_at=None), timezone.now())
    assert held is not None
    jobs.cancel("visit")
    worker._try(held, timezone.now())
    assert _names() == []


def test_a_kind_nobody_registered_is_refused_at_once() -> None:
    with pytest.raises(jobs.JobError):
        jobs.enqueue("test.unknown", "one")
    with pytest.raises(ValueError, match="two handlers"):
        jobs.job("test.note")(lambda _payload, _job: None)


def test_a_limit_is_kept() -> None:
    for number in range(5):
        jobs.enqueue("test.note", str(number), {"name": str(number)})
    assert worker.run_due(limit=2) == 2
    assert Job.objects.filter(done_at=None).count() == 3
