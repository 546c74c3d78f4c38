"""Numbers of a chart: blood pressure, temperature, oxygen, bone density; from their fields and from words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.phrases import Status
from openomt.medicine.phrases.tokens import folded
from openomt.medicine.safety.chart import Chart
from openomt.medicine.safety.dates import When, dates_in
from openomt.medicine.safety.recognition_tables import facts_at, number, one_of, recognition_tables
from openomt.medicine.safety.signs import Settled, Sign
from openomt.medicine.safety.values import Fact, Origin, OriginKind

if TYPE_CHECKING:
    from openomt.knowledge.recognition import Threshold

_BESIDE = 12
"""Characters from a vital sign to its date, at most."""
_T_SCORE = re.compile(
    r"(?<![\w.])(?:t[\s-]?scores?|t)\b[^\d\n;z+-]{0,24}?(minus\s*|menos\s*|[-+])?\s*"
    r"(\d(?:[.,]\d{1,2})?)(?![\d/%]|\.\d)"
)
_SIGNED = re.compile(r"(?<![\w.])(minus\s*|menos\s*|-)\s*(\d[.,]\d{1,2})(?![\d/%])")
_Z_SCORE = re.compile(r"z[\s-]?scores?[^\d\n;t]{0,16}(?:minus\s*|[-+])?\s*\d(?:[.,]\d{1,2})?")


@cache
def _pressure() -> re.Pattern[str]:
    names = one_of("names of blood pressure")
    return re.compile(rf"\b(?:{names})\b[^\d\n.;]{{0,14}}(\d{{2,3}})\s*(?:/|over|sobre)\s*(\d{{2,3}})")


@cache
def _temperature() -> re.Pattern[str]:
    names = one_of("names of temperature")
    return re.compile(
        rf"\b(?:{names})\b\s*(?:of|de|to|at|is|was|[:=])*\s*(?:up to\s*)?"
        r"(\d{2,3}(?:[.,]\d{1,2})?)(?![\d/%])"
    )


@cache
def _oxygen() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('names of oxygen')})\b[^\d\n.;]{{0,10}}(\d{{2,3}})(?![\d/.])")


@cache
def _platelets() -> re.Pattern[str]:
    names = one_of("names of platelets")
    return re.compile(
        rf"\b(?:{names})\b(?:\s*(?:of|at|are|is|were|[:=]))*\s*(\d{{1,3}})(?:,?000|k)?\b(?![/.])"
    )


@cache
def _density() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('names of bone density')})\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """One number with where it stands."""

    measure: str
    value: float
    kind: OriginKind
    source: str
    start: int = 0
    end: int = 0
    when: When | None = None


def readings_of(chart: Chart, texts: list[str], today: date) -> list[Reading]:
    """Every number of a chart that a threshold may be set on."""
    found: list[Reading] = []
    for vitals in chart.vitals:
        when = None if vitals.on is None else When(vitals.on, vitals.on)
        found += _vitals(
            (
                ("systolic", vitals.systolic, f"BP {_whole(vitals.systolic)}/{_whole(vitals.diastolic)}"),
                ("diastolic", vitals.diastolic, f"BP {_whole(vitals.systolic)}/{_whole(vitals.diastolic)}"),
                ("temperature", vitals.temperature, f"temperature {vitals.temperature} C"),
                ("spo2", vitals.spo2, f"SpO2 {_whole(vitals.spo2)} %"),
            ),
            when,
        )
    for density in chart.bone_density:
        if density.t_score is not None:
            source = f"T-score {density.t_score} {density.site}".strip()
            found.append(
                Reading("t_score", density.t_score, OriginKind.BONE_DENSITY, source, when=density.on)
            )
        found += t_scores(density.text, always=True)
    for text in texts:
        found += t_scores(text)
        found += vitals_in(text, today)
    return found


def _vitals(values: tuple[tuple[str, float | None, str], ...], when: When | None) -> list[Reading]:
    return [
        Reading(measure, value, OriginKind.VITAL, source, when=when)
        for measure, value, source in values
        if value is not None
    ]


def _whole(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def t_scores(text: str, always: bool = False) -> list[Reading]:
    """The T-scores of a text. `always`: the text is a report of bone density."""
    if not text:
        return []
    plain = folded(text)
    if not always and not _density().search(plain):
        return []
    plain = _Z_SCORE.sub(lambda match: " " * len(match[0]), plain)
    spans: dict[int, Reading] = {}
    for match in (*_T_SCORE.finditer(plain), *_SIGNED.finditer(plain)):
        score = float(match[2].replace(",", "."))
        negative = bool(match[1]) and match[1].strip() != "+"
        if match.start(2) not in spans:
            spans[match.start(2)] = Reading(
                "t_score",
                -score if negative else score,
                OriginKind.BONE_DENSITY,
                text,
                match.start(),
                match.end(),
            )
    return list(spans.values())


def vitals_in(text: str, today: date) -> Iterator[Reading]:
    """The vital signs a text holds."""
    if not any(char.isdigit() for char in text):
        return
    plain = folded(text)
    dates = dates_in(plain, today)
    starts = [found.start for found in dates]

    def at(measure: str, value: float, match: re.Match[str]) -> Reading:
        place = bisect_left(starts, match.end())
        near = place < len(dates) and starts[place] - match.end() < _BESIDE
        when = dates[place].when if near else None
        return Reading(measure, value, OriginKind.VITAL, text, match.start(), match.end(), when)

    for match in _pressure().finditer(plain):
        yield at("systolic", float(match[1]), match)
        yield at("diastolic", float(match[2]), match)
    for match in _temperature().finditer(plain):
        degrees = celsius(float(match[1].replace(",", ".")))
        if number("coldest of a body") <= degrees <= number("hottest of a body"):
            yield at("temperature", degrees, match)
    for match in _platelets().finditer(plain):
        yield at("platelets", float(match[1]), match)
    for match in _oxygen().finditer(plain):
        yield at("spo2", float(match[1]), match)


def celsius(temperature: float) -> float:
    """A body's temperature in Celsius, whichever of the two scales it was written in."""
    if temperature < number("warmest in Celsius"):
        return temperature
    return round((temperature - 32) * 5 / 9, 2)


def signs_of_readings(
    readings: list[Reading], known: Settled, age_months: int | None, today: date
) -> list[Sign]:
    """What the numbers mean, given what else is known."""
    signs: list[Sign] = []
    for threshold in recognition_tables().thresholds:
        if threshold.needs and not known.has(threshold.needs):
            continue
        if threshold.age_months is not None and (
            age_months is None or not threshold.age_months.hold(age_months)
        ):
            continue
        if any(known.has(code) for code in threshold.unless):
            continue
        fitting = [r for r in readings if r.measure == threshold.measure and _reaches(threshold, r.value)]
        for reading in fitting:
            signs += _signs(threshold, reading, today)
    return signs


def _reaches(threshold: Threshold, value: float) -> bool:
    return (
        (threshold.least is None or value >= threshold.least)
        and (threshold.most is None or value <= threshold.most)
        and (threshold.above is None or value > threshold.above)
        and (threshold.below is None or value < threshold.below)
    )


def _signs(threshold: Threshold, reading: Reading, today: date) -> Iterator[Sign]:
    origin = Origin(
        reading.kind,
        reading.source,
        threshold.why,
        reading.start,
        reading.end,
        threshold.sources,
        threshold.confidence.value,
    )
    old = (
        threshold.fresh_days is not None
        and reading.when is not None
        and reading.when.days_ago(today)[1] > threshold.fresh_days
    )
    for at in facts_at(threshold.facts):
        yield Sign(Fact(at.code, at.region), Status.PRESENT, origin, ask=old, settled=True)
    for at in facts_at(threshold.asks):
        yield Sign(Fact(at.code, at.region), Status.PRESENT, origin, ask=True)
