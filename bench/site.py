"""How fast the site answers with 5,000 patients and 20,000 signed visits: 8 clients without a pause, 2 workers.

make bench-site    SQLite, then PostgreSQL (a server of its own, or that of OPENOMT_DATABASE)

The databases are made once and kept under build/bench. Clients are wrk's (Debian: apt install wrk), which leave the
cores to the server. Exit code 1 where a figure lies above what issue 4 asks for.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.processes import memory  # noqa: E402

KEPT = ROOT / "build" / "bench"
OPENOMT = Path(sys.executable).with_name("openomt")
CLIENTS = 8
PORT = 8973
THREADS = 4
PASSPHRASE = "only for the bench"  # noqa: S105
MEMORY = 350
TARGETS = {"find": 60, "chart": 80, "save": 60, "today": 80}
TITLES = {
    "find": "patient search",
    "chart": "chart",
    "save": "autosave with live answer",
    "today": "today",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What wrk measured, in milliseconds."""

    requests: int
    bad: int
    median: float
    p95: float
    p99: float


def environment(kind: str) -> dict[str, str]:
    """For a process that uses one of the two databases."""
    address = os.environ.get("OPENOMT_DATABASE", "") if kind == "postgresql" else ""
    return {
        **os.environ,
        "OPENOMT_DATA": str(KEPT / kind),
        "OPENOMT_DATABASE": address,
        "OPENOMT_PASSPHRASE": PASSPHRASE,
        "OPENOMT_DEMO": "1",
    }


def prepare(kind: str) -> None:
    """Makes the database where it is not there yet. PostgreSQL gets its rows by restoring a backup of the other."""
    KEPT.mkdir(parents=True, exist_ok=True)
    if not (KEPT / "sqlite" / "demonstration").exists():
        shutil.rmtree(KEPT / "sqlite", ignore_errors=True)
        print("Making 5,000 patients and 20,000 visits; this takes some minutes, once.", flush=True)
        seed = [sys.executable, "-m", "openomt.site.demo", "--scale", "bench"]
        subprocess.run(seed, env=environment("sqlite"), check=True)
        (KEPT / "practice.omt").unlink(missing_ok=True)
    if kind == "sqlite":
        subprocess.run([OPENOMT, "migrate"], env=environment(kind), check=True, capture_output=True)
        return
    if not (KEPT / "practice.omt").exists():
        subprocess.run([OPENOMT, "backup", KEPT / "practice.omt"], env=environment("sqlite"), check=True)
    restore = [str(OPENOMT), "restore", "--over", str(KEPT / "practice.omt")]
    subprocess.run(restore, env=environment(kind), check=True, input="restore over newer\n", text=True)


def prepared(kind: str) -> str:
    """What clients need, from the database: sessions, paths, texts. Runs in a process of its own."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); from bench.site import lines; print('\\n'.join(lines()))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)],
        env=environment(kind),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def lines() -> Iterator[str]:
    """Lines for site.lua, by what they are for."""
    from openomt.site.start import django_ready

    django_ready()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.urls import reverse

    from openomt.care.accounts.models import User
    from openomt.care.patients.models import Patient
    from openomt.care.visits.models import Visit
    from openomt.care.visits.services import open_visit
    from openomt.site.demo.drafts import everything_written

    user = User.objects.get(email="physician@demo.test")
    for _ in range(CLIENTS):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        yield f"session {session.session_key}"
    chance = random.Random(5)
    people = list(Patient.objects.filter(restricted=False, merged_into=None).order_by("pk"))
    for one in chance.sample(people, 400):
        yield f"chart {reverse('chart', args=[one.uid])}"
        name, given = one.family_name, one.given_names
        for query in (
            name[:3],
            name,
            f"{given} {name[:2]}",
            one.birth_date.isoformat(),
            one.phone[-4:],
            "Smyth",
        ):
            yield f"find {reverse('find')}?q={query.replace(' ', '+')}"
    yield f"today {reverse('today')}"
    Visit.objects.filter(clinician=user, state=Visit.State.DRAFT).update(draft={}, revision=0)
    for one in chance.sample(people, CLIENTS):
        visit = open_visit(user, one)
        visit.saves.all().delete()
        Visit.objects.filter(pk=visit.pk).update(draft={}, revision=0)
        yield f"save {reverse('visit_draft', args=[visit.uid])}"
    yield from (f"text {text}" for text in everything_written())


@contextlib.contextmanager
def server(kind: str, threads: int) -> Iterator[int]:
    """The site, as a practice runs it."""
    with subprocess.Popen(
        [OPENOMT, "serve", "--port", str(PORT), "--workers", "2", "--threads", str(threads)],
        env=environment(kind),
        stdout=subprocess.DEVNULL,
    ) as running:
        try:
            _wait(f"http://127.0.0.1:{PORT}/health")
            yield running.pid
        finally:
            running.terminate()
            running.wait(30)


def _wait(address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  (our own server)
            return
        time.sleep(0.1)
    raise TimeoutError(address)


def measure(kind: str, given: str, seconds: int) -> Figures:
    """One kind of request, for a while."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for line in given.splitlines():
            what, _, rest = line.partition(" ")
            if what in ("session", "text"):
                print(line, file=file)
            elif what == kind:
                print(f"path {rest}", file=file)
        file.flush()
        command = ["wrk", f"-t{CLIENTS}", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "20s"]
        command += ["-s", str(ROOT / "bench" / "site.lua"), f"http://127.0.0.1:{PORT}", "--", kind, file.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()[1:]
    return Figures(int(result[0]), int(result[1]), *map(float, result[2:]))


def run(kind: str, seconds: int, threads: int) -> bool:
    """Measures one database and prints the figures; whether all reach their targets."""
    prepare(kind)
    given = prepared(kind)
    good = True
    with server(kind, threads) as master:
        print(f"\n{kind}: {CLIENTS} clients, 2 workers, {seconds} s each", flush=True)
        print(f"  {'':28}{'p50':>8}{'p95':>8}{'p99':>8}{'target':>9}{'a second':>10}{'failed':>8}")
        for what, target in TARGETS.items():
            measure(what, given, 2)
            found = measure(what, given, seconds)
            met = found.p95 <= target and not found.bad
            good = good and met
            print(
                f"  {TITLES[what]:28}{found.median:8.1f}{found.p95:8.1f}{found.p99:8.1f}{target:6} ms"
                f"{found.requests / seconds:10.0f}{found.bad:8}{'' if met else '   above'}",
                flush=True,
            )
        shared, added = memory(master)
        good = good and shared <= MEMORY
        print(
            f"  memory of the whole server: {shared:.0f} MiB (target {MEMORY}; RSS added up: {added:.0f})",
            flush=True,
        )
    return good


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--threads", type=int, default=THREADS)
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    given = options.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not on this machine (Debian: apt install wrk).", file=sys.stderr)
        return 1
    kinds = (
        [given.only]
        if given.only
        else ["sqlite", *(["postgresql"] if os.environ.get("OPENOMT_DATABASE") else [])]
    )
    good = [run(kind, given.seconds, given.threads) for kind in kinds]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
