"""Nothing of a patient reaches the log, whatever goes wrong and wherever the words stand."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

from openomt.care.accounts.access import open_to_all
from openomt.site.logs import NoPatientData

NAME, BORN, NOTE = "Quillfeather", "1990-05-17", "cauda equina after fall"
SECRETS = (NAME, BORN, NOTE)
SAID = f"{NAME} born {BORN}: {NOTE}"


@open_to_all
def plain(request: HttpRequest) -> HttpResponse:
    raise ValueError(SAID)


@open_to_all
def chained(request: HttpRequest) -> HttpResponse:
    try:
        raise KeyError(SAID)
    except KeyError as error:
        raise RuntimeError(f"while reading {SAID}") from error


@open_to_all
def of_many_lines(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"first line\n{SAID}\n?{NAME}")


@open_to_all
def database(request: HttpRequest) -> HttpResponse:
    raise IntegrityError(f"duplicate key value\nDETAIL:  Key (family_name)=({NAME}, {BORN}, {NOTE}) exists.")


@open_to_all
def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SAID)


@open_to_all
def template(request: HttpRequest) -> HttpResponse:
    text = engines["django"].from_string("{{ patient.0 }}{% widthratio patient patient patient.0.x %}{{ f }}")

    def fails() -> str:
        raise ValueError(SAID)

    return HttpResponse(text.render({"patient": [SAID], "f": fails}))


@open_to_all
def says_it_itself(request: HttpRequest) -> HttpResponse:
    try:
        raise ValueError(SAID)
    except ValueError:
        logging.getLogger("openomt.care").exception("saving a visit failed")
    return HttpResponse("done")


@open_to_all
def group(request: HttpRequest) -> HttpResponse:
    raise ExceptionGroup(SAID, [ValueError(SAID)])


urlpatterns = [
    path("plain", plain),
    path("chained", chained),
    path("lines", of_many_lines),
    path("database", database),
    path("suspicious", suspicious),
    path("template", template),
    path("itself", says_it_itself),
    path("group", group),
]
handler400 = "openomt.site.views.bad_request"
handler404 = "openomt.site.views.page_not_found"
handler500 = "openomt.site.views.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    handlers = [
        one
        for one in logging.getLogger().handlers
        if isinstance(one, logging.StreamHandler) and any(isinstance(f, NoPatientData) for f in one.filters)
    ]
    assert handlers, "the root logger has no handler with the filter NoPatientData"
    written = io.StringIO()
    before = [one.setStream(written) for one in handlers]
    yield written
    for one, stream in zip(handlers, before, strict=True):
        one.setStream(stream)


def _holds_nothing(log: io.StringIO) -> str:
    text = log.getvalue()
    assert not [secret for secret in SECRETS if secret in text], text
    return text


@pytest.mark.parametrize(
    "where", ["plain", "chained", "lines", "database", "suspicious", "template", "itself", "group"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_error_in_a_view_is_logged_without_the_patient(where: str, method: str, log: io.StringIO) -> None:
    client = Client(raise_request_exception=False, headers={"referer": f"http://testserver/find?q={NAME}"})
    if method == "get":
        client.get(f"/{where}", {"q": NAME, "born": BORN})
    else:
        client.post(f"/{where}?q={NAME}", {"note": NOTE, "name": NAME})
    text = _holds_nothing(log)
    assert text, "something went wrong and the log is silent"
    assert "Error" in text or "Suspicious" in text or "Group" in text, (
        "the log does not say what kind of error it was"
    )


def test_where_it_happened_is_still_told(log: io.StringIO) -> None:
    Client(raise_request_exception=False).get("/plain")
    assert "test_logs.py" in _holds_nothing(log)
    assert "ValueError" in log.getvalue()


def test_an_address_that_does_not_exist_is_logged_without_what_was_typed(log: io.StringIO) -> None:
    client = Client()
    client.get(f"/patients/{NAME}/{BORN}?note={NOTE}")
    client.get(f"/find%3Fq={NAME}")
    _holds_nothing(log)


def test_a_warning_of_a_library_is_written_without_its_trace(log: io.StringIO) -> None:
    try:
        raise ValueError(SAID)
    except ValueError as error:
        logging.getLogger("some.library").warning("failed", exc_info=error, stack_info=True)
    assert "ValueError" in _holds_nothing(log)
