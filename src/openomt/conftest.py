"""What the tests of the site share: a database that only grows and can yet be emptied, and Chromium.

Nothing of Django or Playwright is imported before a test asks for it: tests of plain functions stay quick.
"""

# ruff: noqa: PLC0415, S101  (imports wait until they are needed; these are tests)

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker
    from pytest_django.live_server_helper import LiveServer

    from openomt.care.accounts.models import User

    OpenPage = Callable[..., Page]

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The best first: Chromium without its own windows opens a page three times as quickly."""
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT = 20_000
"""Milliseconds until an expectation of a page fails: the machine may be busy."""
SERIOUS = frozenset({"serious", "critical"})


def pytest_collection_finish() -> None:
    """What was loaded stays: to look through it for circles again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """SQLite in a file, as in a practice: the threads of a server must not share one connection."""
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="openomt-test-", ignore_cleanup_errors=True) as folder:
        database: dict[str, Any] = settings.DATABASES["default"]
        if database["ENGINE"] == "django.db.backends.sqlite3":
            database.setdefault("TEST", {})["NAME"] = str(Path(folder) / "test.sqlite3")
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The database of the tests, made also for fixtures of a whole file (pytest-django counts marked tests only).

    A test that commits leaves it empty behind, though some tables refuse to lose a row.
    """
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from openomt.site.tests.databases import empty_tables, kept_as_migrated

    is_file = connection.vendor == "sqlite"
    with django_db_blocker.unblock():
        if is_file:
            source = empty_tables(tmp_path_factory) / "openomt.sqlite3"
            default: dict[str, Any] = settings.DATABASES["default"]
            shutil.copy(source, default["TEST"]["NAME"])
        made = setup_databases(
            verbosity=request.config.option.verbose,
            interactive=False,
            keepdb=is_file,
            aliases={"default": None},
            serialized_aliases=set(),
        )
    operations = type(connection.ops)
    plain = operations.execute_sql_flush
    flush = _flush_sqlite if is_file else _flush_postgresql
    operations.execute_sql_flush = lambda self, statements: flush(  # type: ignore[assignment, method-assign]
        self.connection, lambda: plain(self, statements)
    )
    with nullcontext() if is_file else kept_as_migrated():
        yield
    operations.execute_sql_flush = plain  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        if not is_file:  # threads of a server that was stopped may still be connected
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        teardown_databases(made, verbosity=request.config.option.verbose)


def _flush_sqlite(connection: Any, flush: Callable[[], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        flush()
        for _name, sql in triggers:
            cursor.execute(sql)


def _flush_postgresql(connection: Any, flush: Callable[[], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            flush()
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium. Without it a test of the browser fails, unless OPENOMT_ALLOW_NO_BROWSER=1."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None and os.environ.get("OPENOMT_ALLOW_NO_BROWSER") == "1":
        pytest.skip("no Chromium on this machine, and OPENOMT_ALLOW_NO_BROWSER=1 allows it")
    if program is None:
        pytest.fail("no Chromium on this machine: install it, or set OPENOMT_ALLOW_NO_BROWSER=1 to skip")
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {**browser_type_launch_args, "executable_path": program, "args": [*FLAGS, *as_root]}


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """`open_page(user, "/today", width=390, dark=True)`: a page of the running site, signed in (None: nobody).

    The test fails at its end where a script of a page failed or the Content-Security-Policy stopped something.
    """
    from django.test import Client
    from playwright.sync_api import expect

    from openomt.care.testing import signed_in

    expect.set_options(timeout=WAIT)
    contexts = []
    faults: list[str] = []

    def open_(
        user: User | None, path: str = "/", *, width: int = 1440, height: int = 900, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(WAIT)
        context.set_default_navigation_timeout(3 * WAIT)  # the first page loads the knowledge
        if user is not None:
            cookies = signed_in(Client(), user).cookies
            context.add_cookies(
                [{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if _is_csp(said) else None)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults, "scripts failed or were stopped:\n" + "\n".join(faults)


def _is_csp(message: Any) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text


@pytest.fixture
def no_serious_axe() -> Callable[[Page], None]:
    """Fails with a list where axe finds a serious or critical violation on the page."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page: Page) -> None:
        found = [one for one in axe.run(page).response["violations"] if one["impact"] in SERIOUS]
        assert not found, f"{page.url}\n" + "\n".join(map(_in_words, found))

    return check


def _in_words(violation: dict[str, Any]) -> str:
    places = "".join(
        f"\n    {node['target']} {node['html'][:160]}\n      {node['failureSummary'].splitlines()[-1].strip()}"
        for node in violation["nodes"][:8]
    )
    rule = f"{violation['impact']} {violation['id']}: {violation['help']}"
    return f"  {rule} ({len(violation['nodes'])} places){places}"
