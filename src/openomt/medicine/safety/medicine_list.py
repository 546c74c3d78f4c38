"""What the medicines somebody takes mean: which, for how long, and whether they were stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from openomt.medicine.phrases import Mention, Status
from openomt.medicine.safety.chart import Medicine
from openomt.medicine.safety.chart_text import ReadEntry, says, times_of
from openomt.medicine.safety.dates import When, duration_days
from openomt.medicine.safety.recognition_tables import (
    MEDICINE,
    facts_at,
    form_words,
    recognition_tables,
)
from openomt.medicine.safety.signs import Sign
from openomt.medicine.safety.values import Fact, Origin, OriginKind

if TYPE_CHECKING:
    from openomt.knowledge.recognition import MedicineRule


_NEAR = 80
"""Characters from a medicine to the words for how long it is taken, at most."""


class Taking(StrEnum):
    """Whether a medicine is taken."""

    TAKEN = "taken"
    STOPPED = "stopped"
    DENIED = "denied"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Use:
    """One medicine of a class as an entry has it.

    days        since it was stopped; None: nobody said when
    long        whether it was taken for long: its days by the entry, infinite for `chronic`, 0 for a burst;
                None: nobody said
    """

    medicine: str
    taking: Taking
    origin: Origin
    days: int | None = None
    long: float | None = None


def uses_of(read: ReadEntry, medicine: Medicine | None, today: date) -> list[Use]:
    """Every medicine an entry names. `medicine`: the entry itself, where it is one of the medicine list."""
    times = times_of(read)
    forms: dict[tuple[int, int], frozenset[str]] = {}
    found: list[Use] = []
    for mention in read.mentions:
        if not mention.meaning.startswith(MEDICINE):
            continue
        sentence = read.sentence(mention.start)
        if sentence not in forms:
            forms[sentence] = _forms(read.entry.text[slice(*sentence)])
        if mention.meaning in forms[sentence]:
            continue
        use = _use(mention, read, medicine, times.get(mention), today)
        if use is not None:
            found.append(use)
    return found


def _forms(text: str) -> frozenset[str]:
    """The classes of which a text names a form that does not count."""
    return frozenset(form.meaning for form in form_words().find(text))


def _use(
    mention: Mention, read: ReadEntry, medicine: Medicine | None, when: When | None, today: date
) -> Use | None:
    name = mention.meaning.removeprefix(MEDICINE)
    words = read.entry.text[mention.start : mention.end]
    reason = f"a medicine of the class {name}"
    if not mention.exact:
        reason += "; read despite its spelling"
    origin = Origin(
        OriginKind.MEDICINE if medicine is not None else read.entry.kind,
        read.entry.text,
        f"{words}: {reason}",
        mention.start,
        mention.end,
    )
    taking, days = _taking(mention, read, medicine, when, today)
    if taking is None:
        return None
    return Use(name, taking, origin, days, _how_long(mention, read, medicine, when, today))


def _taking(
    mention: Mention, read: ReadEntry, medicine: Medicine | None, when: When | None, today: date
) -> tuple[Taking | None, int | None]:
    """Whether it is taken, and days since it was stopped. None: the words say nothing of the patient."""
    if mention.status in (Status.FAMILY, Status.OTHER_PERSON):
        return None, None
    if medicine is not None and medicine.stopped is not None and not medicine.stopped.is_future(today):
        return Taking.STOPPED, medicine.stopped.days_ago(today)[0]
    if _is_stop(mention, read):
        return _stopped(mention, when, today)
    if mention.status is Status.NEGATED:
        return (None if says("reaction", mention.because) else Taking.DENIED), None
    if mention.status is Status.PAST or read.entry.over:
        dated = when is not None and medicine is None and not read.entry.over
        return (Taking.STOPPED, when.days_ago(today)[0]) if dated and when is not None else (None, None)
    begins = medicine is not None and medicine.started is not None and medicine.started.is_future(today)
    return (Taking.PERHAPS if begins or mention.status is Status.POSSIBLE else Taking.TAKEN), None


def _stopped(mention: Mention, when: When | None, today: date) -> tuple[Taking, int | None]:
    if when is not None:
        return Taking.STOPPED, when.days_ago(today)[0]
    for_good = mention.status is Status.NEGATED and says("not any more", mention.because)
    return (Taking.DENIED if for_good else Taking.STOPPED), None


def _is_stop(mention: Mention, read: ReadEntry) -> bool:
    if mention.status is Status.PRESENT:
        return False
    return says("stopped", mention.because) or read.says("stopped", read.clause(mention.start))


def _how_long(
    mention: Mention, read: ReadEntry, medicine: Medicine | None, when: When | None, today: date
) -> float | None:
    started = medicine.started if medicine is not None else None
    if started is not None and not started.is_future(today):
        return float(started.days_ago(today)[0])
    sentence = read.sentence(mention.start)
    if read.says("short", sentence):
        return 0.0
    days = duration_days(read.plain[mention.end : sentence[1]][:_NEAR])
    if days is None:
        days = duration_days(read.plain[sentence[0] : mention.start][-_NEAR:])
    if days is not None:
        return days
    if read.says("long", sentence):
        return float("inf")
    return float(when.days_ago(today)[0]) if when is not None and not when.is_future(today) else None


def signs_of_uses(uses: list[Use]) -> list[Sign]:
    """What all medicines together mean."""
    signs: list[Sign] = []
    for rule in recognition_tables().rules:
        concerned = [use for use in uses if use.medicine in rule.all_of]
        if concerned:
            signs += _signs_of_rule(rule, concerned, uses)
    return signs


def _signs_of_rule(rule: MedicineRule, concerned: list[Use], uses: list[Use]) -> list[Sign]:
    taken = [use for use in concerned if use.taking is Taking.TAKEN]
    others = any(use.taking is Taking.TAKEN and use.medicine in rule.none_of for use in uses)
    if others:
        return []
    if {use.medicine for use in taken} >= set(rule.all_of):
        return _taken(rule, taken)
    if len(rule.all_of) > 1:
        return []
    return [sign for use in concerned for sign in _not_taken(rule, use)]


def _taken(rule: MedicineRule, taken: list[Use]) -> list[Sign]:
    signs: list[Sign] = []
    for use in taken:
        ask = _asks_for_time(rule, use)
        if ask is None:
            continue
        signs += [_sign(rule, use, Fact(at.code, at.region), ask=ask) for at in facts_at(rule.facts)]
        signs += [_sign(rule, use, Fact(at.code, at.region), ask=True) for at in facts_at(rule.asks)]
    return signs


def _asks_for_time(rule: MedicineRule, use: Use) -> bool | None:
    """False: taken long enough; True: nobody said how long; None: not for long."""
    if rule.long_weeks is None:
        return False
    if use.long is None:
        return True
    return False if use.long >= rule.long_weeks * 7 else None


def _not_taken(rule: MedicineRule, use: Use) -> list[Sign]:
    facts = [Fact(at.code, at.region) for at in facts_at(rule.facts)]
    if use.taking is Taking.DENIED:
        return [_sign(rule, use, fact, denied=True) for fact in facts]
    if use.taking is Taking.PERHAPS:
        return [_sign(rule, use, fact, ask=True) for fact in facts]
    if use.taking is Taking.STOPPED and (use.days is None or use.days <= rule.after_days):
        if _asks_for_time(rule, use) is None and use.long is not None:
            return []
        return [_sign(rule, use, fact, ask=True) for fact in facts if rule.after_days]
    return []


def _sign(rule: MedicineRule, use: Use, fact: Fact, *, ask: bool = False, denied: bool = False) -> Sign:
    why = "stopped: does it still act?" if use.taking is Taking.STOPPED else rule.why
    origin = Origin(
        use.origin.kind,
        use.origin.source,
        f"{use.origin.reason}; {why}",
        use.origin.start,
        use.origin.end,
        rule.sources,
        rule.confidence.value,
    )
    status = Status.NEGATED if denied else Status.PRESENT
    return Sign(fact, status, origin, ask, settled=True)
