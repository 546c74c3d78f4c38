"""How long scripted patients take for their first intake and for the follow-up form before a later visit, by words,
taps and letters on each screen.

python bench/intake.py [--screens] [--check]
    --check: exit code 1 where the median of the first is five minutes or more

Five adults tell their story for the first time: nothing in it is dangerous, they name one thing that is hard
to do and one medicine. Before a later visit they are better, nothing is new, and they rate that thing again; its
target of 90 seconds is told beside the time, with and without the danger signs, which the research counts extra.
Question and answers are read once, word for word; what stood in the same place on the screen
before is not read again, numbers of a scale are not read, and "Why we ask" stays closed. No patient was timed for
this; the constants below are all that it rests on.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openomt.site.test_settings")

READ = {"en": 238, "es": 278}
"""Words read in a minute by adults, silently: Brysbaert 2019, J Mem Lang 109:104047, a review of 190 studies
(English non-fiction 238, read in its abstract; Spanish 278, from memory of its table)."""
SLOW = 0.75
"""Who reads with pain, or reads little: so much of that speed. Our assumption."""
TYPED = 36.2 * 5 / 60
"""Letters typed in a second on a phone: Palin et al. 2019, MobileHCI, 37,370 volunteers, 36.2 words of five."""
THINK = 1.35
"""Seconds to decide before the first tap of a screen: the mental operator of Card, Moran and Newell 1980."""
TAP = 0.5
"""Seconds for a tap, with the way of the thumb. Our assumption."""
LOAD = 0.5
"""Seconds until the next screen is there. Our assumption for a phone; the server takes far less."""
LIMIT = 300
TARGET = 90
"""Seconds for the form before a later visit, questions on danger signs not counted."""
SIGNS = "after_danger"
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[\d.]*")


@dataclass(frozen=True)
class Cost:
    """What one screen asks of the patient."""

    key: str
    words: int
    taps: int
    letters: int

    def seconds(self, language: str, speed: float) -> float:
        reading = self.words / (READ[language] * speed) * 60
        return reading + THINK + self.taps * TAP + self.letters / TYPED + LOAD


SAID = {
    "en": ("My {place} hurts", "Lift my child", "Ibuprofen 400 mg", "Sleep well"),
    "es": ("Me duele: {place}", "Cargar a mi hijo", "Ibuprofeno 400 mg", "Dormir bien"),
}


@dataclass(frozen=True)
class Patient:
    """Who comes, and where it hurts. `place`: in English and Spanish."""

    name: str
    years: int
    female: bool
    where: tuple[str, ...]
    place: tuple[str, str]


PATIENTS = (
    Patient("woman of 40, low back", 40, True, ("low_back-left",), ("low back", "espalda baja")),
    Patient("man of 40, low back", 40, False, ("low_back-right",), ("low back", "espalda baja")),
    Patient("woman of 30, neck", 30, True, ("neck",), ("neck", "cuello")),
    Patient("man of 55, shoulder", 55, False, ("upper_arm-right",), ("shoulder", "hombro")),
    Patient("woman of 68, low back", 68, True, ("low_back-left",), ("low back", "espalda baja")),
)


def walk(patient: Patient, language: str, flow: str = "intake") -> Iterator[Cost]:
    """Every screen from the welcome to the last."""
    from django.utils import translation

    from openomt.care.intake.flow import Flow, Teller, steps
    from openomt.care.intake.screens import screen
    from openomt.care.words import say
    from openomt.medicine.safety.values import PatientFacts, Sex

    short = flow == Flow.FOLLOWUP
    reason, activity, medicine, hope = SAID[language]
    teller = Teller(
        PatientFacts(age_months=patient.years * 12, sex=Sex.FEMALE if patient.female else Sex.MALE),
        language,
        Flow(flow),
        before={"psfs-q1": {"value": 4, "text": activity}} if short else {},
    )
    answers: dict[str, Any] = {}
    reason = reason.format(place=patient.place[language == "es"])
    typed = {"reason": reason, "medicine": medicine, "hope": hope}
    typed |= {} if short else {"psfs-q1": activity}
    given: dict[str, Any] = {
        "reason": reason,
        "where": list(patient.where),
        "birth": "neither",
        "examined": "no",
        "psfs-q1": {"value": 4, "text": activity},
        "medicine": {"new": [medicine], "ended": [], "none": False},
        "hope": hope,
    }
    with translation.override(language):
        lead, kept = ("welcome_short", "welcome_saved") if short else ("welcome", "welcome_stop")
        start = [say(f"intake.{key}", minutes=5) for key in ("title", lead)]
        start += [say(f"intake.{key}") for key in (kept, "welcome_danger")]
        yield Cost("welcome", _count(start), 1, 0)
        before: frozenset[str] = frozenset()
        while left := [step for step in steps(teller, answers) if step.key not in answers]:
            step = left[0]
            there = _texts(screen(step, teller, answers))
            answers[step.key] = given.get(step.key, _mild(step))
            text = typed.get(step.key, "")
            yield Cost(
                step.key, _count(one for one in there if one not in before), _taps(step, text), len(text)
            )
            before = frozenset(there)
        yield Cost("send", _count((say("intake.send_title"), say("intake.send_text"))), 1, 0)


def _mild(step: Any) -> Any:
    """None of it, the mildest, or left out."""
    if step.kind == "item":
        if step.item.kind == "own_activity" and not step.words:
            return None
        return step.item.choices[0].value if step.item.choices else 5
    return {
        "after": {"shown": [one.code for one in step.shown], "yes": []},
        "danger": {"shown": [one.code for one in step.shown], "yes": []},
        "record": {"new": [], "ended": [], "none": True},
        "choice": step.asked.options[0] if step.asked.options else "",
    }.get(step.kind)


def _texts(shown: Any) -> list[str]:
    """What is read on a screen. On the picture of the body no places are read."""
    from openomt.care.words import say

    own = {
        "activity": [say("intake.next")],
        "number": [say("intake.another_number"), say("intake.next")],
        "text": [say("intake.next")],
        "record": [say("intake.one_a_line"), say("intake.next")],
        "places": [say("intake.chosen_nothing"), say("intake.next")],
        "ticks": [say("intake.next")],
    }.get(shown.look, [])
    labels = [option.label for option in shown.options]
    ends = [shown.stem, shown.title, shown.low, shown.high, shown.hint, shown.none]
    return [*ends, *labels, *own, say("intake.why"), say("intake.skip") if shown.skips else ""]


def _count(texts: Iterable[str]) -> int:
    return sum(len(_WORD.findall(text)) for text in texts if not _NUMBER.fullmatch(text))


def _taps(step: Any, typed: str) -> int:
    """One for an answer that is a button; one more where Next follows; one to begin typing."""
    if step.kind == "item" and step.item.kind == "own_activity" and not step.words:
        return 3 if typed else 1
    return 2 if typed or step.kind == "places" else 1


def main() -> int:
    import django

    django.setup()
    worst = 0.0
    for language, rate in READ.items():
        all_times = []
        for patient in PATIENTS:
            costs = list(walk(patient, language))
            if "--screens" in sys.argv:
                _print_screens(costs, language)
            times = [sum(cost.seconds(language, speed) for cost in costs) for speed in (1, SLOW)]
            all_times.append(times)
            print(
                f"{language} {patient.name}: {len(costs)} screens, {sum(cost.words for cost in costs)} words, "
                f"{sum(cost.taps for cost in costs)} taps, {sum(cost.letters for cost in costs)} letters typed: "
                f"{_clock(times[0])}; slow reader {_clock(times[1])}"
            )
        usual, slow = (statistics.median(times) for times in zip(*all_times, strict=True))
        worst = max(worst, usual)
        print(
            f"{language} median: {_clock(usual)} at {rate} words a minute; "
            f"{_clock(slow)} at {rate * SLOW:.0f}"
        )
    for language in READ:
        _short(language)
    return 1 if "--check" in sys.argv and worst >= LIMIT else 0


def _short(language: str) -> None:
    """What the form before a later visit takes, beside its target."""
    all_costs = [list(walk(patient, language, "followup")) for patient in PATIENTS]
    if "--screens" in sys.argv:
        _print_screens(all_costs[0], language)
    told = []
    for speed in (1, SLOW):
        whole = statistics.median(sum(one.seconds(language, speed) for one in costs) for costs in all_costs)
        signs = statistics.median(
            sum(one.seconds(language, speed) for one in costs if one.key == SIGNS) for costs in all_costs
        )
        told.append(f"{whole:.0f} s, {whole - signs:.0f} s without the danger signs")
    print(
        f"{language} before a later visit, median: {told[0]} (target {TARGET} s without them); "
        f"slow reader {told[1]}"
    )


def _print_screens(costs: list[Cost], language: str) -> None:
    for cost in costs:
        print(
            f"  {cost.key:22} {cost.words:4} words {cost.taps} taps {cost.letters:3} letters "
            f"{cost.seconds(language, 1):5.1f} s"
        )


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"


if __name__ == "__main__":
    raise SystemExit(main())
