"""The picture of a measure: it never fails, and everything stays inside its frame."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from openomt.care.desk import trend
from openomt.care.desk.trend import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Trend, draw

_anything = st.floats(allow_nan=True, allow_infinity=True)
_points = st.lists(st.tuples(st.dates(), _anything), max_size=40)
_words = st.text(max_size=30, alphabet=st.characters(exclude_categories=["Cs", "Cc"]))
_trends = st.builds(
    Trend,
    key=st.just("k"),
    title=_words,
    points=_points,
    low=_anything,
    high=_anything,
    better=st.sampled_from(["lower", "higher"]),
    edge=st.none() | _anything,
    edge_words=_words,
    lines=st.lists(st.tuples(st.floats(allow_nan=False), _words), max_size=4),
    told=_words,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|nan|inf")


def _parts(picture: SafeString) -> list[ET.Element]:
    return list(ET.fromstring(picture).iter())  # noqa: S314  (our own picture)


def _places(path: str) -> list[tuple[float, float]]:
    numbers = [float(one) for one in _NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@given(_trends)
def test_any_values_are_drawn_inside_the_frame(drawn: Trend) -> None:
    for part in _parts(draw(drawn)):
        if part.tag == "circle":
            assert LEFT <= float(part.get("cx", "")) <= RIGHT
            assert TOP <= float(part.get("cy", "")) <= BOTTOM
        if part.tag == "path" and part.get("class") == "t-path":
            assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in _places(part.get("d", "")))
        if part.tag == "text":
            assert 0 <= float(part.get("x", "")) <= WIDTH
            assert 0 <= float(part.get("y", "")) <= HEIGHT
        if part.tag == "rect":
            top, height = float(part.get("y", "")), float(part.get("height", ""))
            assert top >= TOP - 0.05
            assert height >= 0
            assert top + height <= BOTTOM + 0.11


@given(_trends)
def test_the_picture_is_spoken_and_needs_no_style(drawn: Trend) -> None:
    root = _parts(draw(drawn))[0]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "k-title k-told"
    assert [child.get("id") for child in root][:2] == ["k-title", "k-told"]
    assert not any("style" in part.attrib for part in root.iter())


def test_a_better_value_lies_in_the_shaded_part() -> None:
    day = dt.date(2026, 10, 12)
    for better, value in (("lower", 3.0), ("higher", 8.0)):
        picture = draw(Trend("k", "t", [(day, value)], 0, 10, better, 5.0, "counts at 5"))
        band = next(part for part in _parts(picture) if part.tag == "rect")
        now = next(part for part in _parts(picture) if part.get("class") == "t-now")
        top, height = float(band.get("y", "")), float(band.get("height", ""))
        assert top <= float(now.get("cy", "")) <= top + height


def test_days_under_the_line_never_overlap() -> None:
    start = dt.date(2026, 1, 1)
    points = [(start + dt.timedelta(days=3 * n), 5.0) for n in range(60)]
    texts = [part for part in _parts(draw(Trend("k", "t", points, 0, 10))) if part.tag == "text"]
    places = sorted(float(text.get("x", "")) for text in texts if float(text.get("y", "")) > BOTTOM + 10)
    assert len(places) > 2
    assert all(after - before >= trend._LABEL - 9 for before, after in itertools.pairwise(places))


def test_words_of_people_are_escaped() -> None:
    assert "<script>" not in draw(Trend("k", "<script>", [], 0, 10, told='"><script>'))
