"""What the rules of imaging say of an order, before it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from openomt.knowledge import load
from openomt.knowledge.redflags import ImagingRule
from openomt.medicine.safety.values import PatientFacts

MOST = 3
_WORD = re.compile(r"[a-z]{3,}")
_EMPTY = frozenset(
    _WORD.findall(
        "and any are before care don for from good has have her his its new not one out patient the then was "
        "with without yet mri xray ray scan imaging ultrasound first order ordered rule test tests trial"
    )
)
_ALIKE = {
    "lumbar": "back",
    "spine": "back",
    "lumbago": "back",
    "cervical": "neck",
    "brachial": "arm",
    "acut": "acute",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """A rule that may concern the order, why it is shown, and the titles of its sources."""

    rule: ImagingRule
    because: str
    sources: tuple[str, ...]

    @property
    def what(self) -> str:
        return {
            "none": "No imaging",
            "first": "Imaging before treatment",
            "emergency": "Emergency",
            "if persisting": "If it persists",
            "not before gentle treatment": "Not needed before gentle treatment",
        }[self.rule.imaging]


def advice(words: str, facts: PatientFacts | None = None) -> tuple[Advice, ...]:
    """The rules of imaging that what is ordered and why may concern, those by the patient's flags first.

    A rule is shown where the patient has a flag it names, or where its situation shares words with the order. It is
    advice for a physician: no order is refused.
    """
    flags = {known.fact.code for known in facts.present} if facts else set()
    said = _roots(words)
    found: list[tuple[int, Advice]] = []
    for rule in load().all(ImagingRule):
        held = [code for code in rule.flags if code in flags]
        shared = said & _rule_roots()[rule.id]
        if held:
            found.append((100 + len(held), _advice(rule, "the patient's record holds this flag")))
        elif shared:
            found.append((len(shared), _advice(rule, "its situation shares words with the order")))
    best = sorted(found, key=lambda pair: -pair[0])
    return tuple(one for _, one in best[:MOST])


def everything() -> tuple[Advice, ...]:
    """Every rule of imaging."""
    return tuple(_advice(rule, "") for rule in load().all(ImagingRule))


def _advice(rule: ImagingRule, because: str) -> Advice:
    return Advice(rule, because, tuple(load().sources[name].title for name in rule.sources))


@cache
def _rule_roots() -> dict[str, frozenset[str]]:
    return {rule.id: _roots(rule.situation) for rule in load().all(ImagingRule)}


def _roots(text: str) -> frozenset[str]:
    """The telling words of a text, cut so that `fractured` meets `fracture`."""
    words = (word for word in _WORD.findall(text.lower()) if word not in _EMPTY)
    return frozenset(_ALIKE.get(word, _ALIKE.get(word[:6], word[:6])) for word in words)
