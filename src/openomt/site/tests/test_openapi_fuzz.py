"""Schemathesis against every address: an OpenAPI document is made from the addresses and the forms of the pages."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from openomt.care.accounts.access import Role, policy_of
from openomt.care.testing import signed_in, undone
from openomt.site.tests.found_forms import Form, forms_of
from openomt.site.tests.world import World
from tools.routes import Route, routes

EXAMPLES = 2
"""Each operation is tried so often with what fits its description, and so often with what does not."""
WHOLE = os.environ.get("OPENOMT_FUZZ") == "whole"
PARTS = 3
"""All operations take minutes: `make fuzz-site`. Otherwise a third of them, another one each day."""
NOT_TRIED = frozenset({"account_logout", "lock", "health"})
Schema = dict[str, Any]


def document(world: World, client: Client) -> Schema:
    """The OpenAPI document of the site, with the forms this person sees."""
    forms = _forms(world, client)
    paths: Schema = {}
    for route in routes():
        if policy_of(route.view, route.name) is None or route.name in NOT_TRIED:
            continue
        item: Schema = {"parameters": list(_parameters(route, world))}
        asks = [form for form in forms.get(route.name, []) if form.method == "get"]
        sends = [form for form in forms.get(route.name, []) if form.method == "post"]
        item["get"] = {"parameters": list(_query(asks)), "responses": {"200": {"description": "a page"}}}
        item["post"] = {"requestBody": _body(sends), "responses": {"200": {"description": "a page"}}}
        paths[_path(route)] = item
    return {"openapi": "3.0.3", "info": {"title": "OpenOMT", "version": "1"}, "paths": paths}


def _path(route: Route) -> str:
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route.pattern)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", plain).replace("^", "").replace("$", "")


def _forms(world: World, client: Client) -> dict[str, list[Form]]:
    found: dict[str, list[Form]] = {}
    for route in routes():
        if policy_of(route.view, route.name) is None or route.name in NOT_TRIED:
            continue
        for address in (world.address(route), *world.also(route)):
            answer = client.get(address)
            if not answer["Content-Type"].startswith("text/html") or answer.streaming:
                continue
            for form in forms_of(answer.content.decode(), address):
                if form.address.startswith("/"):
                    name = resolve(form.address.split("?")[0]).view_name
                    found.setdefault(name, []).append(form)
    return found


def _parameters(route: Route, world: World) -> Iterator[Schema]:
    for name, word in route.parameters:
        known = world.objects[word]
        kind: Schema = {"type": "string", "enum": [known]}
        yield {"name": name, "in": "path", "required": True, "schema": kind}


def _query(forms: Iterable[Form]) -> Iterator[Schema]:
    names = {name: one for form in forms for name, one in form.fields.items()}
    for name, one in names.items():
        yield {"name": name, "in": "query", "schema": _kind(one.options, one.kind)}


def _kind(options: list[str], kind: str) -> Schema:
    shapes: dict[str, Schema] = {
        "date": {"type": "string", "format": "date"},
        "number": {"type": "number"},
        "email": {"type": "string", "format": "email"},
        "datetime-local": {"type": "string", "format": "date-time"},
    }
    if options:
        return {"anyOf": [{"type": "string", "enum": sorted(set(options))}, {"type": "string"}]}
    return shapes.get(kind, {"type": "string"})


def _body(forms: Iterable[Form]) -> Schema:
    names = {name: one for form in forms for name, one in form.fields.items()}
    names.pop("csrfmiddlewaretoken", None)
    shape: Schema = {
        "type": "object",
        "properties": {
            name: _kind(one.options, one.kind) for name, one in names.items() if one.kind != "file"
        },
    }
    anything: Schema = {"type": "object"}
    return {
        "content": {
            "application/x-www-form-urlencoded": {"schema": shape},
            "application/json": {"schema": anything},
        }
    }


@contextmanager
def one_connection() -> Iterator[None]:
    """A request does not end the test's own connection, as in Django's test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _signed_in_site(client: Client) -> Any:
    """The WSGI application as this person reaches it; what is written is undone after each request."""
    site = get_wsgi_application()
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    def application(environ: dict[str, Any], start: Any) -> Any:
        environ |= {"HTTP_COOKIE": cookie, "HTTP_HOST": "localhost"}
        with one_connection(), undone():
            answer = site(environ, start)
            content = [b"".join(answer)]
            answer.close()
        cache.clear()
        return content

    return application


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.OWNER])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_generated_request_ends_in_an_error(
    role: Role, mode: GenerationMode, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.middleware.csrf.CsrfViewMiddleware.process_view", lambda *_a, **_k: None)
    client = signed_in(Client(), world.people[role])
    schema = schemathesis.openapi.from_dict(document(world, client))
    schema.app = _signed_in_site(client)
    faults: set[str] = set()
    tried = 0
    for number, result in enumerate(schema.get_all_operations()):
        assert isinstance(result, Ok), result
        if not WHOLE and number % PARTS != dt.date.today().toordinal() % PARTS:
            continue
        operation = result.ok()
        strategy = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def try_it(case: Any) -> None:
            nonlocal tried
            answer = case.call()
            tried += 1
            if answer.status_code >= 500:
                faults.add(f"{case.method} {case.formatted_path} {case.query} {case.body!r}"[:400])

        with suppress(Unsatisfiable):  # an address without parameters has nothing that does not fit
            try_it()
    assert tried > 60
    assert not faults, f"{len(faults)} of {tried}\n" + "\n".join(sorted(faults))
