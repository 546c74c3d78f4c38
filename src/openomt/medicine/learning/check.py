"""Is OMT right for me? A few screens of questions, answered by ticks, and what they lead to.

All of a check is the trail of what was shown and chosen; nothing else is kept. The questions and what a danger
means are those of the screen before treatment (`safety.screen`). A tick is a yes; what was shown and not ticked is
a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.learning.pages import page
from openomt.medicine.learning.values import CONDITIONS, LEARN, Link
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_questions import asked_now
from openomt.medicine.safety.screen_values import Answer, Question, RaisedFlag, Screening
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.techniques.tables import tables

if TYPE_CHECKING:
    from openomt.knowledge.learning import SelfCheckStep, SelfCheckWho

WHO, BIRTH, MORE, REASON, CONDITION = "who", "birth", "more", "reason", "condition"
PREGNANT, AFTER_BIRTH, NEITHER = "pregnant", "after-birth", "neither"
UNEXAMINED, NAMED, AGAIN, CURIOUS = "unexamined", "named", "again", "curious"
OTHER = "other"
"""A condition that is not in the list."""
CONSULTATION, NEW, FOLLOW_UP = "consultation", "new", "follow_up"
"""Kinds of appointment."""
AT_ONCE = 10
"""How many follow-up questions stand on one screen."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    BIRTH: (PREGNANT, AFTER_BIRTH, NEITHER),
    REASON: (UNEXAMINED, NAMED, AGAIN, CURIOUS),
}
_TELL_FIRST = frozenset({"cancer", "bones", "steroids", "thinner", "joints"})
"""Questions that, answered yes, lead to the page on who should wait."""
_CHILD_MONTHS, _OLDER_MONTHS = 216, 780


@dataclass(frozen=True, slots=True)
class Given:
    """What was shown on a screen and what of it was chosen."""

    step: str
    shown: tuple[str, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose or tick. `text` is empty where the words are the page's own."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen. `ticks`: several may be chosen, or none; else exactly one is."""

    step: str
    title: str
    options: tuple[Option, ...]
    ticks: bool
    at: int
    of: int
    minor: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do now: `first`, then why.

    urgency   E call 911, U a doctor today, S a check-up first, or empty
    kind      the kind of appointment that fits; empty: none until the danger is past
    """

    urgency: str
    first: str
    lines: tuple[str, ...]
    pages: tuple[Link, ...]
    kind: str
    limits: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check as far as it has come."""

    trail: tuple[Given, ...] = ()

    def chosen(self, step: str) -> str:
        """The one thing chosen on a screen; empty where it was not shown yet."""
        return next((one.chosen[0] for one in self.trail if one.step == step and one.chosen), "")

    @property
    def who(self) -> SelfCheckWho | None:
        return _steps()[0].get(self.chosen(WHO))

    @property
    def patient(self) -> PatientFacts:
        who = self.who
        return PatientFacts(age_months=who.months if who else None)

    @property
    def answers(self) -> dict[str, Answer]:
        """Answers to the questions of the screen before treatment."""
        found: dict[str, Answer] = {}
        for one in self.trail:
            if one.step == BIRTH:
                found["pregnant"] = _yes(PREGNANT in one.chosen)
                found["birth"] = _yes(AFTER_BIRTH in one.chosen)
            elif one.step == REASON:
                found["examined"] = _yes(UNEXAMINED in one.chosen)
            elif one.step not in (WHO, CONDITION):
                found |= {code: _yes(code in one.chosen) for code in one.shown}
        return found

    def with_answer(self, shown: Screen, chosen: Iterable[str]) -> Check:
        """The check with a screen answered. Raises ValueError for what was not to choose."""
        known = tuple(option.code for option in shown.options)
        picked = tuple(code for code in known if code in set(chosen))
        if set(chosen) - set(known) or (not shown.ticks and len(picked) != 1):
            raise ValueError("not one of the choices")
        return Check((*self.trail, Given(shown.step, known, picked)))

    def back(self) -> Check:
        """The check before its last screen was answered."""
        return Check(self.trail[:-1])


def _yes(is_so: bool) -> Answer:
    return Answer.YES if is_so else Answer.NO


@cache
def _steps() -> tuple[Mapping[str, SelfCheckWho], tuple[SelfCheckStep, ...]]:
    from openomt.knowledge import load
    from openomt.knowledge.learning import SelfCheckStep, SelfCheckWho

    known = load()
    people = sorted(known.all(SelfCheckWho), key=lambda one: one.order)
    return {one.id: one for one in people}, tuple(sorted(known.all(SelfCheckStep), key=lambda one: one.order))


@cache
def _phrase(name: str, language: str) -> str:
    from openomt.knowledge import load
    from openomt.knowledge.narrative import Phrase

    record = load().get(Phrase, f"selfcheck.{name}")
    return record.es if language == "es" else record.en


def screen_of(check: Check, language: str) -> Screen | None:
    """The screen to show next; None where the check is done, or a danger ends it."""
    if check.trail and _screening(check, language).urgency == "E":
        return None
    ahead = _ahead(check, language)
    if not ahead:
        return None
    step, title, options, ticks = ahead[0]
    at = len(check.trail) + 1
    who = check.who
    return Screen(step, title, options, ticks, at, at + len(ahead) - 1, bool(who and who.minor))


_Planned = tuple[str, str, tuple[Option, ...], bool]


def _ahead(check: Check, language: str) -> list[_Planned]:
    """Every screen still to come, as things stand."""
    done = {one.step for one in check.trail}
    ahead: list[_Planned] = []
    if WHO not in done:
        people = tuple(Option(one.id, _in(one, language)) for one in _steps()[0].values())
        return [(WHO, "", people, False)]
    asked = {one.code: one for one in asked_now(check.answers, check.patient, (), language)}
    if BIRTH not in done and "pregnant" in asked:
        ahead.append((BIRTH, "", _options(BIRTH), False))
    for step in _steps()[1]:
        here = tuple(Option(name, asked[name].ask) for name in step.questions if name in asked)
        if step.id not in done and here:
            ahead.append((step.id, _title(step, check, language), here, True))
    ahead += [(MORE, _phrase(MORE, language), options, True) for options in _more(check, asked)]
    if REASON not in done:
        ahead.append((REASON, "", _options(REASON), False))
    elif CONDITION not in done and check.chosen(REASON) == NAMED:
        ahead.append((CONDITION, "", _conditions(language), False))
    return ahead


def _more(check: Check, asked: Mapping[str, Question]) -> list[tuple[Option, ...]]:
    """Follow-up questions that the answers so far open, cut into screens."""
    own = {name for step in _steps()[1] for name in step.questions} | {"pregnant", "birth", "examined"}
    answered = check.answers
    open_ = [Option(one.code, one.ask) for one in asked.values() if one.code not in {*own, *answered}]
    return [tuple(open_[start : start + AT_ONCE]) for start in range(0, len(open_), AT_ONCE)]


def _options(step: str) -> tuple[Option, ...]:
    return tuple(map(Option, _CHOICES[step]))


def _conditions(language: str) -> tuple[Option, ...]:
    from openomt.medicine.learning.pages import pages

    found = sorted(pages(CONDITIONS, language), key=lambda one: one.title.casefold())
    return (*(Option(one.slug, one.title) for one in found), Option(OTHER))


def _title(step: SelfCheckStep, check: Check, language: str) -> str:
    who = check.who
    if who is None or not who.minor:
        return _in(step, language)
    return step.minor_es if language == "es" else step.minor_en


def _in(record: SelfCheckStep | SelfCheckWho, language: str) -> str:
    return record.es if language == "es" else record.en


def _screening(check: Check, language: str) -> Screening:
    return screen(check.answers, patient=check.patient, language=language)


def outcome(check: Check, language: str) -> Outcome:
    """What the answers lead to. A danger is told at once, whatever is still to ask."""
    seen = _screening(check, language)
    told = tuple(dict.fromkeys(one.tell for one in _of(seen)))
    if seen.urgency in ("E", "U"):
        more = (_phrase("today.else", language),) if seen.urgency == "U" else ()
        pages = _links(language, "when-to-call")
        return Outcome(seen.urgency, seen.tell[0], (*told, *more), pages, "", _phrase("limits", language))
    first, lines, kind = _calm(check, seen, told, language)
    return Outcome(
        seen.urgency, first, lines, _pages(check, kind, language), kind, _phrase("limits", language)
    )


def _of(seen: Screening) -> list[RaisedFlag]:
    """The flags that are told: those of the worst urgency; of no urgency, all."""
    return [one for one in seen.flags if one.urgency == seen.urgency or not seen.urgency]


def _calm(
    check: Check, seen: Screening, told: tuple[str, ...], language: str
) -> tuple[str, tuple[str, ...], str]:
    if any(flag.stops for flag in seen.flags):
        return _phrase("checkup", language), told, CONSULTATION
    notices = tuple(notice.tell for notice in seen.notices)
    if notices:
        return _phrase("consult", language), (*notices, *told), CONSULTATION
    return _safe(check, told or seen.tell, language)


def _safe(check: Check, lines: tuple[str, ...], language: str) -> tuple[str, tuple[str, ...], str]:
    """No danger was seen: what brings the person decides."""
    reason, condition = check.chosen(REASON), page(CONDITIONS, check.chosen(CONDITION), language)
    if reason == AGAIN:
        return _phrase("again", language), lines, FOLLOW_UP
    if condition is not None and condition.label is not None:
        told = (condition.lead, condition.label.meaning, *(one.text for one in condition.advice[:1]), *lines)
        if tables().labels[condition.label.code].helpful is False:
            return _phrase("consult", language), told, CONSULTATION
        return _phrase("visit", language), told, NEW
    if reason == NAMED:
        return _phrase("visit", language), lines, NEW
    return _phrase("consult", language), lines, CONSULTATION


def _pages(check: Check, kind: str, language: str) -> tuple[Link, ...]:
    """Pages for this person: their condition first, then what they are, then what to tell us."""
    found = []
    condition = page(CONDITIONS, check.chosen(CONDITION), language)
    if condition is not None:
        found.append(Link(CONDITIONS, condition.slug, condition.title))
    months = check.patient.age_months or 0
    names = {
        "pregnancy": check.chosen(BIRTH) in (PREGNANT, AFTER_BIRTH),
        "babies-and-children": months < _CHILD_MONTHS,
        "older-people": months >= _OLDER_MONTHS,
        "who-should-wait": any(check.answers.get(name) is Answer.YES for name in _TELL_FIRST),
        "before-your-visit": kind != FOLLOW_UP,
    }
    return (*found, *_links(language, *(name for name, fits in names.items() if fits)))


def _links(language: str, *slugs: str) -> tuple[Link, ...]:
    found = (page(LEARN, slug, language) for slug in slugs)
    return tuple(Link(LEARN, one.slug, one.title) for one in found if one is not None)
