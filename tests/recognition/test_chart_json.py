"""A chart from JSON: what is accepted, and how a mistake is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from openomt.medicine.safety.chart import Answer, Chart, Medicine, Problem, Surgery
from openomt.medicine.safety.chart_json import ChartError, chart_from_json
from openomt.medicine.safety.dates import When
from openomt.medicine.safety.values import Sex


def test_a_whole_chart() -> None:
    chart = chart_from_json(
        {
            "birth_date": "1954-07-01",
            "sex": "F",
            "problems": ["COPD", {"text": "DVT", "code": "I82.401", "onset": "2014", "status": "resolved"}],
            "medicines": [{"text": "Eliquis 5 mg", "started": "2024-05"}, "aspirin"],
            "vitals": {"bp": "184/112", "temperature": 102, "on": "2026-03-02"},
            "bone_density": [{"t_score": -2.7, "site": "hip"}],
            "surgeries": [{"text": "CABG", "on": "2026-02-01"}],
            "answers": {"pregnant": "no"},
            "text": "Low back pain.",
        }
    )
    assert chart.birth_date == date(1954, 7, 1)
    assert chart.sex is Sex.FEMALE
    assert chart.problems == (
        Problem("COPD"),
        Problem("DVT", "I82.401", When(date(2014, 1, 1), date(2014, 12, 31)), over=True),
    )
    assert chart.medicines[0].started == When(date(2024, 5, 1), date(2024, 5, 31))
    assert chart.medicines[1] == Medicine("aspirin")
    assert (chart.vitals[0].systolic, chart.vitals[0].diastolic) == (184, 112)
    assert chart.vitals[0].temperature == pytest.approx(38.89, abs=0.01)
    assert chart.surgeries == (Surgery("CABG", When(date(2026, 2, 1), date(2026, 2, 1))),)
    assert chart.answers == (("pregnant", Answer.NO),)


def test_nothing_is_required() -> None:
    assert chart_from_json({}) == Chart()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "chart: not an object"),
        ({"sexx": "F"}, "sexx: no such field"),
        ({"sex": "woman"}, "sex: not one of"),
        ({"birth_date": "1954"}, "birth_date: not a date"),
        ({"weeks": "22"}, "weeks: not a number"),
        ({"weeks": -1}, "weeks: below zero"),
        ({"weeks": 22.5}, "weeks: not a whole number"),
        ({"problems": "COPD"}, "problems: not a list"),
        ({"problems": ["COPD", 7]}, r"problems\[1\]: not an object"),
        ({"problems": ["COPD", {"onset": "soon"}]}, r"problems\[1\].onset: not a date"),
        ({"medicines": [{"name": "x"}]}, r"medicines\[0\].name: no such field"),
        ({"vitals": [{"bp": "high"}]}, r"vitals\[0\].bp: not a blood pressure"),
        ({"vitals": [{"temperature": True}]}, r"vitals\[0\].temperature: not a number"),
        ({"answers": {"pregnant": "maybe"}}, "answers.pregnant: not one of"),
        ({"answers": {"pregnant": ""}}, "answers.pregnant: empty"),
    ],
)
def test_a_mistake_is_named_by_its_field(data: Any, named: str) -> None:
    with pytest.raises(ChartError, match=named):
        chart_from_json(data)
