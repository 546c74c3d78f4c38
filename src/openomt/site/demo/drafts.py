"""What a physician would have written: findings in shorthand, what was done, how it answered, and the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from random import Random

from openomt.care.visits.drafts import Draft, Separate
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.values import PatientFacts, PlannedItem, Verdict
from openomt.medicine.visit import EffortLevel
from openomt.site.demo import words
from openomt.site.demo.people import Plan

_PALETTE = tuple(
    PlannedItem(card, Region(region)) for region, known in words.TECHNIQUES.items() for _, card in known
)
Safe = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a course keeps finding at one place: the region, the place, and the line with the severity left open."""

    region: str
    place: str
    line: str


def findings_of(plan: Plan, chance: Random) -> tuple[Finding, ...]:
    """Four or five places of a course, each in a region of its own, as far as the trouble reaches."""
    found = []
    for region in plan.trouble.regions:
        place, line = chance.choice(words.FINDINGS[region])
        side, other = chance.choice((("R", "L"), ("L", "R")))
        found.append(
            Finding(
                region,
                place,
                line.replace("{S}", side).replace("{s}", side.lower()).replace("{o}", other.lower()),
            )
        )
    return tuple(found)


@lru_cache(maxsize=2048)
def safe(patient: PatientFacts, refused: tuple[str, ...]) -> Safe:
    """Which techniques no rule speaks against for this patient, by region, and the patient wants."""
    alerts = check(patient, _PALETTE)
    return frozenset(
        (item.item.region.value, item.item.technique)
        for item in alerts.items
        if item.verdict is Verdict.CLEAR
        and item.item.technique not in refused
        and item.item.region is not None
    )


def written(plan: Plan, found: tuple[Finding, ...], place: int, allowed: Safe, chance: Random) -> Draft:
    """The draft of the visit with this place in its course (from 0)."""
    trouble = plan.trouble
    eased = plan.improves * place
    lines = []
    answers: dict[str, list[str]] = {}
    for order, one in enumerate(found):
        severity = max(1, min(3, round(3 - order * 0.5 - eased * 0.6)))
        technique = _technique(plan, one.region, allowed, chance)
        treated = f"; {technique} {one.place}" if technique else ""
        lines.append(one.line.replace("{n}", str(severity)) + treated)
        if technique:
            answers.setdefault(_answer(plan, chance), []).append(words.REGION_WORDS[one.region])
    examined = {one.region for one in found}
    lines += [line for region, line in words.NORMAL.items() if region not in examined][:1]
    lines += [f"{', '.join(regions)} {answer}" for answer, regions in answers.items()]
    return Draft(
        text="\n".join(lines),
        complaint=trouble.complaint
        if place == 0
        else f"{trouble.title}, {'better' if eased else 'the same'}",
        history=trouble.story if place == 0 else _since(plan, chance),
        function=trouble.function,
        function_change="" if place == 0 else _change(plan, chance),
        danger_signs="Asked today: none",
        related_exam="Strength, reflexes and sensation even on both sides" if place == 0 else "",
        diagnoses=trouble.code,
        tolerance="Tolerated well",
        no_complications=True,
        agreed=True,
        discussed="Soreness for a day or two\nDoing without treatment",
        goal="\n".join(trouble.goals),
        frequency=f"Every {plan.days_between} days, {plan.visits + plan.still} visits in all",
        next_review=f"At visit {max(4, plan.visits)}",
        exercise=chance.choice(words.EXERCISES),
        stop_when="No change that counts by the review",
        aftercare=True,
        separate=_first_visit() if place == 0 else Separate(),
    )


def _technique(plan: Plan, region: str, allowed: Safe, chance: Random) -> str:
    choices = [
        short
        for short, card in words.TECHNIQUES[region]
        if (region, card) in allowed and (not plan.gentle or card in plan.gentle)
    ]
    if not choices:
        return ""
    first = choices[0] if chance.random() < 0.45 else chance.choice(choices)
    second = chance.choice(choices) if chance.random() < 0.2 else first
    return ", ".join(sorted({first, second}, key=choices.index))


def _answer(plan: Plan, chance: Random) -> str:
    if chance.random() < plan.improves:
        return "resolved" if chance.random() < 0.2 else "improved"
    return "unchanged"


def _since(plan: Plan, chance: Random) -> str:
    if chance.random() < plan.improves:
        return chance.choice(
            ("Better for a week, then some came back.", "Steadily better.", "Slept better after it.")
        )
    return chance.choice(("About the same.", "Sore for two days, then as before."))


def _change(plan: Plan, chance: Random) -> str:
    return "A little further than last time" if chance.random() < plan.improves else "As last time"


def _first_visit() -> Separate:
    return Separate(
        beyond=True,
        reasons="New problem worked up: history, examination, plan",
        problems=EffortLevel.LOW,
        data=EffortLevel.MINIMAL,
        risk=EffortLevel.LOW,
    )


def everything_written() -> Iterator[str]:
    """Every line that a made-up visit may hold: tests read them all."""
    for region, rows in words.FINDINGS.items():
        shorts = [short for short, _ in words.TECHNIQUES[region]]
        done = [*shorts, *(", ".join(pair) for pair in combinations(shorts, 2))]
        for place, line in rows:
            for side, other in (("R", "L"), ("L", "R")):
                text = line.format(S=side, s=side.lower(), o=other.lower(), n=2)
                yield from (f"{text}; {techniques} {place}" for techniques in done)
        yield from (
            f"{words.REGION_WORDS[region]} {answer}" for answer in ("resolved", "improved", "unchanged")
        )
    yield from words.NORMAL.values()
