"""What is on record of a patient, as it is written: the value that `recognize` turns into facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openomt.medicine.safety.dates import When
from openomt.medicine.safety.values import Sex


class Answer(StrEnum):
    """What was answered to the question after a fact."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry of a problem list. `code`: ICD-10-CM; `over`: the list says it is resolved or inactive."""

    text: str = ""
    code: str = ""
    onset: When | None = None
    resolved: When | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Medicine:
    """An entry of a medicine list, as written with its dose. `stopped` in the future: it is still taken."""

    text: str
    started: When | None = None
    stopped: When | None = None


@dataclass(frozen=True, slots=True)
class Vitals:
    """Vital signs of one moment. Blood pressure in mm Hg, temperature in Celsius, oxygen in percent."""

    systolic: float | None = None
    diastolic: float | None = None
    temperature: float | None = None
    pulse: float | None = None
    spo2: float | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class BoneDensity:
    """A measurement of bone density: its T-score, or the report in its own words."""

    t_score: float | None = None
    site: str = ""
    text: str = ""
    on: When | None = None


@dataclass(frozen=True, slots=True)
class Surgery:
    """An operation, as written."""

    text: str
    on: When | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything on record, verbatim. Whatever is empty is not known.

    birth_date   or `age_months` where only an age is known; the date of birth wins
    weeks        completed weeks of pregnancy on the day of reading; or `due_date`; or `last_period`, which
                 counts where a pregnancy is stated
    answers      codes of facts with what was answered
    text         free text, such as the history of the present illness
    """

    birth_date: date | None = None
    age_months: int | None = None
    sex: Sex | None = None
    weeks: int | None = None
    due_date: date | None = None
    last_period: date | None = None
    problems: tuple[Problem, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    vitals: tuple[Vitals, ...] = ()
    bone_density: tuple[BoneDensity, ...] = ()
    surgeries: tuple[Surgery, ...] = ()
    answers: tuple[tuple[str, Answer], ...] = ()
    text: str = ""
