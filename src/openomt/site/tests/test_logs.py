"""Nothing of a patient reaches the log: neither what was searched for, nor what an error repeats."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from gunicorn.config import Config

from openomt.site.logs import NoPatientData
from openomt.site.server import ServerLog


def logged(message: str, *arguments: object, error: Exception | None = None) -> str:
    """What the filter leaves of a message."""
    information = None
    if error is not None:
        try:
            raise error
        except Exception as caught:
            information = (type(caught), caught, caught.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, message, arguments, information)
    assert NoPatientData().filter(record)
    return logging.Formatter("%(message)s").format(record)


def test_a_query_is_cut_off() -> None:
    assert logged("Not Found: %s", "/find?q=Alvarez&x=1 again") == "Not Found: /find?… again"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/l/Zx9-secret", "/l/…"),
        ("/l/Zx9-secret/again", "/l/…/again"),
        ("/my/messages/stop/Zx9:secret", "/my/messages/stop/…"),
        ("/account/password/reset/key/1-Zx9secret/", "/account/password/reset/key/…/"),
    ],
)
def test_what_opens_something_is_cut_out(address: str, kept: str) -> None:
    assert logged("Not Found: %s", address) == f"Not Found: {kept}"


def test_an_error_keeps_its_kind_and_place_and_loses_its_text() -> None:
    text = logged("Internal Server Error: %s", "/today", error=ValueError("Rosa Alvarez, born 1992"))
    assert "ValueError" in text
    assert "test_logs.py" in text
    assert "Alvarez" not in text


def test_every_handler_of_the_site_filters() -> None:
    handlers: dict[str, dict[str, object]] = settings.LOGGING["handlers"]  # type: ignore[assignment]
    assert {str(handler["class"]) for handler in handlers.values()} == {"logging.StreamHandler"}
    assert all("plain" in str(handler["filters"]) for handler in handlers.values())


def test_the_servers_own_log_filters_too() -> None:
    config = Config()
    log = ServerLog(config)
    assert log.error_log.handlers
    assert all(any(isinstance(one, NoPatientData) for one in h.filters) for h in log.error_log.handlers)


@pytest.mark.django_db
def test_a_page_that_fails_logs_no_name(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*arguments: object) -> None:
        raise ValueError("Rosa Alvarez")

    monkeypatch.setattr(connection, "cursor", fails)
    client.raise_request_exception = False
    handler = logging.StreamHandler()
    handler.addFilter(NoPatientData())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert client.get("/health?q=Alvarez").status_code == 500
    finally:
        logger.removeHandler(handler)
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "Alvarez" not in told
