"""What a page lets a person send: its forms, its htmx buttons, and the links that carry a query."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

_HTMX = ("hx-post", "hx-put", "hx-patch", "hx-delete", "hx-get")
_NOT_KEPT = frozenset({"password", "file", "checkbox", "radio", "hidden", "submit", "button", "select"})


@dataclass(slots=True)
class Field:
    """One thing a form sends. `kind`: the type of the input, `select` or `textarea`."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    sent: bool = True

    @property
    def keeps_text(self) -> bool:
        """Whether what a person typed here must be there again when the form comes back."""
        return self.kind not in _NOT_KEPT


@dataclass(slots=True)
class Form:
    """Where a form goes, and what it sends when nobody changes it."""

    address: str
    method: str
    files: bool
    fields: dict[str, Field]

    def values(self) -> dict[str, str]:
        return {one.name: one.value for one in self.fields.values() if one.sent and one.kind != "file"}

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))


def forms_of(html: str, page: str) -> list[Form]:
    """Every form of a page, in order. `page`: its own address, where a form without one goes."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page
        self._forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, Field]] = []
        self._open: Form | None = None
        self._text: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._start(given)
        elif tag in {"input", "textarea", "select", "button"}:
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._option(given)
        elif tag == "a" and "?" in given.get("href", "") and given["href"].startswith(("?", "/")):
            self._link(given["href"])
        if tag != "form":
            self._htmx(given)

    def _start(self, given: dict[str, str]) -> None:
        target = next((given[name] for name in _HTMX if given.get(name)), None)
        sends = "get" if given.get("hx-get") else given.get("method", "get").lower()
        method = "post" if any(given.get(name) for name in _HTMX[:-1]) else sends
        form = Form(
            self._at(given.get("action") or target or ""),
            method,
            "multipart" in (given.get("enctype", "") + given.get("hx-encoding", "")),
            {},
        )
        self._forms.append(form)
        self._open = form
        if given.get("id"):
            self._by_id[given["id"]] = form

    def _at(self, address: str) -> str:
        if not address or address.startswith("?"):
            return self._page.split("?")[0] + address
        return address.split("#", maxsplit=1)[0]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        kind = {"textarea": "textarea", "select": "select"}.get(tag, given.get("type", "text").lower())
        if tag == "button":
            kind = given.get("type", "submit")
        found = Field(given.get("name", ""), kind, given.get("value", ""))
        if kind in {"checkbox", "radio"}:
            found.value = found.value or "on"
            found.sent = "checked" in given
        if tag == "textarea":
            self._text, found.value = found, ""
        if tag == "select":
            self._select = found
        self._place(found, given)

    def _place(self, found: Field, given: dict[str, str]) -> None:
        if not found.name:
            return
        if given.get("form"):
            self._elsewhere.append((given["form"], found))
        elif self._open is not None:
            self._add(self._open, found)

    @staticmethod
    def _add(form: Form, found: Field) -> None:
        there = form.fields.get(found.name)
        if there is None or (found.sent and not there.sent):
            form.fields[found.name] = found

    def _option(self, given: dict[str, str]) -> None:
        assert self._select is not None
        value = given.get("value", "")
        self._select.options.append(value)
        if "selected" in given or len(self._select.options) == 1:
            self._select.value = value

    def _link(self, address: str) -> None:
        at = self._at(address)
        names = dict(parse_qsl(urlsplit(at).query, keep_blank_values=True))
        fields = {name: Field(name, "hidden", value) for name, value in names.items()}
        self._forms.append(Form(at.split("?")[0], "get", False, fields))

    def _htmx(self, given: dict[str, str]) -> None:
        for name in _HTMX:
            if given.get(name):
                sent = dict(json.loads(given.get("hx-vals") or "{}"))
                if given.get("name"):
                    sent[given["name"]] = given.get("value", "")
                fields = {key: Field(key, "hidden", str(value)) for key, value in sent.items()}
                self._forms.append(
                    Form(self._at(given[name]), "get" if name == "hx-get" else "post", False, fields)
                )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def finished(self) -> list[Form]:
        """The forms, with the controls that name their form from elsewhere on the page."""
        for name, found in self._elsewhere:
            if name in self._by_id:
                self._add(self._by_id[name], found)
        for form in self._forms:
            for one in form.fields.values():
                if one.kind == "textarea":
                    one.value = one.value.removeprefix("\n")
        return self._forms
