"""Every template of the site holds together; and what checks them notices each thing that could be wrong."""

from __future__ import annotations

import pytest

from tools.templates import of_template, problems

WRONG = [
    ("{% if %}", "does not compile"),
    ("{% url 'nowhere' %}", "no address is named 'nowhere'"),
    ("{% load static %}{% static 'no/such.css' %}", "no static file 'no/such.css'"),
    ("<p style='color: red'>", "a style attribute"),
    ("<style>p {}</style>", "a style in the page"),
    ("<script>x()</script>", "a script in the page"),
    ('<button onclick="x()">', "a script attribute"),
    ('<a href="javascript:x()">', "an address of a script"),
    ('<input name="q">', "the box 'q' has no label"),
    ('<label for="other">Q</label><input id="q" name="q">', "the box 'q' has no label"),
    ('<select name="s"></select>', "the box 's' has no label"),
]
RIGHT = [
    "{% url 'today' %}",
    "{% load static %}{% static 'site/site.css' %}",
    "<script src=\"{% url 'today' %}\" defer></script>",
    '<script type="application/json" id="data">{}</script>',
    "{% comment %}<p style='x'>{% endcomment %}",
    '<label for="q">Q</label><input id="q" name="q">',
    '<label>Q <input name="q"></label>',
    '<input name="q" aria-label="Q">',
    '<input type="hidden" name="q">',
    '<label for="{{ field.id_for_label }}">Q</label><input id="{{ field.id_for_label }}" name="q">',
]


def found(source: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from django.template import engines, loader

    engine = engines["django"]
    monkeypatch.setattr(loader, "get_template", lambda _name: engine.from_string(source))
    return [what for _, what in of_template("some.html", source)]


@pytest.mark.parametrize(("source", "what"), WRONG, ids=[one[0] for one in WRONG])
def test_what_is_wrong_is_noticed(source: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = found(source, monkeypatch)
    assert len(told) == 1
    assert what in told[0]


@pytest.mark.parametrize("source", RIGHT)
def test_what_is_right_is_let_be(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(source, monkeypatch) == []


def test_every_template_of_the_site_holds_together() -> None:
    assert list(problems()) == []


def test_the_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.template import engines, loader

    source = "one\ntwo\n<p style='x'>"
    monkeypatch.setattr(loader, "get_template", lambda _name: engines["django"].from_string(source))
    assert [line for line, _ in of_template("some.html", source)] == [3]
