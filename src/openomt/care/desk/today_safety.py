"""What the safety rules say of a day's patients: their facts by one query, each patient judged once.

The answer depends on nothing but what is on record, the plan, the practice's levels and the day: it is kept under
exactly that, so a page that is loaded again asks the database and judges nobody anew.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models

from openomt.care.patients.facts import Rows, known, title
from openomt.care.patients.models import (
    BoneDensityEntry,
    FactAnswer,
    MedicineEntry,
    OnRecord,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import technique_named
from openomt.medicine.safety.practice import Settings
from openomt.medicine.safety.values import FiredRule, ItemAlert, PlannedItem, Verdict

_KINDS: Mapping[str, tuple[type[OnRecord], tuple[str, ...]]] = {
    "problems": (ProblemEntry, ("text", "code", "onset", "resolved", "over")),
    "medicines": (MedicineEntry, ("text", "started", "stopped")),
    "surgeries": (SurgeryEntry, ("text", "on")),
    "pregnancies": (PregnancyEntry, ("due_date", "ended_on")),
    "bone_densities": (BoneDensityEntry, ("t_score", "site", "text", "on")),
    "vitals": (VitalsEntry, ("on", "systolic", "diastolic", "temperature", "pulse", "spo2")),
    "answers": (FactAnswer, ("code", "region", "answer", "entered_at")),
}
"""What facts are drawn from (`patients.facts.Rows`), and the columns that are read of each."""
_COLUMNS = max(len(columns) for _, columns in _KINDS.values())
Entry = tuple[str, int, tuple[str | None, ...]]
"""The kind, the key, and what the columns hold as text."""
Treated = tuple[tuple[str, str], ...]
"""Region and techniques, by commas, of the last signed visit."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A rule that stops treatment, or a technique used last that is not to be used. `level`: `stop` or `absolute`."""

    level: str
    words: str
    why: str
    rule: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of one patient, and how far a pregnancy is."""

    dangers: tuple[Danger, ...] = ()
    weeks: int | None = None


def entries_of(patients: Collection[int]) -> dict[int, tuple[Entry, ...]]:
    """What is on record of each patient, by their keys, in one query whatever their number."""
    if not patients:
        return {}
    keys = sorted(patients)
    marks = ", ".join(["%s"] * len(keys))
    statement = " UNION ALL ".join(part.replace("PATIENTS", marks) for part in _statements())
    found: dict[int, list[Entry]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, keys * len(_KINDS))
        for kind, patient, key, *columns in cursor.fetchall():
            found[int(patient)].append((str(kind), int(key), tuple(columns)))
    return {patient: tuple(sorted(entries, key=itemgetter(0, 1))) for patient, entries in found.items()}


@cache
def _statements() -> tuple[str, ...]:
    quote = connection.ops.quote_name
    parts = []
    for kind, (model, columns) in _KINDS.items():
        names = [str(_field(model, name).column) for name in columns]
        texts = [f"CAST({quote(name)} AS text)" for name in names]
        texts += ["NULL"] * (_COLUMNS - len(texts))
        table = quote(model._meta.db_table)
        parts.append(
            f"SELECT '{kind}', patient_id, id, {', '.join(texts)} FROM {table} "  # noqa: S608  (names of ours)
            "WHERE NOT in_error AND patient_id IN (PATIENTS)"
        )
    return tuple(parts)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is no column")
    return field


def rows_from(entries: Collection[Entry]) -> Rows:
    """The entries as `patients.facts` reads them."""
    found: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for kind, key, values in entries:
        model, columns = _KINDS[kind]
        held = {
            name: _value(_field(model, name), text)
            for name, text in zip(columns, values, strict=False)
            if text is not None
        }
        held["id"] = key
        found[kind].append(model(**held))
    return Rows(**{kind: tuple(rows) for kind, rows in found.items()})


def _value(field: models.Field[Any, Any], text: str) -> Any:
    if isinstance(field, models.BooleanField):
        return text in ("1", "true")
    if isinstance(field, models.DateTimeField):
        return dt.datetime.fromisoformat(text)
    return field.to_python(text)


@lru_cache(maxsize=4096)
def judged(  # noqa: PLR0913, PLR0917  (all that the answer depends on)
    born: dt.date, sex: str, entries: tuple[Entry, ...], treated: Treated, settings: Settings, day: dt.date
) -> Judged:
    """What the rules say of a patient, and of what was done last time were it done again; worst first."""
    facts = known(Patient(birth_date=born, sex=sex), day, rows_from(entries))
    alerts = check(facts, plan_from(treated), settings)
    stops = [_stop(rule) for rule in alerts.gates if rule.level == Verdict.STOP]
    barred = [_barred(one) for one in alerts.items if one.verdict is Verdict.ABSOLUTE]
    return Judged(tuple(dict.fromkeys([*stops, *barred])), facts.weeks)


def plan_from(treated: Treated) -> tuple[PlannedItem, ...]:
    """The techniques of a visit as a plan for the next. What has no card here asks no rule."""
    found: list[PlannedItem] = []
    for region, techniques in treated:
        for name in filter(None, map(str.strip, techniques.split(","))):
            try:
                meant = technique_named(name)
            except ValueError:
                continue
            found += [PlannedItem(code, Region(region)) for code in meant.codes]
    return tuple(dict.fromkeys(found))


def _stop(rule: FiredRule) -> Danger:
    return Danger("stop", f"Stop: {_facts(rule).removeprefix('Red flag: ')}", rule.instead, rule.rule)


def _barred(alert: ItemAlert) -> Danger:
    worst = alert.fired[0]
    region = alert.item.region.value.replace("_", " ") if alert.item.region else ""
    words = f"{alert.item.technique} {region}".strip()
    return Danger("absolute", f"{words}: do not use", _facts(worst), worst.rule)


def _facts(rule: FiredRule) -> str:
    return ", ".join(dict.fromkeys(title(one.fact) for one in rule.facts))
