"""Every template of the site holds together; and what checks them notices each thing that could be wrong."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone, translation

from openomt.care.accounts.models import AuditSeal
from tools.routes import routes
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
    ('{{ now|date:"j M, H:i" }}', "a time in a form of its own"),
    ('{{ now|date:"TIME_FORMAT" }}', "a time in a form of its own"),
    ("{{ now|time }}", "a time in a form of its own"),
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
    '{{ now|date:"l j F" }} {{ now|date:"DATE_FORMAT" }}, {{ now|clock }}',
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


@pytest.mark.parametrize(
    ("hour", "english", "spanish"),
    [
        (dt.time(0, 5), "12:05 AM", "12:05 a.m."),
        (dt.time(9), "9:00 AM", "9:00 a.m."),
        (dt.time(12), "12:00 PM", "12:00 p.m."),
        (dt.time(16, 30, 7), "4:30 PM", "4:30 p.m."),
    ],
)
def test_a_time_of_day_has_one_form_in_each_language(hour: dt.time, english: str, spanish: str) -> None:
    for language, said in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert Template("{{ hour|clock }}").render(Context({"hour": hour})) == said


def test_a_moment_is_read_by_the_clock_of_the_practice() -> None:
    moment = dt.datetime(2026, 12, 3, 20, 30, 7, tzinfo=dt.UTC)
    with timezone.override("America/New_York"):
        said = Template("{{ at|clock }}, {{ at|exact_clock }}").render(Context({"at": moment}))
    assert said == "3:30 PM, 3:30:07 PM"


def test_a_row_of_the_database_is_no_value_to_keep_by() -> None:
    with pytest.raises(TypeError, match="row of the database"):
        Template("{% kept row %}{% endkept %}").render(Context({"row": AuditSeal()}))


def test_an_address_is_the_one_django_gives() -> None:
    key = uuid.uuid4()
    drawn = Template("{% url name %}"), Template("{% url name key %}"), Template("{% url name words %}")
    counted = 0
    for name in filter(None, (one.name for one in routes())):
        values = Context({"name": name, "key": key, "words": str(key)})
        arguments: tuple[list[object], ...] = ([], [key], [str(key)])
        for template, args in zip(drawn, arguments, strict=True):
            try:
                expected = reverse(name, args=args)
            except NoReverseMatch:
                with pytest.raises(NoReverseMatch):
                    template.render(values)
            else:
                assert template.render(values) == expected
                counted += 1
    assert counted > 200


def test_every_address_leads_to_its_own_view() -> None:
    """So that the order of the table of addresses is free."""
    samples = {"uuid": str(uuid.uuid4()), "slug": "word", "int": "1", "str": "word", "date": "2026-01-02"}
    for one in routes():
        if "<" in one.pattern and "(" in one.pattern:
            continue  # the sign-in library's, written as regular expressions
        path = re.sub(r"<(\w+):\w+>", lambda found: samples.get(found[1], "word"), one.pattern)
        assert resolve(f"/{path.strip('^$')}").func == one.view, one
