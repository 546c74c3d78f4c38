"""A patient and a plan as JSON: `{"age_years" | "age_months", "sex", "weeks", "facts", "absent", "text"}` and
`[{"technique", "region"}]`. Facts are codes, `code@REGION` where a region matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.closing import joined
from openomt.medicine.safety.plan import fact_named, region_named, stated, technique_named
from openomt.medicine.safety.tables import tables
from openomt.medicine.safety.values import PatientFacts, PlannedItem, Sex
from openomt.medicine.visit_json.row import Row
from openomt.medicine.visit_words import bad, level_of

_SEXES = {"f": Sex.FEMALE, "m": Sex.MALE, "o": Sex.OTHER, **{sex.value: sex for sex in Sex}}


def patient_from_json(data: object, path: str = "patient", unread: list[str] | None = None) -> PatientFacts:
    """A patient's facts, as entered. `unread` takes the paths of fields nobody knows; `text` is kept unread.

    Raises ValueError naming the field that is not as it must be.
    """
    row = Row(_object(data, path), path, unread if unread is not None else [])
    years, months = row.count("age_years"), row.count("age_months")
    patient = PatientFacts(
        age_months=months if months is not None else None if years is None else years * 12,
        sex=sex_named(row.text("sex"), f"{path}.sex"),
        weeks=row.count("weeks"),
        present=tuple(stated(fact_named(code), code) for code in row.texts("facts")),
        absent=frozenset(_absent(code) for code in row.texts("absent")),
    )
    row.text("text")
    row.finish()
    return patient


def patient_with_text(data: object, today: date, unread: list[str] | None = None) -> PatientFacts:
    """As `patient_from_json`, with the facts recognized in `text` beside those entered. Raises ValueError."""
    from openomt.medicine.safety.chart import Chart
    from openomt.medicine.safety.recognize import recognize

    patient = patient_from_json(data, unread=unread)
    text = str(_object(data, "patient").get("text") or "")
    chart = Chart(age_months=patient.age_months, sex=patient.sex, weeks=patient.weeks, text=text)
    return joined(patient, recognize(chart, today))


def sex_named(word: str, path: str) -> Sex | None:
    """The sex a word or letter names; None for none. Raises ValueError."""
    if not word:
        return None
    if word.casefold() not in _SEXES:
        raise bad(path, word, "F, M or other")
    return _SEXES[word.casefold()]


def plan_from_json(
    data: object, path: str = "plan", unread: list[str] | None = None
) -> tuple[tuple[PlannedItem, ...], dict[Region, str]]:
    """A plan, and how it spells its regions. Raises ValueError naming the part that is not as it must be."""
    if not isinstance(data, list):
        raise bad(path, data, "a list")
    items: list[PlannedItem] = []
    spelled: dict[Region, str] = {}
    for number, part in enumerate(data):
        row = Row(
            _object(part, f"{path}[{number}]"), f"{path}[{number}]", unread if unread is not None else []
        )
        name, place, level = row.text("technique"), row.text("region"), row.text("level")
        region = region_named(place) if place else None
        if region is not None:
            spelled.setdefault(region, place)
        codes = (name,) if name in tables().cards or not name else technique_named(name).codes
        items += [PlannedItem(code, region, level_of(level) if level else None) for code in codes]
        row.finish()
    return tuple(items), spelled


def _absent(code: str) -> str:
    if code.strip().endswith("*"):
        return code.strip()
    return str(fact_named(code))


def _object(data: object, path: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise bad(path, data, "an object")
    return data
