"""Kills workers with SIGKILL at random moments while they do jobs and send mail, and looks at what is left.

make bench-worker    30 times on each database; exit code 1 where anything was lost or went out twice

Two workers share the jobs; each job makes one check-in message, and a real mail server (SMTP, on this machine) takes
the mail. Afterwards: every job was done once; every message was sent, or is in doubt in front of a person; no
Message-ID came in twice; the audit is whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.mail_server import Recorder, mail_server  # noqa: E402

DOMAIN = "practice.example"
LEASE = 2.0
"""Seconds of a lease here, so that the bench need not wait for minutes."""
WORKERS = 2
SLOW = 0.03
"""Seconds the mail server takes: a kill often falls into the hand-over."""


@dataclass(slots=True)
class Found:
    """What was left, once nothing waited any more."""

    jobs: int
    kills: int
    done: int = 0
    sent: int = 0
    in_doubt: int = 0
    arrived_in_doubt: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = "; ".join(self.wrong) or "nothing lost, none twice"
        return (
            f"{self.kills} kills, {self.done} of {self.jobs} jobs done, {self.sent} messages sent, "
            f"{self.in_doubt} in doubt ({self.arrived_in_doubt} of these had arrived): {told}"
        )


# Inside a process with the database -------------------------------------------------------------------


def worker() -> None:
    """A worker as `openomt worker` runs it, with short leases."""
    from openomt.site.start import django_ready

    django_ready()
    from datetime import timedelta

    from openomt.care.contact import leases
    from openomt.site.work import work

    leases.LEASE = timedelta(seconds=LEASE)
    work()


def fill() -> None:
    """Patients treated two days ago: the check-in of the first day is due, those of the third and seventh are not."""
    given = json.load(sys.stdin)
    from openomt.site import start

    start.django_ready()
    start.migrate()
    from datetime import date, time, timedelta

    from django.db import transaction

    from openomt.care.accounts.models import Practice, User
    from openomt.care.contact.models import ContactSettings
    from openomt.care.followup.checkins import services
    from openomt.care.patients.models import Patient
    from openomt.care.patients.services import index
    from openomt.care.visits.models import Visit, VisitRegion

    doctor = User.objects.create_user("d@example.test", "long enough for a test", name="Doctor")
    Practice.load()
    ContactSettings(pk=1, quiet_from=time(0), quiet_until=time(0)).save()
    with transaction.atomic():
        for number in range(given["jobs"]):
            one = Patient(
                family_name=f"Made-up {number}",
                given_names="Alma",
                birth_date=date(1980, 1, 1),
                sex="female",
                contact="email",
                email=f"alma{number}@example.test",
            )
            index(one)
            one.save()
            visit = Visit.objects.create(
                patient=one,
                clinician=doctor,
                number=1,
                date=date.today() - timedelta(days=2),
                state="signed",
                saved_by=doctor,
            )
            VisitRegion.objects.create(visit=visit, region="lumbar", state="found", techniques="mfr")
            services.plan(visit)
    print("{}")


def look() -> None:
    """Prints how jobs and messages stand."""
    from openomt.site.start import django_ready

    django_ready()
    from openomt.care.accounts import audit
    from openomt.care.contact.models import Job, Message
    from openomt.care.followup.models import CheckIn

    _, breaks = audit.verify()
    first = Job.objects.filter(kind="followup.checkin", key__endswith=":1")
    told = {
        "jobs": dict(Counter(first.values_list("ending", flat=True))),
        "messages": {f"<{one.uid}@{DOMAIN}>": one.state for one in Message.objects.iterator()},
        "keys": Message.objects.values("key").distinct().count(),
        "unsent": CheckIn.objects.filter(day=1, sent_at=None).count(),
        "breaks": [one.why for one in breaks],
    }
    print(json.dumps(told))


# The bench --------------------------------------------------------------------------------------------


def inside(what: str, told: dict[str, str], given: object = None) -> Any:
    """Runs a function of this file in a process with the database, and gives its JSON."""
    done = subprocess.run(
        [sys.executable, "-c", _code(what)],
        env=told,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        input=json.dumps(given),
    )
    return json.loads(done.stdout)


def _code(what: str) -> str:
    return (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bench import kill_worker; kill_worker.{what}()"
    )


def _start(told: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _code("worker")], env=told)


def run(address: str, folder: Path, *, jobs: int, kills: int, chance: random.Random) -> Found:
    """Does so many jobs by two workers, one of which is killed now and then."""
    with mail_server(slow=SLOW) as mail:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENOMT_")}
        told = {
            **kept,
            "OPENOMT_DATA": str(folder),
            "OPENOMT_DATABASE": address,
            "OPENOMT_SMTP": mail.address,
            "OPENOMT_MAIL_FROM": f"robot@{DOMAIN}",
            "DJANGO_SETTINGS_MODULE": "openomt.site.settings",
        }
        inside("fill", told, {"jobs": jobs})
        running = [_start(told) for _ in range(WORKERS)]
        killed = 0
        try:
            for _ in range(kills):
                _wait(mail, len(mail.taken) + chance.randrange(1, max(2, jobs // (kills + 1))), 30)
                time.sleep(chance.random() * 2 * SLOW)
                place = chance.randrange(WORKERS)
                running[place].kill()
                running[place].wait()
                killed += 1
                running[place] = _start(told)
            state = _settled(told)
        finally:
            for one in running:
                one.terminate()
            ended = [one.wait(30) for one in running]
        found = Found(jobs, killed)
        if any(ended):
            found.wrong.append(f"a worker did not end well: {ended}")
        return _judge(found, state, mail)


def _wait(mail: Recorder, count: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while len(mail.taken) < count and time.monotonic() < until:
        time.sleep(0.005)


def _settled(told: dict[str, str]) -> dict[str, Any]:
    """How it stands once nothing waits, or after a minute and a half."""
    until = time.monotonic() + 90
    while True:
        state: dict[str, Any] = inside("look", told)
        waits = {"waiting", "handing"} & set(state["messages"].values()) or "" in state["jobs"]
        if not waits or time.monotonic() > until:
            return state
        time.sleep(1)


def _judge(found: Found, state: dict[str, Any], mail: Recorder) -> Found:
    arrived = Counter(mail.ids())
    found.done = state["jobs"].get("done", 0)
    states = Counter(state["messages"].values())
    found.sent, found.in_doubt = states["sent"], states["in_doubt"]
    doubtful = [uid for uid, one in state["messages"].items() if one == "in_doubt"]
    found.arrived_in_doubt = sum(uid in arrived for uid in doubtful)
    twice = [uid for uid, times in arrived.items() if times > 1]
    missing = [uid for uid, one in state["messages"].items() if one == "sent" and uid not in arrived]
    found.wrong += [f"{len(twice)} went out twice"] if twice else []
    found.wrong += [f"{len(missing)} said to be sent never arrived"] if missing else []
    if found.done != found.jobs or len(state["messages"]) != found.jobs:
        found.wrong.append(f"jobs: {state['jobs']}, messages: {len(state['messages'])}")
    if state["unsent"]:
        found.wrong.append(f"{state['unsent']} check-ins say they were never sent")
    if found.sent + found.in_doubt != found.jobs:
        found.wrong.append(f"messages: {dict(states)}")
    found.wrong += state["breaks"]
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=30)
    options.add_argument("--jobs", type=int, default=600)
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    given = options.parse_args()
    address = os.environ.get("OPENOMT_DATABASE", "")
    kinds = [("sqlite", "")] + ([("postgresql", address)] if address else [])
    good = True
    for kind, at in kinds:
        if given.only not in (None, kind):
            continue
        folder = Path(tempfile.mkdtemp(prefix="openomt-worker-"))
        try:
            found = run(at, folder, jobs=given.jobs, kills=given.times, chance=random.Random(kind))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print(f"{kind}: {found}", flush=True)
        good = good and not found.wrong
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
