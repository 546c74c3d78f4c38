"""Every template of the site holds together; and what checks them notices each thing that could be wrong."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils import translation

from openomt.care.accounts.models import AuditSeal
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


@dataclass(frozen=True)
class _Row:
    words: str


def test_a_kept_piece_is_drawn_once_for_each_of_its_values() -> None:
    template = Template(
        "{% for row in rows %}{% kept row %}<b>{{ row.words }}{{ told }}</b>{% endkept %}{% endfor %}"
    )
    first = template.render(Context({"rows": [_Row("one"), _Row("<two>")], "told": 1}))
    assert first == "<b>one1</b><b>&lt;two&gt;1</b>"
    again = template.render(Context({"rows": [_Row("<two>"), _Row("three")], "told": 2}))
    assert again == "<b>&lt;two&gt;1</b><b>three2</b>"


def test_a_kept_piece_belongs_to_its_language() -> None:
    template = Template("{% kept 1 %}{% say 'portal.hello' name=name %}{% endkept %}")
    drawn = []
    for language in ("en", "es", "en"):
        with translation.override(language):
            drawn.append(template.render(Context({"name": "Ana"})))
    assert drawn == ["Hello, Ana", "Hola, Ana", "Hello, Ana"]


def test_a_row_of_the_database_is_no_value_to_keep_by() -> None:
    with pytest.raises(TypeError, match="row of the database"):
        Template("{% kept row %}{% endkept %}").render(Context({"row": AuditSeal()}))
