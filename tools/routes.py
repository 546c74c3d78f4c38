"""Every address of the site with who may call it, for the tests and for the manual (docs/generated/routes.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from openomt.care.accounts.access import Policy

OUT = Path(__file__).resolve().parent.parent / "docs" / "generated" / "routes.md"
_PARAMETER = re.compile(r"([^/<>]*)/?<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `parameters` stand as `patients/<uid>`: the word before a parameter says what it names."""

    pattern: str
    name: str
    view: Callable[..., Any]
    parameters: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.name or self.pattern


def routes() -> list[Route]:
    """All addresses, in the order in which they are tried."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, f"{space}{entry.name or ''}", entry.callback, _parameters(pattern))


def _parameters(pattern: str) -> tuple[tuple[str, str], ...]:
    plain = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern)
    found, before = [], ""
    for word, name in _PARAMETER.findall(plain):
        before = word.strip("^-") or before
        found.append((name, f"{before}/<{name}>"))
    return tuple(found)


def main() -> None:
    """Writes the manual's table of addresses."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openomt.site.test_settings")
    django.setup()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("\n".join(_page()) + "\n", encoding="utf-8")


def _asks(view: Callable[..., Any], policy: Policy) -> str:
    """What a view asks for, in words; of a patient page, which private links open it beside a sign-in."""
    if policy.patient:
        scopes = sorted(scope for scope in getattr(view, "scopes", ()) if scope != "all")
        return f"a patient: signed in{''.join(f', or a link for {scope}' for scope in scopes)}"
    return ", ".join(sorted(policy.permissions)) or ("nothing" if policy.anonymous else "being signed in")


def _page() -> Iterator[str]:
    from openomt.care.accounts.access import POLICIES, policy_of

    yield "---\norphan: true\n---\n"
    yield "# Addresses and who may call them\n"
    yield (
        "Written from the site's table of addresses. A test calls each of them as each role and as nobody, and the "
        "pages of patients as other patients.\n"
    )
    yield "| address | asks for | " + " | ".join(role.words for role in POLICIES) + " |"
    yield "|---|---|" + "---|" * len(POLICIES)
    for route in routes():
        policy = policy_of(route.view, route.name)
        if policy is None:
            continue
        asks = _asks(route.view, policy)
        may = " | ".join("yes" if policy.allows(held) else "" for held in POLICIES.values())
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern).replace("|", "\\|")
        yield f"| `{address}` | {asks} | {may} |"


if __name__ == "__main__":
    main()
