"""Levels of safety rules as this practice has them. The medicine says how far each may be moved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.accounts.prepared import Prepared
from openomt.care.visits.models import RuleSetting
from openomt.medicine.safety.practice import Setting, Settings, practice
from openomt.medicine.safety.tables import LEVELS, Rule, tables

LONGEST_REASON = 300


class SettingError(ValueError):
    """A level that cannot be set. `field`: the box of the form it concerns."""

    def __init__(self, message: str, field: str = "level") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class _Known:
    """The settings as of one row, so that they are read again only when a row was added."""

    newest: tuple[int, dt.datetime] | None
    settings: Settings


_held: dict[str, _Known] = {}


def settings_of() -> Settings:
    """What this practice has set, the newest of each rule: the `settings` of `medicine.safety.check`.

    One small query where nothing changed since, in whichever process it did. A setting that the rules of today no
    longer allow is left out: the record's own level holds.
    """
    newest = next(iter(_newest.rows()), None)
    known = _held.get("settings")
    if known is None or known.newest != newest:
        known = _held["settings"] = _Known(newest, _read() if newest else ())
    return known.settings


@Prepared
def _newest() -> QuerySet[RuleSetting, Any]:
    return RuleSetting.objects.order_by("-pk").values_list("pk", "at")[:1]


def _read() -> Settings:
    return tuple(setting for row in newest_rows().values() if (setting := _valid(row)) is not None)


def newest_rows() -> dict[str, RuleSetting]:
    """The newest row of each rule ever set, by rule."""
    return {row.rule: row for row in RuleSetting.objects.select_related("by").order_by("pk")}


def _valid(row: RuleSetting) -> Setting | None:
    """The row as a setting; None where it only goes back to the record's level, or is not allowed."""
    rule = tables().by_id.get(row.rule)
    if rule is None or row.level == rule.level:
        return None
    setting = Setting(row.rule, row.level, row.reason, str(row.by))
    return setting if is_allowed(setting) else None


def is_allowed(setting: Setting) -> bool:
    """Whether the medicine takes a setting."""
    try:
        practice((setting,))
    except ValueError:
        return False
    return True


@cache
def allowed_levels(rule: str) -> tuple[str, ...]:
    """The levels this rule may be set to, mildest first; the record's own is one of them."""
    return tuple(level for level in LEVELS if is_allowed(Setting(rule, level, "asked", "asked")))


def contested_rules() -> tuple[Rule, ...]:
    """Every rule that sources disagree about, in the order of the matrix."""
    return tuple(rule for rule in tables().rules if rule.contested)


def set_level(user: User, rule_id: str, level: str, reason: str, *, address: str = "") -> RuleSetting:
    """Sets the practice's level of a contested rule, or goes back to the record's own.

    Raises SettingError for a rule that is not contested, a level outside its bounds, no reason or no change.
    """
    rule = tables().by_id.get(rule_id)
    if rule is None or not rule.contested:
        raise SettingError(f"{rule_id} is no contested rule.")
    reason = reason.strip()
    if not reason:
        raise SettingError("Say why: the reason stands beside every alert of this rule.", "reason")
    if len(reason) > LONGEST_REASON:
        raise SettingError(f"At most {LONGEST_REASON} characters.", "reason")
    if level != rule.level:
        try:
            practice((Setting(rule_id, level, reason, str(user)),))
        except ValueError as error:
            raise SettingError(str(error)) from None
    with transaction.atomic():
        before = RuleSetting.objects.filter(rule=rule_id).order_by("-pk").first()
        if level == (before.level if before else rule.level):
            raise SettingError("This is the level it has now.")
        row = RuleSetting.objects.create(rule=rule_id, level=level, reason=reason, by=user)
        audit.record(
            user,
            "rule.set",
            subject=f"rule:{rule_id}",
            detail={"fields": ["level", "reason"], "rule": rule_id, "level": level},
            address=address,
        )
    return row
