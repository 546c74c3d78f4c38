"""The state of one clause while its words are bound to places:
what was read so far, and what waits for a place."""

from __future__ import annotations

from openomt.medicine.anatomy import Side
from openomt.medicine.findings import Tart
from openomt.medicine.notation.groups import Anchor, Answer, Clause, Group, Technique
from openomt.medicine.notation.token import Token


class Scope:
    """One clause being bound. Most fields keep the default that the class holds.

    header        the place that heads the clause; `carried`: the group that its words may refer back to
    current       the group last spoken of; `waiting`: what was said of a place still to come
    gap           kinds of the separating words since the last place or attribute
    negated       a negation holds; `negation_used`: it has already denied something
    verb_since    a verb stood since the last place
    run           how many runs of techniques there were; `run_open`: the last one can still take places
    pattern_side  a side that belongs to the pattern after it (`L torsion`)
    sentence_side the side that the sentence opens with (`On the left the sulcus … and the ILA …`)
    share_next    the next side holds for every place of the clause (`both on the left`)
    lead_token    the side that waits for its place
    first_score   the pain of a first `8/10`; `paired`: a second one came
    scored        how a scored complaint changed; `loose_score`: its token, while no tender point has it
    blocked       a movement was said not to happen (`does not come down`)
    compared      words of comparison (`than`), `conditional` ones (`when …`) and a technique `instead`: no
                  findings
    neuro         reflexes, strength or sensation are spoken of
    """

    current: Group | None = None
    negated = False
    negation_used = False
    verb_since = False
    run_open = False
    blocked = False
    compared = False
    conditional = False
    instead = False
    share_next = False
    neuro = False
    run = 0
    lead_token: Token | None = None
    last_technique: Technique | None = None
    pattern_side: Side | None = None
    sentence_side: Side | None = None
    first_score: Token | None = None
    paired = False
    scored: Answer | None = None
    loose_score: Token | None = None

    def __init__(self, tokens: list[Token], header: Anchor | None, carried: Group | None) -> None:
        self.tokens = tokens
        self.header = header
        self.carried = carried
        self.clause = Clause(header.place.region if header is not None else None)
        self.waiting = Group()
        self.gap: set[str] = set()

    def following(self, at: int) -> Token | None:
        """The token after `at`, if any."""
        at += 1
        return self.tokens[at] if at < len(self.tokens) else None

    def kind_after(self, at: int) -> str:
        """The kind of the token after `at`; empty at the end."""
        at += 1
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def word_before(self, at: int) -> str:
        """The word before `at` in lower case; empty at the start."""
        return self.tokens[at - 1].low if at else ""

    def open_group(self) -> Group:
        """Makes what waits for a place the current group."""
        group = self.current = self.waiting
        self.waiting = Group()
        self.clause.groups.append(group)
        return group

    def again(self, group: Group) -> Group:
        """A new group about the same places, for a second statement."""
        again = Group(anchors=[Anchor(a.place, None, a.start, a.end) for a in group.anchors])
        again.said = again.again = True
        self.clause.groups.append(again)
        self.current = again
        return again

    def lead(self, side: Side, token: Token) -> None:
        """Keeps a side for the place that follows it. Another one kept before it finds no place."""
        if self.waiting.lead not in (None, side) and self.lead_token is not None:
            self.clause.unknown.append(self.lead_token)
        self.waiting.lead, self.lead_token = side, token

    def keep(self, group: Group, token: Token, words: str) -> None:
        """Keeps words beside a group that has no field for them. It has room for one; others are not read."""
        if group.detail is None or group.detail == words:
            group.detail = words
        else:
            self.clause.unknown.append(token)

    def restrict(self, group: Group, token: Token) -> None:
        """Says of a group that it moves less."""
        if Tart.RESTRICTION not in group.tart:
            group.tart.append(Tart.RESTRICTION)
        group.note(token)
