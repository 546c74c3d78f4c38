"""The words of a reason, read for danger signs: what somebody is told to do before they book."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from openomt.medicine.safety.screen import first_lines, screen
from openomt.medicine.safety.screen_values import (
    URGENCIES,
    Notice,
    PracticeTask,
    RaisedFlag,
)
from openomt.medicine.safety.values import PatientFacts, Sex

_AT_ONCE = ("E", "U")
_LIFELINE, _EMERGENCY = "988", "911"


@dataclass(frozen=True, slots=True)
class Told:
    """What to do now. `call`: a number to call at once; empty: the practice's. `task`: what the practice must do."""

    urgency: str
    act: str
    more: str
    call: str
    signs: tuple[str, ...]
    task: PracticeTask


def screened(reason: str, born: dt.date, sex: str, language: str) -> Told | None:
    """What to do now, where the words call for something today; None else, which does not say that all is well."""
    facts = PatientFacts(age_months=_months(born), sex=Sex(sex))
    seen = screen({}, text=reason, patient=facts, language=language)
    everything: list[RaisedFlag | Notice] = [*seen.flags, *seen.unsure, *seen.notices]
    raised = [one for one in everything if one.urgency in _AT_ONCE and (isinstance(one, Notice) or one.stops)]
    if not raised:
        return None
    urgency = min((one.urgency for one in raised), key=URGENCIES.index)
    leading = [one for one in raised if one.urgency == urgency]
    act, *more = first_lines(urgency, leading, language)
    # What a notice says promises a call. Nobody knows yet whom to call: it is left out.
    more += [one.tell for one in leading if isinstance(one, RaisedFlag)]
    return Told(
        urgency=urgency,
        act=act,
        more=" ".join(dict.fromkeys(more)),
        call=_LIFELINE if _LIFELINE in act else _EMERGENCY if urgency == "E" else "",
        signs=tuple(dict.fromkeys(one.sign if isinstance(one, RaisedFlag) else one.title for one in leading)),
        task=leading[0].task,
    )


def _months(born: dt.date) -> int:
    today = timezone.localdate()
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
