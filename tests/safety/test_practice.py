"""A practice may set levels, within bounds, with a reason."""

from __future__ import annotations

from itertools import product

import pytest

from openomt.knowledge import Confidence, load
from openomt.knowledge.safety import SettingBound
from openomt.medicine.safety.practice import Setting
from openomt.medicine.safety.values import Verdict
from tests.safety.people import alerts

ALLOWED = [
    # rule, its level and mark, new level
    ("R-46", "relative"),  # absolute, disputed: one step milder
    ("R-08", "absolute"),  # precaution, disputed: stricter
    ("R-18", "precaution"),  # relative, teaching: one step milder
    ("R-21", "absolute"),  # relative, confirmed: stricter
    ("R-35", "relative"),  # precaution, one source: stricter
    ("R-16", "absolute"),  # as it is
]
REFUSED = [
    ("R-46", "precaution", "R-46 .*unsettled"),  # two steps
    ("R-16", "relative", "R-16 .*confirmed"),  # confirmed, milder
    ("R-09", "precaution", "R-09 .*confirmed"),
    ("R-21", "stop", "R-21 .*confirmed"),  # stricter than absolute
    ("R-46", "stop", "R-46 .*unsettled"),
    ("R-G1", "stop", "R-G1 .*bound stop"),
    ("R-G9", "absolute", "R-G9 .*bound stop"),
    ("R-130", "relative", "R-130 .*bound stop"),
    ("R-999", "relative", "rule 'R-999' is not known"),
    ("R-46", "mild", "R-46: 'mild' is none of the levels"),
]


@pytest.mark.parametrize(("rule", "level"), ALLOWED)
def test_a_level_within_the_bounds_is_taken(rule: str, level: str) -> None:
    alerts("HVLA lumbar", settings=(Setting(rule, level, "a reason", "the medical director"),))


@pytest.mark.parametrize(("rule", "level", "said"), REFUSED)
def test_a_level_outside_is_refused_naming_rule_and_bound(rule: str, level: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        alerts("HVLA lumbar", settings=(Setting(rule, level, "a reason", "the medical director"),))


def test_a_setting_changes_verdict_and_says_so() -> None:
    setting = Setting("R-46", "relative", "Our hematologist advises case by case", "the medical director")
    found = alerts("HVLA cervical", "anticoagulant", settings=(setting,))
    assert found.verdict is Verdict.RELATIVE
    [rule] = found.fired
    assert (rule.level, rule.default_level) == ("relative", "absolute")
    assert "hematologist" in rule.setting
    assert "medical director" in rule.setting


def test_a_stricter_setting_is_asked_about_too() -> None:
    setting = Setting("R-21", "absolute", "a reason", "the medical director")
    assert "hypermobility_benign" not in {one.code for one in alerts("HVLA lumbar").unknown}
    stricter = alerts("HVLA lumbar", settings=(setting,))
    assert "hypermobility_benign" in {one.code for one in stricter.unknown}


@pytest.mark.parametrize(("reason", "by"), [("", "the director"), ("  ", "the director"), ("a reason", " ")])
def test_a_setting_needs_a_reason_and_a_name(reason: str, by: str) -> None:
    with pytest.raises(ValueError, match="R-46: a setting"):
        alerts("HVLA lumbar", settings=(Setting("R-46", "relative", reason, by),))


def test_a_rule_is_set_once() -> None:
    setting = Setting("R-46", "relative", "a reason", "the medical director")
    with pytest.raises(ValueError, match="R-46: set twice"):
        alerts("HVLA lumbar", settings=(setting, setting))


def test_every_level_and_mark_has_exactly_one_bound() -> None:
    bounds = load().all(SettingBound)
    for level, mark in product(("stop", "absolute", "relative", "precaution"), Confidence):
        assert sum(level in bound.levels and mark in bound.marks for bound in bounds) == 1, (level, mark)
