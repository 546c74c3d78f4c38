"""Treatment cards: for each technique chosen in a visit, how it is done, step by step."""

from __future__ import annotations

from openomt.care.visits.treatment_card.cards import Card, Deck, Step, deck

__all__ = ["Card", "Deck", "Step", "deck"]
