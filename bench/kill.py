"""Kills the server with SIGKILL at random moments while eight people write and sign, and looks at what is left.

make bench-kill    20 times on each database; exit code 1 where anything acknowledged is gone

After each restart: every acknowledged save is there, every acknowledged signature too, no signed visit has changed,
and the audit is whole. PostgreSQL runs with its care for power loss on (`with_postgres.py --safe`).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools import processes  # noqa: E402

OPENOMT = Path(sys.executable).with_name("openomt")
PORT = 8974
CLIENTS = 8
TOKEN = "k" * 32
PIN = "246810"
FINDINGS = "L5 FRSl (2); ME L5\nT5 ERSr (1); MFR T5\nL-spine improved"


@dataclass(slots=True)
class Seen:
    """What one person was told, and what they had sent without an answer when the server died."""

    patient: str
    session: str
    visit: str = ""
    revision: int = 0
    acknowledged: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    saves: int = 0


class Person(threading.Thread):
    """Types, saves, and signs now and then, until the server is gone."""

    def __init__(self, seen: Seen, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.seen, self._chance = seen, chance
        self.refused = ""

    def run(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            self._connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
            while not self.refused:
                if not self.seen.visit:
                    self._open()
                self._save()
                if self.seen.revision > 3 and self._chance.random() < 0.15:
                    self._sign()

    def _post(self, path: str, body: str, kind: str) -> tuple[int, Any, str]:
        headers = {
            "Cookie": f"sessionid={self.seen.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
            "Accept": "application/json",
        }
        self._connection.request("POST", path, body.encode(), headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw[:1] == b"{" else {}, answer.headers.get("Location", "")

    def _open(self) -> None:
        status, _, place = self._post(
            f"/patients/{self.seen.patient}/visits", "", "application/x-www-form-urlencoded"
        )
        if status != 302:
            self.refused = f"opening a visit: {status}"
            return
        self.seen.visit, self.seen.revision = place.rsplit("/", 1)[-1], 0
        self.seen.acknowledged, self.seen.sent = {}, {}

    def _save(self) -> None:
        draft = {"text": FINDINGS, "history": f"{self._chance.getrandbits(64):x}", "agreed": True}
        self.seen.sent = draft
        body = {"draft": draft, "base": self.seen.revision, "tab": "kill", "line": 1, "have": {}}
        status, told, _ = self._post(f"/visits/{self.seen.visit}/draft", json.dumps(body), "application/json")
        if status != 200:
            self.refused = f"saving: {status} {told}"
            return
        self.seen.revision, self.seen.acknowledged = told["revision"], told.get("draft", draft)
        self.seen.saves += 1

    def _sign(self) -> None:
        body = json.dumps({"revision": self.seen.revision, "pin": PIN})
        status, told, _ = self._post(f"/visits/{self.seen.visit}/sign", body, "application/json")
        if status != 200:
            self.refused = f"signing: {status} {told}"
            return
        self.seen.signed.append(self.seen.visit)
        self.seen.visit, self.seen.acknowledged, self.seen.sent = "", {}, {}


def environment(address: str, folder: Path) -> dict[str, str]:
    return {**os.environ, "OPENOMT_DATA": str(folder), "OPENOMT_DATABASE": address, "OPENOMT_DEMO": "1"}


@contextlib.contextmanager
def server(told: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The site; whatever is left of it is killed at the end."""
    with subprocess.Popen(
        [OPENOMT, "serve", "--port", str(PORT)], env=told, stdout=subprocess.DEVNULL
    ) as running:
        try:
            for _ in range(900):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=5).close()
                    break
                time.sleep(0.1)
            yield running
        finally:
            kill(running)


def kill(running: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the master and every worker, at once."""
    processes.kill(running.pid)
    running.wait(20)


def inside(what: str, told: dict[str, str], given: object = None) -> Any:
    """Runs a function of this file in a process with the database, and gives its JSON."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bench import kill; kill.{what}()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=told,
        check=True,
        capture_output=True,
        text=True,
        input=json.dumps(given),
    )
    return json.loads(done.stdout)


def people() -> None:
    """Prints patients without anything on record that a rule reads, and sessions of the physician."""
    from openomt.site.start import django_ready

    django_ready()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from openomt.care.accounts.models import User
    from openomt.care.patients.models import Patient

    user = User.objects.get(email="physician@demo.test")
    found = []
    for one in Patient.objects.filter(member_id__startswith="DEMO0").order_by("pk")[:CLIENTS]:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        found.append({"patient": str(one.uid), "session": session.session_key})
    print(json.dumps(found))


def look() -> None:
    """Reads what the people were told, and prints what is not so; and the hash of every signed visit."""
    from openomt.site.start import django_ready

    given = json.load(sys.stdin)
    django_ready()
    from django.db import connection

    from openomt.care.accounts import audit
    from openomt.care.visits.documents import DocumentError, open_document
    from openomt.care.visits.models import SignedVisit, Visit

    wrong: list[str] = []
    hashes = {}
    for signed in SignedVisit.objects.select_related("visit").iterator():
        uid = str(signed.visit.uid)
        hashes[uid] = signed.sha256
        try:
            open_document(signed)
        except DocumentError as error:
            wrong.append(str(error))
        if signed.visit.state not in (Visit.State.SIGNED, Visit.State.AWAITING):
            wrong.append(f"visit {uid} has a signed document and is {signed.visit.state}")
    wrong += [
        f"signed visit {uid} has changed" for uid, sha in given["hashes"].items() if hashes.get(uid) != sha
    ]
    for seen in given["people"]:
        wrong += [f"acknowledged signature of {uid} is gone" for uid in seen["signed"] if uid not in hashes]
        wrong += lost(seen, Visit.objects.filter(uid=seen["visit"]).first() if seen["visit"] else None)
    count, breaks = audit.verify()
    wrong += [f"audit event {one.event}: {one.why}" for one in breaks]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (told := cursor.fetchone()[0]) != "ok":
                wrong.append(f"SQLite: {told}")
    print(json.dumps({"wrong": wrong, "hashes": hashes, "events": count}))


def lost(seen: dict[str, Any], visit: Any) -> list[str]:
    """What of an open visit is not as its writer was told."""
    if not seen["acknowledged"]:
        return []
    if visit is None:
        return [f"visit {seen['visit']} is gone"]
    allowed = [seen["acknowledged"], seen["sent"]]
    if visit.revision < seen["revision"] or visit.draft not in allowed:
        return [f"visit {seen['visit']}: told {seen['revision']}, holds {visit.revision}"]
    if visit.revision == seen["revision"] and visit.draft != seen["acknowledged"]:
        return [f"visit {seen['visit']}: revision {visit.revision} holds other words"]
    return []


def run(kind: str, address: str, times: int) -> bool:
    """Kills the server so many times on one database; whether nothing was ever lost."""
    folder = Path(tempfile.mkdtemp(prefix="openomt-kill-"))
    chance = random.Random(kind)
    try:
        told = environment(address, folder)
        seed = [sys.executable, "-m", "openomt.site.demo", "--scale", "small"]
        subprocess.run(seed, env=told, check=True, stdout=subprocess.DEVNULL)
        seen = [Seen(**one) for one in inside("people", told)]
        hashes: dict[str, str] = {}
        good = True
        for number in range(1, times + 1):
            refused = one_round(told, seen, chance)
            found = inside("look", told, {"people": [asdict(one) for one in seen], "hashes": hashes})
            hashes = found["hashes"]
            wrong = [*refused, *found["wrong"]]
            good = good and not wrong
            saves, signed = sum(one.saves for one in seen), sum(len(one.signed) for one in seen)
            print(
                f"{kind} {number:2}: {saves} saves and {signed} signatures acknowledged, {found['events']} events; "
                f"{'; '.join(wrong) or 'nothing lost'}",
                flush=True,
            )
        return good
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def one_round(told: dict[str, str], seen: list[Seen], chance: random.Random) -> list[str]:
    """Starts, lets everybody write for a moment, kills; what the server refused meanwhile."""
    with server(told) as running:
        for one in seen:  # as after a restart of the browser: the visit is opened anew
            one.visit, one.revision, one.acknowledged, one.sent = "", 0, {}, {}
        writers = [Person(one, random.Random(chance.random())) for one in seen]
        for writer in writers:
            writer.start()
        _wait_for(writers, chance.randrange(8, 80))
        time.sleep(chance.random() / 5)
        kill(running)
        for writer in writers:
            writer.join(30)
    return [writer.refused for writer in writers if writer.refused]


def _wait_for(writers: list[Person], saves: int) -> None:
    """Until so many saves more were acknowledged, or for a minute at most."""
    before = sum(one.seen.saves for one in writers)
    until = time.monotonic() + 60
    while sum(one.seen.saves for one in writers) < before + saves and time.monotonic() < until:
        time.sleep(0.01)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    given = options.parse_args()
    address = os.environ.get("OPENOMT_DATABASE", "")
    kinds = [("sqlite", "")] + ([("postgresql", address)] if address else [])
    good = [run(kind, at, given.times) for kind, at in kinds if given.only in (None, kind)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
