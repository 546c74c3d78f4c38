"""The triggers and the ordinary words of the knowledge, ready for a matcher."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from openomt.medicine.phrases.values import Role, Trigger


@cache
def triggers() -> tuple[Trigger, ...]:
    """Every trigger of `knowledge/data/recognition`, English and Spanish."""
    from openomt.knowledge import load
    from openomt.knowledge.recognition import TriggerWords

    return tuple(
        Trigger(Role(record.role), words, record.language)
        for record in load().all(TriggerWords)
        for words in record.names
    )


@cache
def short_forms() -> Mapping[str, str]:
    """How clinicians shorten single words (`fx`), each with the word."""
    from openomt.knowledge import load
    from openomt.knowledge.recognition import ShortForms

    return {short: full for record in load().all(ShortForms) for short, full in record.pairs.items()}


@cache
def ordinary_words() -> frozenset[str]:
    """Words that are spelt right and lie a slip from words that matter: never corrected."""
    from openomt.knowledge import load
    from openomt.knowledge.recognition import OrdinaryWords

    return frozenset(word for record in load().all(OrdinaryWords) for word in record.names)
