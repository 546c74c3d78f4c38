"""Which words belong to which place: one pass over a clause, with a short look ahead.

A word before a place describes that place when nothing separates them (`boggy T4`); after a place it describes the
place before it (`T4 boggy`, `T4 was boggy`). Places joined by "and" or a comma with nothing said between share
what is said of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openomt.medicine.anatomy import LevelKind, Region, Side
from openomt.medicine.findings import Frame, SpinalMotion, Tart
from openomt.medicine.notation.compose import Motion, restricted
from openomt.medicine.notation.groups import Anchor, Answer, Clause, Group, Technique
from openomt.medicine.notation.lexer import Token
from openomt.medicine.notation.lexicon import Movement, PatternEntry, Place, TechniqueEntry, lexicon
from openomt.medicine.visit import Response

_ATTRIBUTES = frozenset(
    {"tart", "pattern", "motion", "normal", "even", "free", "unexamined", "positive", "negative", "dysfunction", "pair",
     "axis", "movement", "severity", "position"}
)  # fmt: skip
_SKIPPED_AHEAD = frozenset({"filler", "severity", "pattern", "tart", "side", "negation", "dysfunction", "movement", "motion",
                            "positive", "negative", "even", "free", "normal", "unknown", "ordinal"})  # fmt: skip
_LOOK = 9
_LOOSE = frozenset({None, "pelvis", "SI joint", "skull", "sacral base", "CRI", "rib cage"})
_PRESSED = frozenset({"pressing", "palpation", "pressure", "touch", "caused", "elicited", "pressed", "palpated", "provoked"})
_ACHES = frozenset(
    {"pain", "soreness", "stiffness", "tenderness", "scores", "score", "sx", "swelling", "congestion"}
)
_WORST_PAIN = 10
_LIMBS = frozenset({Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY})
_SPINAL = frozenset({Region.CERVICAL, Region.THORACIC, Region.LUMBAR, Region.SACRAL, Region.HEAD})


class Binder:
    """Reads one clause. `carried` is what the words of this clause may refer back to."""

    def __init__(self, tokens: list[Token], header: Anchor | None, carried: Group | None) -> None:
        self.tokens = tokens
        self.header = header
        self.carried = carried
        self.clause = Clause(header=header.place.region if header is not None else None)
        self.current: Group | None = None
        self.waiting = Group()
        self.negated = False
        self.gap: set[str] = set()
        self.verb_since = False
        self.run = 0
        self.run_open = False
        self.last_technique: Technique | None = None
        self.instructed = False
        self.pattern_side: Side | None = None
        self.first_score: int | None = None
        self.negation_used = False
        self.blocked = False
        self.compared = False
        self.conditional = False
        self.instead = False
        self.share_next = False
        self.scored: Answer | None = None
        self.neuro = False
        self.lead_start = -1

    def read(self) -> Clause:
        """The clause's groups, techniques and answers."""
        handlers = _HANDLERS
        for at, token in enumerate(self.tokens):
            handler = handlers.get(token.kind)
            if handler is None:
                self.clause.unknown.append(token)
                self.gap.add("unknown")
            else:
                handler(self, at, token)
        self._finish()
        return self.clause

    # --- places ---------------------------------------------------------------------------------------

    def place(self, at: int, token: Token) -> None:
        place: Place = token.value
        if at and self.tokens[at - 1].kind == "counts to" and self.current is not None:
            self.current.counts_to = place.region
            self.current.cover(token)
            return
        start = self.lead_start if self.waiting.lead is not None and self.lead_start >= 0 else token.start
        anchor = Anchor(place, self._lead_side(), start, token.end, token.fixed, token.text)
        anchor.leads = anchor.side is not None
        self._same_side(at, anchor)
        if self._only_locates(at, anchor):
            self._clear_gap()
            return
        if self._merges(anchor):
            self.current.cover(token) if self.current else None
            self._clear_gap()
            return
        self._take_header(anchor)
        self._take_neighbor(anchor)
        if self._is_target(at):
            self._target(anchor)
        following = self.tokens[at + 1].kind if at + 1 < len(self.tokens) else ""
        if self.run and self.current is not None and following == "technique" and not self.waiting.said:
            self._open_group()
        if not anchor.target and self._after_technique():
            self._open_group()
        joined = self.current is not None and not self._waiting_said() and self._coordinates(at, place)
        if not joined:
            if self.negation_used and not self.waiting.said:
                self.negated = False
            self._open_group()
        group = self.current
        assert group is not None  # noqa: S101  # _open_group sets it
        if (
            joined
            and anchor.side is None
            and place.type not in ("segment", "region")
            and "article" not in self.gap
        ):
            before = group.anchors[-1]
            if before.leads:
                anchor.side, anchor.lent, anchor.leads = before.side, True, True
        if joined and group.spread is not None and place.level is None:
            anchor.place = Place(group.spread.level, place.region, group.spread.type)
        group.add(anchor)
        group.cover(token)
        if token.text[:1].isdigit() and place.type not in ("segment", "rib"):
            group.detail = token.text
        anchor.listed = joined and "comma" in self.gap
        if self.negated and not self.negation_used and place.type == "point":
            group.result, group.said, self.negation_used = "negative", True, True
        if not joined and group.lead is not None and anchor.side is None:
            anchor.side = group.lead
        self._clear_gap()
        self.verb_since = False

    def _take_header(self, anchor: Anchor) -> None:
        """What a place has from its header: the side, and the level or region that a word such as `PVM` lacks."""
        header = self.header
        if header is None:
            return
        if anchor.side is None and anchor.place.region in (header.place.region, None):
            anchor.side = header.side
        if (
            anchor.place.region is None
            and anchor.place.type not in ("point", "test")
            and self.current is None
        ):
            if header.place.type == "segment":
                anchor.place = header.place
            else:
                anchor.place = Place(anchor.place.level, header.place.region, anchor.place.type)

    def _take_neighbor(self, anchor: Anchor) -> None:
        """`T7 ERSL, PVM ropy L`: a word without a region is of the region just spoken of; a place named again keeps its side."""
        held = self.current
        if held is None or not held.anchors:
            return
        before = held.anchors[-1]
        if anchor.place.region is None and anchor.place.type not in ("point", "test") and "comma" in self.gap:
            if held.said and before.place.region in _SPINAL:
                anchor.place = Place(anchor.place.level, before.place.region, anchor.place.type)
        elif anchor.side is None and anchor.place.level is not None and anchor.place.level == before.place.level:
            anchor.side = before.side or held.side

    def _same_side(self, at: int, anchor: Anchor) -> None:
        """`dorsiflexion of that ankle`, `on the left, where the ILA …`: the side said just before holds."""
        before = self.tokens[max(0, at - 2) : at]
        if anchor.side is not None or not any(
            t.kind == "where" or t.text.lower() in ("that", "same", "its") for t in before
        ):
            return
        held = self.current or self.carried
        if held is not None and held.anchors:
            anchor.side = held.side or held.anchors[-1].side
            anchor.leads = anchor.side is not None

    def _after_technique(self) -> bool:
        """`thoracic inlet MFR, SI artic`: a place after a technique that was not given to it starts afresh."""
        group, technique = self.current, self.last_technique
        if group is None or technique is None or self.waiting.said or not group.anchors:
            return False
        return technique.token.start >= group.anchors[-1].end

    def _lead_side(self) -> Side | None:
        side = self.waiting.lead
        self.waiting.lead = None
        return side

    def _waiting_said(self) -> bool:
        return self.waiting.said

    def _only_locates(self, at: int, anchor: Anchor) -> bool:
        """`AL1 tender, medial to ASIS`: the second place only tells where the point lies."""
        group = self.current
        place = anchor.place
        if group is None or self.waiting.said:
            return False
        if (
            at
            and self.tokens[at - 1].text.lower() == "same"
            and "of" in self.gap
            and place.region in group.regions()
        ):
            held = self.clause.groups[-2] if len(self.clause.groups) > 1 else self.carried
            if held is not None and held.anchors:
                group.anchors[-1].side = group.anchors[-1].side or held.side or held.anchors[-1].side
            return True
        if group.is_point and "open" in self.gap:
            return True
        if (
            group.is_point
            and not self.gap & {"comma", "and"}
            and (self.gap & {"near", "of"} or self._unlocated(group))
        ):
            self._locate_chapman(group, anchor)
            return True
        located = group.said or self.gap & {"near", "of"}
        if group.is_test and place.type != "test" and not self.gap & {"comma", "and"} and located:
            last = group.anchors[-1]
            last.side = last.side or anchor.side
            return True
        if self._lies_by(group, anchor):
            return True
        if place.type == "segment" and self.tokens[at - 1].text.lower() == "on" and group.motion is not None:
            return True
        return False

    def _lies_by(self, group: Group, anchor: Anchor) -> bool:
        """`the clavicle was superior at the sternum`, `tight in both feet`: the place only says where, or gives its side."""
        place = anchor.place
        last = group.anchors[-1] if group.anchors else None
        if (
            last is None
            or last.place.level is None
            or not self.gap & {"near", "of"}
            or self.gap & {"comma", "and", "unknown"}
        ):
            return False
        if group.floating or last.place.type == "segment" or place.region is None:
            return False
        if place.type in ("region", "area") and not group.said:
            return True
        if not group.said_after:
            return False
        if (
            "of" in self.gap
            and place.region is last.place.region
            and anchor.side is not None
            and last.side is None
        ):
            last.side = anchor.side
            return True
        if "near" not in self.gap or place.type in ("segment", "rib"):
            return False
        return place.region is not last.place.region or bool(group.patterns)

    def _unlocated(self, group: Group) -> bool:
        return len(group.anchors) == 1 and group.anchors[0].place.region is None

    def _locate_chapman(self, group: Group, anchor: Anchor) -> None:
        """A Chapman point takes region and side from the place it lies by."""
        last = group.anchors[-1]
        if last.place.region is not None or anchor.place.region is None:
            return
        last.place = Place(last.place.level, anchor.place.region, last.place.type)
        last.side = last.side or anchor.side
        if anchor.word[:1].isdigit():
            group.detail = anchor.word

    def _is_chapman_at(self, group: Group, anchor: Anchor) -> bool:
        """`R 2nd ICS Chapman`: the place before the point is where it lies."""
        last = group.anchors[-1]
        if anchor.place.type != "point" or anchor.place.region is not None or group.said or self.gap:
            return False
        if last.place.region is None or last.place.type == "point":
            return False
        last.place = Place(anchor.place.level, last.place.region, "point")
        last.end = anchor.end
        group.is_point = True
        return True

    def _merges(self, anchor: Anchor) -> bool:
        """`cervical paraspinals`, `right paraspinals tender at L3`, `tender by the fibular head`: two names, one place."""
        group = self.current
        if (
            group is None
            or not group.anchors
            or self.waiting.said
            or "comma" in self.gap
            or "break" in self.gap
        ):
            return False
        place = anchor.place
        last = group.anchors[-1]
        if self._is_chapman_at(group, anchor):
            return True
        if (
            last.place.type == "segment"
            and place.level is None
            and place.region is last.place.region
            and not self.gap & {"and"}
        ):
            return True
        if (
            place.level is not None
            and place.level.name == "sacral sulcus"
            and _at_occiput(last.place)
            and "comma" not in self.gap
        ):
            group.sulcus = True
            last.side = last.side or anchor.side
            return True
        if place.region is None and place.type not in ("point", "test"):
            return self._floats_onto(group, anchor)
        if (
            group.floating
            and not self.gap & {"and", "plus"}
            and self.gap & {"of", "near"} | ({""} if not self.gap else set())
        ):
            self._take_level(last, anchor)
            return True
        if last.place.type == "region" and place.type not in ("test", "region") and not self.gap:
            return self._narrows(last, anchor)
        return self._more_exact(group, last, anchor)

    def _floats_onto(self, group: Group, anchor: Anchor) -> bool:
        if group.said and self.gap:
            return False
        last = group.anchors[-1]
        if (
            last.place.level is not None
            and last.place.type not in ("segment", "area", "rib")
            and not self.gap
        ):
            return True
        if self.gap & {"and", "plus", "comma"}:
            return False
        process = anchor.place.level is not None and anchor.place.level.name == "transverse process"
        done = False
        for last in group.anchors:
            if last.place.type in ("segment", "area"):
                done = True
            elif last.place.level is None and last.place.region is not None:
                if not process and last.place.region in _SPINAL:
                    last.place = Place(anchor.place.level, last.place.region, anchor.place.type)
                done = True
            last.end = anchor.end
            last.side = last.side or anchor.side
        group.process = group.process or process
        return done

    def _take_level(self, last: Anchor, anchor: Anchor) -> None:
        name = last.place.level.name if last.place.level else ""
        if name == "transverse process" and self.current is not None:
            self.current.process = True
        if anchor.place.level is None:
            if self.current is not None:
                self.current.spread = last.place
            last.place = Place(last.place.level, anchor.place.region, last.place.type)
        else:
            last.place = anchor.place
        last.side = last.side or anchor.side
        last.end = anchor.end

    def _narrows(self, last: Anchor, anchor: Anchor) -> bool:
        """`lumbar psoas`: the region before a structure only says where it is."""
        if anchor.place.region is not last.place.region:
            return False
        last.place = anchor.place
        last.side = anchor.side or last.side
        last.end = anchor.end
        return True

    def _more_exact(self, group: Group, last: Anchor, anchor: Anchor) -> bool:
        if (
            not group.said
            or "near" not in self.gap
            or group.motion
            or group.patterns
            or anchor.place.type in ("region", "segment", "rib")
        ):
            return False
        if anchor.place.region is not last.place.region or len(group.anchors) != 1 or group.result:
            return False
        if last.place.type in ("segment", "rib"):
            return False
        last.place = anchor.place
        last.side = anchor.side or last.side
        last.end = anchor.end
        return True

    def _coordinates(self, at: int, place: Place) -> bool:
        """Whether a place joins the group before it instead of opening a new one."""
        group = self.current
        if group is None or group.header or not group.anchors:
            return False
        if (place.type == "test") != group.is_test or (place.type == "point" and "comma" in self.gap):
            return False
        if group.said:
            return self._joins_described(group, at)
        apart = self.gap & {"unknown", "with", "near", "minus", "arrow"}
        return bool(self.gap & {"and", "comma", "slash"}) and not apart and not self.verb_since

    def _joins_described(self, group: Group, at: int) -> bool:
        """`hypertonic QL and psoas`: what was said came first, and nothing is said of the second place alone."""
        if (
            group.said_after
            or not self.gap & {"and", "comma", "slash", "of"}
            or not self.gap <= {"and", "comma", "of", "slash", "article"}
        ):
            return False
        return not self._said_after(at)

    def _said_after(self, at: int) -> bool:
        for token in self.tokens[at + 1 : at + 9]:
            if token.kind in _ATTRIBUTES or token.kind == "negation":
                return True
            if token.kind not in (
                "side",
                "filler",
                "severity",
                "verb",
                "same side",
                "other side",
                "near",
                "of",
                "and",
            ):
                return False
        return False

    def _open_group(self) -> None:
        group = self.waiting
        self.waiting = Group()
        self.current = group
        self.clause.groups.append(group)

    # --- attributes -----------------------------------------------------------------------------------

    def attribute(self, at: int, token: Token) -> None:
        if self.neuro and token.kind in ("normal", "free", "even"):
            return
        if self._is_complaint(at, token) or self._is_torsion_of_pair(token):
            return
        group = self._owner(at, token)
        if group is None:
            return
        _APPLY[token.kind](self, group, token, at)
        self.negation_used = self.negation_used or self.negated
        group.said = True
        group.said_after = bool(group.anchors)
        group.tokens.append(token)
        group.cover(token)
        if token.kind not in ("severity",):
            self._after_attribute()

    def _is_torsion_of_pair(self, token: Token) -> bool:
        """`torsion, L/L`: the two sides already say that it is a torsion."""
        torsion = token.kind == "pattern" and token.value.id == "torsion"
        return torsion and any(t.kind == "pair" for t in self.tokens)

    def _is_complaint(self, at: int, token: Token) -> bool:
        """`pain and stiffness fell`: a word that is also a complaint, with no place to belong to."""
        if self._complaint_changed(at, token) or self._of_something_else(at, token):
            return True
        if token.kind != "tart" or token.text.lower() not in lexicon().complaints:
            return False
        felt = any(t.text.lower() in _PRESSED for t in self.tokens)
        if self.run or self.clause.answers or (token.text.lower() == "pain" and not felt):
            self.clause.complaint = True
            return True
        lessened = any(t.kind in ("lessened", "response") for t in self.tokens[at + 1 : at + 5])
        if lessened or (self.current is None and self.header is None and not self._place_ahead(at)):
            self.clause.complaint = True
            return True
        return False

    def _complaint_changed(self, at: int, token: Token) -> bool:
        """`reflux decreased`, `headache scores dropped`: less of a complaint is a response, not a restriction."""
        restriction = token.kind == "tart" and token.value is Tart.RESTRICTION
        if not restriction and not (
            token.kind == "pattern" and token.value.id in ("dropped", "inferior", "superior")
        ):
            return False
        if self.current is not None and not self.run and not self.clause.treating:
            return False
        for before in reversed(self.tokens[max(0, at - 4) : at]):
            if before.kind in ("place", "movement", "motion"):
                return False
            low = before.text.lower()
            if before.kind == "complaint" or low in _ACHES:
                self.clause.answers.append(Answer(Response.IMPROVED, token, gated=True))
                return True
        return False

    def _of_something_else(self, at: int, token: Token) -> bool:
        """`the blocked ear`: the word describes something the vocabulary does not know."""
        if token.kind != "tart" or not self.run or at + 1 >= len(self.tokens) or not at:
            return False
        return self.tokens[at + 1].kind == "unknown" and self.tokens[at - 1].kind in ("filler", "of")

    def _after_attribute(self) -> None:
        self.gap.discard("and")
        self.gap = set()

    def _owner(self, at: int, token: Token) -> Group | None:
        """The group an attribute belongs to: the one before it, or the one still to come."""
        ahead = self._place_ahead(at)
        current = self.current
        if token.kind == "pair":
            return self._sacrum(at, token)
        if (
            token.kind == "pattern"
            and not self._place_directly(at)
            and not self._near_place_ahead(at)
            and not self.waiting.said
            and self._stands_alone(token, at)
        ):
            return self._back_reference(token)
        if current is None:
            if ahead:
                return self.waiting
            return self._back_reference(token)
        if (
            not ahead
            and (current.said or current.is_point)
            and self.gap & {"and", "comma"}
            and self._place_linked(at)
        ):
            return self.waiting
        if not ahead:
            return current if not self.waiting.said else self.waiting
        if self.waiting.said:
            return self.waiting
        if current.is_point and "near" in self.gap and self._near_place_ahead(at):
            return None
        noun = at > 0 and self.tokens[at - 1].text.lower() in ("a", "an", "the", "some")
        if (
            not current.said
            and noun
            and token.kind in ("pattern", "tart")
            and self._place_directly(at)
            and not current.is_test
        ):
            return self.waiting
        if self.verb_since and "comma" not in self.gap and "and" not in self.gap:
            return current
        if self.gap & {"comma", "and", "with", "plus", "colon", "minus", "near", "slash", "unknown", "arrow"}:
            return (
                self.waiting
                if current.said or "and" in self.gap or "comma" in self.gap or "near" in self.gap
                else current
            )
        return self.waiting if current.said and not current.header and self._pre_style(current) else current

    def _place_directly(self, at: int) -> bool:
        """Whether "of" and a place follow: `a myofascial strain of the right semitendinosus`."""
        linked = False
        for token in self.tokens[at + 1 : at + 6]:
            if token.kind == "place":
                return linked
            if token.kind == "of":
                linked = True
            elif token.kind not in ("filler", "side") or (token.kind == "side" and not linked):
                return False
        return False

    def _sacrum(self, at: int, token: Token) -> Group:
        """Two sides such as `L on R` are of the sacrum, named or not."""
        for following in self.tokens[at + 1 : at + 4]:
            if (
                following.kind == "place"
                and following.value.region is Region.SACRAL
                and following.value.type != "test"
            ):
                return self.waiting
        group = self.current
        if (
            group is not None
            and Region.SACRAL in group.regions()
            and group.pair is None
            and not group.is_test
        ):
            return group
        self._open_group()
        assert self.current is not None  # noqa: S101
        place = lexicon().places["sacrum"]
        self.current.add(Anchor(place, None, token.start, token.end))
        return self.current

    def _stands_alone(self, token: Token, at: int) -> bool:
        """`medial flare, ASIS medial`: a pattern that names its own bone, cut off from the place that follows."""
        entry: PatternEntry = token.value
        for ahead in self.tokens[at + 1 : at + 7]:
            if ahead.kind == "place":
                if self._fits(entry, Group(anchors=[Anchor(ahead.value, None, 0, 0)])):
                    return False
                break
            if ahead.kind in ("comma", "verb", "with"):
                break
        if not entry.structures and entry.implies is None:
            return False
        if self.current is not None and self.current.anchors:
            return entry.implies is not None and not self._fits(entry, self.current)
        if self.header is not None:
            return bool(entry.structures) and self._fits(entry, Group(anchors=[self.header]))
        return entry.implies is not None

    def _fits(self, entry: PatternEntry, group: Group) -> bool:
        """Whether a pattern can stand at one of the group's places, so that it needs no place of its own."""
        if group.pair is not None:
            return True
        places = lexicon().places
        regions = {places[s].region for s in entry.structures if s in places}
        if not entry.structures and entry.implies is not None:
            regions = {entry.implies.region}
        for anchor in group.anchors:
            name = anchor.place.level.name if anchor.place.level is not None else None
            if name in entry.structures or (anchor.place.type == "rib" and "rib" in entry.structures):
                return True
            if name in _LOOSE and anchor.place.region in regions:
                return True
        return False

    def _pre_style(self, group: Group) -> bool:
        return bool(group.anchors) and group.start < group.anchors[0].start

    def _back_reference(self, token: Token) -> Group | None:
        """The place meant by words that name none: the header's, the one a pattern implies, or the one carried over."""
        place = self._implied(token)
        if place is not None:
            self._open_group()
            assert self.current is not None  # noqa: S101  # just opened
            implied = Anchor(place, self.current.lead, token.start, token.end)
            self._take_header(implied)
            self.current.add(implied)
            return self.current
        if self.header is not None:
            self._open_group()
            if self.current is not None:
                side = self.current.lead or self.header.side
                self.current.add(Anchor(self.header.place, side, token.start, token.end))
            return self.current
        return self.waiting

    def _implied(self, token: Token) -> Place | None:
        if token.kind != "pattern":
            return None
        entry: PatternEntry = token.value
        if entry.id == "torsion" and any(t.kind == "axis" for t in self.tokens):
            return lexicon().places["sacrum"]
        if self.header is not None and self._fits(entry, Group(anchors=[self.header])):
            return None
        return entry.implies

    def _place_ahead(self, at: int) -> bool:
        """Whether a place follows with nothing between but words that can stand before it."""
        of = False
        for ahead, token in enumerate(self.tokens[at + 1 : at + 1 + _LOOK], at + 1):
            kind = token.kind
            if kind == "place":
                return True
            if kind == "of" and not of:
                of = True
                continue
            if kind == "and" or (kind == "comma" and self.current is None):
                continue
            if kind == "verb" and self.gap & {"comma", "and"} and self._place_after_verb(ahead):
                return True
            if kind == "verb" and self.current is None:
                continue
            if kind == "near" and self.current is None:
                continue
            if kind not in _SKIPPED_AHEAD or (kind == "unknown" and self.current is not None):
                return False
        return False

    def _place_after_verb(self, at: int) -> bool:
        """`…, and flexion was reduced in both hips`: a new subject whose place comes after its verb."""
        linked = False
        for token in self.tokens[at + 1 : at + 7]:
            if token.kind == "place":
                return linked
            if token.kind in ("of", "near"):
                linked = True
            elif token.kind not in ("tart", "severity", "filler", "side", "verb"):
                return False
        return False

    def _place_linked(self, at: int) -> bool:
        """`…, and texture is changed from T10 to L1`: a place of its own follows "from", "at" or "of"."""
        for ahead, token in enumerate(self.tokens[at + 1 : at + 5]):
            if token.kind == "place":
                return ahead > 0 and token.value.region is not None
            if (ahead == 0) != (token.kind in ("near", "of")) or (
                ahead and token.kind not in ("filler", "side")
            ):
                return False
        return False

    def _near_place_ahead(self, at: int) -> bool:
        """As `_place_ahead`, but with no separator at all between."""
        for token in self.tokens[at + 1 : at + 1 + _LOOK]:
            if token.kind == "place":
                return True
            if token.kind not in _SKIPPED_AHEAD or token.kind in ("side", "negation", "motion"):
                return False
        return False

    # --- single kinds ---------------------------------------------------------------------------------

    def side(self, at: int, token: Token) -> None:
        side: Side = token.value
        if self.compared or self._compares(at, token) or self._both_apply(at, token):
            return
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if following is not None and following.kind == "pattern":
            if following.value.sided:
                self.pattern_side = side
                return
            if self._other_side(side):
                assert self.current is not None  # noqa: S101  # _other_side saw it
                again = _again(self, self.current)
                again.side = side
                again.cover(token)
                return
            if (
                self.current is not None
                and following.value.implies
                and not self._fits(following.value, self.current)
            ):
                self.waiting.lead, self.lead_start = side, token.start
                return
        if following is not None and following.text.lower() in ("one", "ones") and self.current is not None and self.current.said:
            _again(self, self.current).side = side
            return
        leads = self._near_place_ahead(at) or (self.current is None and self._leads_sentence(at))
        if leads and not (self.current is not None and self._belongs_back(at)):
            self.waiting.lead, self.lead_start = side, token.start
            return
        if self.share_next or (at and self.tokens[at - 1].text.lower() == "all"):
            self.share_next = False
            self._share_all(side)
            return
        group = self.current if not self.waiting.said else self.waiting
        if group is None:
            self.waiting.lead, self.lead_start = side, token.start
            self.waiting.side = side
            return
        self._give_side(group, side, token, at)

    def _other_side(self, side: Side) -> bool:
        """`R ant innom / L upslip`: the same structure again, on the other side."""
        group = self.current
        if group is None or not group.said or group.header or not self.gap & {"comma", "and", "slash"}:
            return False
        own = group.side or (group.anchors[-1].side if group.anchors else None)
        return own is side.opposite and side is not Side.BILATERAL

    def _both_apply(self, at: int, token: Token) -> bool:
        """`both on the left`, `ASIS and PSIS both high`: "both" counts the places, it is not a side."""
        if token.text.lower() != "both":
            return False
        if any(t.kind == "side" for t in self.tokens[at + 1 : at + 4]):
            self.share_next = True
            return True
        group = self.current
        return group is not None and len(group.anchors) == 2 and not self._near_place_ahead(at)  # noqa: PLR2004

    def _belongs_back(self, at: int) -> bool:
        """`L ASIS inf R ...`: a side right after a place or attribute and followed by a separator belongs back."""
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return following is not None and following.kind in ("comma", "break", "close")

    def _leads_sentence(self, at: int) -> bool:
        """`On the right, the second rib …`: a side that opens the sentence."""
        return any(token.kind == "place" for token in self.tokens[at + 1 : at + 6])

    def _compares(self, at: int, token: Token) -> bool:
        """`L>R`: both sides, one worse. The words are kept as the finding's detail."""
        follows = self.tokens[at + 1 : at + 3]
        if len(follows) == 2 and follows[0].kind == "compare" and follows[1].kind == "side":
            group = self.current or self.waiting
            group.side = Side.BILATERAL
            group.detail = f"{token.text}{follows[0].text}{follows[1].text}"
            group.cover(follows[1])
            follows[1].kind = "filler"
            return True
        return False

    def _give_side(self, group: Group, side: Side, token: Token, at: int) -> None:
        group.cover(token)
        self.gap -= {"near", "of", "article"}
        movement = self._moved(group)
        bare = [a for a in group.anchors if a.side is None or a.lent]
        if len(bare) < len(group.anchors) and not group.said_after:
            bare = bare[-1:]
        if movement and (not bare or group.direction is None) and self._directs(at):
            group.direction = side
            return
        if side is Side.BILATERAL and self.verb_since and not group.said_after and len(group.anchors) == 2:  # noqa: PLR2004
            return
        if group.side is None and bare:
            if len(bare) == len(group.anchors) and group.said_after:
                group.side = side
            for anchor in bare:
                anchor.side, anchor.lent = side, False
            self._share_back(group, side)
            return
        if group.side is None and not group.anchors:
            group.side = side
            group.lead = side
            return
        self._second_side(group, side, token)

    def _share_all(self, side: Side) -> None:
        """`…, all R`: the side holds for every place of the clause that has none."""
        for group in self.clause.groups:
            if group.side is None and group.motion is None:
                for anchor in group.anchors:
                    anchor.side = anchor.side or side

    def _share_back(self, group: Group, side: Side) -> None:
        """`tibias ER + ant fibular heads B/L`: both sides said once at the end of a list hold for the list."""
        if side is not Side.BILATERAL or len(self.clause.groups) < 2 or not set(group.regions()) <= _LIMBS:
            return
        before = self.clause.groups[-2]
        if (
            before.side is None
            and all(a.side is None for a in before.anchors)
            and before.regions() == group.regions()
        ):
            before.side = side

    def _second_side(self, group: Group, side: Side, token: Token) -> None:
        """`sulcus deep L, shallow R`: the same place again, on the other side."""
        if group.side is side or all(a.side is side for a in group.anchors):
            return
        if "and" in self.gap and not self.gap & {"verb"} and self._both(group, side):
            return
        group.detail = group.detail or f"side also written: {token.text}"

    def _both(self, group: Group, side: Side) -> bool:
        own = group.side or (group.anchors[-1].side if group.anchors else None)
        if own is None or own is side or own is Side.BILATERAL:
            return False
        group.side = Side.BILATERAL
        for anchor in group.anchors:
            anchor.side = None
        return True

    def _moved(self, group: Group) -> bool:
        return Tart.RESTRICTION in group.tart or any(p.id in _MOVING for p, _ in group.patterns)

    def _directs(self, at: int) -> bool:
        """Whether a side tells where a movement goes (`turning to the left`), not where the structure is."""
        return at > 0 and self.tokens[at - 1].kind == "movement"

    def negation(self, at: int, token: Token) -> None:
        if self._will_not_move(at, token):
            return
        if token.text.lower() == "nor":
            self.gap.add("and")
        self.negated = True
        self.negation_used = False

    def _will_not_move(self, at: int, token: Token) -> bool:
        """`does not come down`, `could not fully dorsiflex`: a movement that does not happen is restricted."""
        for following in self.tokens[at + 1 : at + 4]:
            low = following.text.lower()
            moving = following.kind == "pattern" and following.value.id in _MOVING
            turning = following.kind in ("movement", "motion") and low.split()[0] in _TURNING
            if moving or turning or low in _GOING_VERBS:
                beyond = any(t.kind == "place" for t in self.tokens[at + 2 : at + 6]) and self.gap & {
                    "comma",
                    "and",
                }
                self._restrict(self.waiting if beyond else self.current or self.waiting, token)
                self.blocked = True
                if moving:
                    following.kind = "filler"
                return True
            if following.kind not in ("filler", "unknown", "severity", "verb"):
                return False
        return False

    def _restrict(self, group: Group, token: Token) -> None:
        if Tart.RESTRICTION not in group.tart:
            group.tart.append(Tart.RESTRICTION)
        group.said = True
        group.said_after = bool(group.anchors)
        group.cover(token)

    def separator(self, at: int, token: Token) -> None:
        self.gap.add(token.kind)
        if token.kind == "comma":
            self.verb_since = False
            self.compared = self.conditional = False
            following = self.tokens[at + 1].kind if at + 1 < len(self.tokens) else ""
            if self.negation_used and following not in ("tart", "and", "pattern", "negation"):
                self.negated = False
        elif token.kind in ("with", "minus", "arrow", "colon"):
            self.negated = False
        elif token.kind == "and":
            self.compared = False

    def verb(self, at: int, token: Token) -> None:
        del at, token
        self.verb_since = True

    def same_side(self, at: int, token: Token) -> None:
        groups = [g for g in (self.current, *reversed(self.clause.groups), self.carried) if g is not None]
        sides = [
            s for g in groups for s in (g.side, *(a.side for a in g.anchors)) if s in (Side.LEFT, Side.RIGHT)
        ]
        if not sides or self.current is None:
            return
        side = sides[0].opposite if token.kind == "other side" else sides[0]
        if self._near_place_ahead(at):
            self.waiting.lead, self.lead_start = side, token.start
            return
        self._give_side(self.current, side, token, at)

    def neurology(self, at: int, token: Token) -> None:
        """Reflexes, strength and sensation are no findings of touch."""
        del at, token
        self.neuro = True
        self.gap.add("unknown")

    def than(self, at: int, token: Token) -> None:
        del at, token
        self.compared = True

    def condition(self, at: int, token: Token) -> None:
        del at, token
        self.conditional = True

    def instead_of(self, at: int, token: Token) -> None:
        del at, token
        self.instead = True

    def rises(self, at: int, token: Token) -> None:
        """`the right PSIS rises first`: a positive flexion test, seated when the words say so."""
        del at
        group = self.current
        level = group.anchors[-1].place.level if group is not None and group.anchors else None
        if group is None or level is None or level.name != "PSIS":
            return
        words = {t.text.lower().split()[0] for t in self.tokens}
        name = "seated flexion test" if words & {"seated", "sitting"} else "standing flexion test"
        group.anchors[-1].place = lexicon().places[name]
        group.is_test = True
        group.result, group.said = "positive", True
        group.cover(token)

    def where(self, at: int, token: Token) -> None:
        del at, token
        self.gap.add("comma")

    def lessened(self, at: int, token: Token) -> None:
        """`pain fell`: a complaint that grew less or more is a response; `less internal rotation` is a restriction."""
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        moving = following is not None and (
            following.kind in ("movement", "motion") or (following.kind == "pattern" and following.value.id in _MOVING)
        )
        if moving and self.current is not None and token.value is Response.IMPROVED:
            self._restrict(self.current, token)
            return
        before = self.tokens[max(0, at - 6) : at]
        known = lexicon().complaints
        if any(t.text.lower() in known for t in before) or any(
            t.text.lower() in known for t in self.tokens[at + 1 : at + 4]
        ):
            self.clause.answers.append(Answer(token.value, token, gated=True))

    def filler(self, at: int, token: Token) -> None:
        del at
        if token.text.lower() in ("the", "a", "an"):
            self.gap.add("article")
        if token.text.lower() in ("all", "multiple", "everywhere"):
            self.clause.everywhere = True

    def treating(self, at: int, token: Token) -> None:
        self.clause.treating = True
        released = (
            token.text.lower() in ("release", "released") and at and self.tokens[at - 1].kind == "place"
        )
        if released and self.current is not None:
            self.technique(
                at, Token("technique", TechniqueEntry("other", None), token.start, token.end, token.text)
            )
        self.instructed = True

    def complaint(self, at: int, token: Token) -> None:
        del at, token
        self.clause.complaint = True
        self.gap.add("unknown")

    def avoided(self, at: int, token: Token) -> None:
        del at, token
        self.clause.avoided = True

    def history(self, at: int, token: Token) -> None:
        del at, token
        self.clause.history = True

    def unknown(self, at: int, token: Token) -> None:
        low = token.value if isinstance(token.value, str) else ""
        if low in ("tp", "tps"):
            self._tp(at, token)
            return
        if low in ("ptp", "ptps"):
            self._posterior_process(at, token)
            return
        self.clause.unknown.append(token)
        self.gap.add("unknown")

    def _posterior_process(self, at: int, token: Token) -> None:
        """PTP: a posterior transverse process."""
        group = self.waiting if self._place_ahead(at) else self.current
        if group is None:
            return
        group.process = group.said = True
        group.patterns.append((_POSTERIOR, False))
        group.cover(token)

    def _join_points(self) -> None:
        """`PL3, LPL5 TPs R`: the plural speaks of every point of the list."""
        groups = self.clause.groups
        while len(groups) > 1 and groups[-2].is_point and not groups[-2].said and groups[-1].is_point:
            groups[-1].anchors[:0] = groups[-2].anchors
            del groups[-2]

    def _tp(self, at: int, token: Token) -> None:
        """TP: a transverse process beside a vertebra that lies posterior, else a tender point."""
        group = self.current if not self._near_place_ahead(at) else None
        near = [t for t in self.tokens[max(0, at - 3) : at + 4] if t.kind == "pattern"]
        spinal = group is not None and any(a.place.type == "segment" for a in group.anchors)
        if spinal and any(t.value.id in ("posterior", "superior", "inferior", "anterior") for t in near):
            assert group is not None  # noqa: S101
            group.process = True
            group.cover(token)
            return
        if token.text.lower() == "tps":
            self._join_points()
        if group is None:
            group = self.waiting if self._near_place_ahead(at) else self.current or self.waiting
        group.patterns.append((_TENDERPOINT, False))
        group.is_point = True
        group.said = True
        group.cover(token)
        self._after_attribute()

    # --- treatment and response -----------------------------------------------------------------------

    def technique(self, at: int, token: Token) -> None:
        del at
        if self.instead:
            self.instead = False
            return
        entry: TechniqueEntry = token.value
        before = self._treated_before()
        last = self.last_technique
        if not self.run_open or last is None or last.targets or last.group is not before:
            self.run += 1
        if (
            entry.id == "other"
            and before is not None
            and before.anchors
            and _at_occiput(before.anchors[-1].place)
        ):
            entry = TechniqueEntry("cranial", Region.HEAD)
        technique = Technique(entry, token, self.run, group=before)
        self.clause.techniques.append(technique)
        self.last_technique = technique
        self.run_open = True
        self.instructed = True
        self._clear_gap()

    def _treated_before(self) -> Group | None:
        if self.waiting.said and not self.waiting.anchors:
            return None
        return self.current

    def _is_target(self, at: int) -> bool:
        """Whether a place is what the technique before it was given to."""
        if not self.run_open or self.last_technique is None or self.waiting.said or self.gap & {"unknown"}:
            return False
        following = self.tokens[at + 1].kind if at + 1 < len(self.tokens) else ""
        if not self.gap & {"comma", "and"}:
            return True
        if "comma" not in self.gap:
            return following != "technique"
        return bool(self.last_technique.targets) and following != "technique"

    def _target(self, anchor: Anchor) -> None:
        for technique in self.clause.techniques:
            if technique.run == self.run:
                technique.targets.append(anchor)
            if technique.run == self.run and technique.entry.id == "other" and _at_occiput(anchor.place):
                technique.entry = TechniqueEntry("cranial", Region.HEAD)
        anchor.target = True
        if (
            self.current is not None
            and self.current.anchors
            and not self.current.said
            and self.gap & {"of", "near"}
        ):
            return
        if self.current is not None and self.current.said:
            self._open_group()

    def score(self, at: int, token: Token) -> None:
        """`8→2/10`: of a tender point, its pain before and after; else how a complaint changed."""
        del at
        numbers = [int(n) for n in "".join(c if c.isdigit() else " " for c in token.text).split()]
        tenths = token.text.replace(" ", "")[:5].count("/10") and len(numbers) > 2  # noqa: PLR2004  # `6/10 -> 0`
        before, after = numbers[0], numbers[2] if tenths else numbers[1]
        if before > _WORST_PAIN or after > _WORST_PAIN:
            if self.run and after != before:
                response = Response.IMPROVED if after > before else Response.WORSE
                self.clause.answers.append(Answer(response, token, gated=True))
            return
        group = self.current
        if group is not None and group.is_point:
            group.pain = (before, after)
            group.cover(token)
        response = (
            Response.IMPROVED if after < before else Response.WORSE if after > before else Response.UNCHANGED
        )
        response = Response.RESOLVED if after == 0 < before else response
        self.scored = Answer(response, token, gated=True)

    def keep(self, at: int, token: Token) -> None:
        """A word that belongs to the finding and has no field of its own (`PH`)."""
        del at
        group = self.current or self.waiting
        group.detail = group.detail or token.text
        group.cover(token)

    def fraction(self, at: int, token: Token) -> None:
        """`8/10 … 1/10`: pain before and after, when treatment stands between."""
        del at
        top, bottom = (int(n) for n in token.text.replace(" ", "").split("/"))
        if bottom == 3 and top <= 3 and self.current is not None:  # noqa: PLR2004  # severity is 0 to 3
            self.current.severity, self.current.graded, self.current.said = top, True, True
            self.current.cover(token)
        if bottom != _WORST_PAIN or top > _WORST_PAIN:
            return
        if self.first_score is None:
            self.first_score = top
        elif self.run and not self.clause.answers:
            self.score(0, Token("score", token.value, token.start, token.end, f"{self.first_score}->{top}"))

    def response(self, at: int, token: Token) -> None:
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        low = token.text.lower()
        compared = (
            low in _COMPARATIVES
            and following is not None
            and (
                following.kind in ("near", "with", "side", "compare")
                or following.text.lower() in ("than", "when", "in", "on", "at", "as", "so", "most")
            )
        )
        if compared:
            self.conditional = True
            return
        groups = [self.current] if self.current is not None else []
        if token.value is Response.RESOLVED and any(
            t.text.lower() in _NEARLY for t in self.tokens[max(0, at - 3) : at]
        ):
            token.value = Response.IMPROVED
        self.clause.answers.append(Answer(token.value, token, gated=low in _COMPARATIVES, groups=groups))

    def _counterstrain(self) -> None:
        """`AC4 tp treated in slight extension`: treating a tender point by position is counterstrain."""
        if not self.clause.treating or self.clause.techniques:
            return
        for group in self.clause.groups:
            if group.is_point and group.position is not None and group.anchors:
                last = group.anchors[-1]
                token = Token("technique", None, last.start, group.end, "")
                self.clause.techniques.append(
                    Technique(TechniqueEntry("counterstrain", None), token, 1, group=group)
                )
                return

    def _share_results(self) -> None:
        """`standing flexion positive right, seated flexion left`: the result said first holds for the next test."""
        held = ""
        for group in self.clause.groups:
            if group.is_test:
                sided = group.side is not None or any(a.side is not None for a in group.anchors)
                group.result = group.result or (held if sided else "")
                held = group.result

    def _clear_gap(self) -> None:
        self.gap = set()
        self.negated = (self.negated and False) or self.negated

    def _finish(self) -> None:
        """What was said of no place in this clause belongs to the place before it, if it can."""
        self._share_results()
        if self.scored is not None and not self.clause.answers and (self.run or (self.clause.complaint and not self.clause.groups)):
            self.clause.answers.append(self.scored)
        self._counterstrain()
        waiting = self.waiting
        if not waiting.said or waiting.anchors:
            return
        apart = (
            self.carried is not None
            and self.carried.anchors
            and not all(a.place.type == "segment" for a in self.carried.anchors)
        )
        if self.carried is not None and apart and waiting.side is not None and not waiting.normal:
            waiting.anchors = [Anchor(a.place, None, a.start, a.end) for a in self.carried.anchors]
            self.clause.groups.append(waiting)
        elif self.carried is not None and not (waiting.normal or waiting.unexamined or waiting.absent):
            self.carried.absorb(waiting)
        else:
            self.clause.unknown.extend(waiting.tokens)


_NEARLY = frozenset({"almost", "nearly", "mostly", "largely", "partly", "partially", "near", "virtually"})
_GOING_VERBS = frozenset(
    {
        "come",
        "rise",
        "move",
        "drop",
        "fall",
        "lift",
        "descend",
        "follow",
        "go",
        "glide",
        "spring",
        "translate",
    }
)
_TURNING = frozenset({"turn", "rotate", "bend", "flex", "extend", "sidebend", "side"})
_COMPARATIVES = frozenset(
    {"worse", "better", "same", "partial", "ease", "fewer", "lighter", "was less", "helped"}
)
_MOVING = frozenset({"internal rotation", "external rotation", "abduction", "adduction", "dorsiflexion", "plantarflexion",
                     "inversion", "eversion", "supination", "pronation"})  # fmt: skip
_POSTERIOR = PatternEntry("posterior", (), None, False)
_TENDERPOINT = PatternEntry("tenderpoint", (), None, False)


# --- what each attribute does to its group -----------------------------------------------------------


def _tart(binder: Binder, group: Group, token: Token, at: int) -> None:
    into = group.absent if binder.negated else group.tart
    if token.value not in into:
        into.append(token.value)
    if token.value is Tart.RESTRICTION and not binder.negated:
        _note_restriction(binder, group, at)


def _note_restriction(binder: Binder, group: Group, at: int) -> None:
    """A restriction word right beside a motion makes the motion one that is restricted."""
    motion = group.motion
    if motion is not None and motion.named and not group.restricted_motion:
        group.restricted_motion = True
        group.motion = Motion(
            restricted(motion.motion), True, motion.coded, motion.shared, motion.doubt, motion.others
        )
    del binder, at


def _pattern(binder: Binder, group: Group, token: Token, at: int) -> None:
    entry: PatternEntry = token.value
    if group.is_point and entry.id in _LIES:
        return
    if binder.conditional or (token.text.lower() in _WAYS and not _at_landmark(group)):
        return
    if binder.negated:
        if entry.id in _LIES and _at_landmark(group):
            group.absent.append(Tart.ASYMMETRY)
        else:
            group.missing.append(entry)
        return
    turned = binder.blocked and entry.id in _BREATHS
    if turned:
        binder.blocked = False
    if entry.sided and binder.pattern_side is not None:
        group.side, binder.pattern_side = binder.pattern_side, None
        for anchor in group.anchors:
            anchor.side = None
    following = binder.tokens[at + 1] if at + 1 < len(binder.tokens) else None
    if following is not None and following.kind == "movement" and following.value.value == "movement":
        return
    if entry.id in _BREATHS and (turned or _breath_restricted(binder, at)):
        node = lexicon().root[_BREATHS[entry.id]]
        entry = node.meaning.value if node.meaning is not None else entry
        group.breath = True
    if (
        group.anchors
        and not group.header
        and group is binder.current
        and _second_mention(binder, group, entry)
    ):
        return
    before = binder.tokens[at - 1] if at else None
    if (
        before is not None
        and before.kind == "tart"
        and before.value is Tart.TENDERNESS
        and entry.id in _LIES
        and not _at_landmark(group)
    ):
        return
    noun = not token.text.lower().endswith("ed")
    if _second_name(binder, group, entry):
        side = None if any(p.sided for p, _ in group.patterns) else group.side or group.anchors[-1].side
        group = _again(binder, group)
        group.side = side
    group.patterns.append((entry, noun))
    if entry.id == "tenderpoint":
        group.is_point = True


_BREATHS = {"inhalation": "exhalation", "exhalation": "inhalation"}
"""A breath that is restricted is the opposite dysfunction."""
_WAYS = frozenset({"up", "down", "upward", "downward", "forward", "backward"})
_LIES = frozenset({"superior", "inferior", "anterior", "posterior", "medial", "lateral", "deep", "shallow"})


def _at_landmark(group: Group) -> bool:
    return any(a.place.type in ("bone", "landmark", "joint") for a in group.anchors)


def _second_name(binder: Binder, group: Group, entry: PatternEntry) -> bool:
    """`L inflare + L upslip`: a second dysfunction of the same place is a finding of its own."""
    if (
        not group.anchors
        or group is not binder.current
        or entry.id in _LIES
        or not binder.gap & {"and", "comma", "slash", "with"}
    ):
        return False
    turned = any(a.place.level is not None and a.place.level.name == "innominate" for a in group.anchors)
    return any(
        p.id != entry.id and entry.structures and (turned if p.id in _LIES else p.structures) for p, _ in group.patterns
    )


_OPPOSED = {frozenset(pair) for pair in (("deep", "shallow"), ("superior", "inferior"), ("anterior", "posterior"),
            ("medial", "lateral"), ("internal rotation", "external rotation"))}  # fmt: skip


def _second_mention(binder: Binder, group: Group, entry: PatternEntry) -> bool:
    """`sulcus deep L, shallow R`: the same place again with the opposite position."""
    held = {p.id for p, _ in group.patterns}
    if not any(frozenset((entry.id, other)) in _OPPOSED for other in held) or not binder.gap & {
        "comma",
        "and",
        "slash",
    }:
        return False
    _again(binder, group).patterns.append((entry, False))
    return True


def _breath_restricted(binder: Binder, at: int) -> bool:
    """Whether "restricted" stands right beside a word of breathing; "stuck in inhalation" does not count."""

    def said(token: Token) -> bool:
        return token.kind == "tart" and token.value is Tart.RESTRICTION and token.text.lower() not in _HELD

    before = [t for t in binder.tokens[max(0, at - 2) : at] if t.kind != "filler"]
    after = [t for t in binder.tokens[at + 1 : at + 3] if t.kind not in ("filler", "side", "verb")]
    return bool((before and any(said(t) for t in before[-2:])) or (after and said(after[0])))


_HELD = frozenset({"stuck", "locked", "fixed", "blocked", "frozen", "held back"})


def _motion(binder: Binder, group: Group, token: Token, at: int) -> None:
    motion: Motion = token.value
    if binder.conditional:
        return
    if group.is_point:
        group.position = group.position or token.text
        return
    if binder.run and not motion.coded and (binder.gap & {"with"} or not _is_segment(group)):
        return
    if motion.named and binder.gap & {"with", "near"} and group.said and motion.motion.rotation is None:
        return
    if _moves_otherwise(binder, group, motion):
        group = _again(binder, group)
    if group.motion is not None and _adds_plane(group.motion.motion, motion.motion):
        motion = replace(group.motion, motion=replace(group.motion.motion, plane=motion.motion.plane))
    elif group.motion is not None and group.motion.motion != motion.motion:
        group.detail = group.detail or f"also written: {token.text}"
        return
    if binder.blocked or _restriction_before(binder, at) or (motion.named and Tart.RESTRICTION in group.tart):
        group.restricted_motion = True
        motion = Motion(
            restricted(motion.motion), motion.named, motion.coded, motion.shared, motion.doubt, motion.others
        )
    group.motion = motion


def _adds_plane(held: SpinalMotion, more: SpinalMotion) -> bool:
    """`rotated left, sidebent right, and frees up in flexion`: the plane completes the motion."""
    turned = more.rotation or more.sidebend
    return held.plane is None and more.plane is not None and not turned and held.frame is Frame.EASE


def _moves_otherwise(binder: Binder, group: Group, motion: Motion) -> bool:
    """`the right low back is tight and bending to the left is limited`: a movement is a statement of its own."""
    if not motion.named or not group.tart or group is not binder.current or _is_segment(group):
        return False
    own = group.side or group.anchors[-1].side
    return (
        own is not None
        and own not in (motion.motion.rotation, motion.motion.sidebend)
        and bool(binder.gap & {"and", "comma", "with"})
    )


def _again(binder: Binder, group: Group) -> Group:
    """A new group about the same places, for a second statement."""
    again = Group(anchors=[Anchor(a.place, None, a.start, a.end) for a in group.anchors], said=True, again=True)
    binder.clause.groups.append(again)
    binder.current = again
    return again


def _at_occiput(place: Place) -> bool:
    return place.level is not None and place.level.name in ("OA", "occiput", "suboccipital")


def _is_segment(group: Group) -> bool:
    return any(a.place.type == "segment" for a in group.anchors)


def _restriction_before(binder: Binder, at: int) -> bool:
    for token in reversed(binder.tokens[max(0, at - 3) : at]):
        if token.kind == "tart":
            return bool(token.value is Tart.RESTRICTION)
        if token.kind not in ("of", "filler", "verb", "colon"):
            return False
    return False


def _even(binder: Binder, group: Group, token: Token, at: int) -> None:
    del at
    into = group.tart if binder.negated else group.absent
    if token.value not in into:
        into.append(token.value)


def _normal(binder: Binder, group: Group, token: Token, at: int) -> None:
    del token, at
    last = group.tokens[-1] if group.tokens else None
    if last is not None and last.kind == "tart" and last.text.lower() == "tissue texture" and last.value in group.tart:
        group.tart.remove(last.value)
        group.absent.append(last.value)
    elif not binder.negated:
        group.normal = True


def _unexamined(binder: Binder, group: Group, token: Token, at: int) -> None:
    del token, at, binder
    group.unexamined = True


def _positive(binder: Binder, group: Group, token: Token, at: int) -> None:
    del token, at
    group.result = "negative" if binder.negated else "positive"


def _negative(binder: Binder, group: Group, token: Token, at: int) -> None:
    del binder, token, at
    group.result = "negative"


def _dysfunction(binder: Binder, group: Group, token: Token, at: int) -> None:
    del token, at
    if binder.negated:
        group.normal = True
    else:
        group.dysfunction = True


def _take_pair(binder: Binder, group: Group, token: Token, at: int) -> None:
    del binder, at
    group.pair = token.value[:2]


def _movement(binder: Binder, group: Group, token: Token, at: int) -> None:
    """A movement word by itself says nothing; the side after it is the direction of the movement."""
    del token
    for following in binder.tokens[at + 1 : at + 5]:
        if following.kind == "side" and group.direction is None:
            group.direction = following.value
            following.kind = "filler"
            return
        if following.kind not in ("of", "filler", "tart"):
            return


def _severity(binder: Binder, group: Group, token: Token, at: int) -> None:
    del binder, at
    group.severity = max(group.severity or 0, token.value)
    group.graded = group.graded or token.text.isdigit()


def _position(binder: Binder, group: Group, token: Token, at: int) -> None:
    del binder, at
    group.position = token.text


def _axis(binder: Binder, group: Group, token: Token, at: int) -> None:
    del binder, at
    group.axis = token.value


_Apply = Callable[[Binder, Group, Token, int], None]
_APPLY: dict[str, _Apply] = {
    "tart": _tart,
    "pattern": _pattern,
    "motion": _motion,
    "even": _even,
    "free": _even,
    "normal": _normal,
    "unexamined": _unexamined,
    "positive": _positive,
    "negative": _negative,
    "dysfunction": _dysfunction,
    "pair": _take_pair,
    "movement": _movement,
    "severity": _severity,
    "position": _position,
    "axis": _axis,
}

_Handler = Callable[[Binder, int, Token], None]
_HANDLERS: dict[str, _Handler] = {
    "place": Binder.place,
    **dict.fromkeys(_APPLY, Binder.attribute),
    "side": Binder.side,
    "negation": Binder.negation,
    **dict.fromkeys(
        ("comma", "and", "with", "of", "near", "plus", "minus", "slash", "colon", "arrow", "open", "close"),
        Binder.separator,
    ),
    "verb": Binder.verb,
    "filler": Binder.filler,
    "treating": Binder.treating,
    "complaint": Binder.complaint,
    "neuro": Binder.neurology,
    "than": Binder.than,
    "condition": Binder.condition,
    "instead": Binder.instead_of,
    "rises": Binder.rises,
    "where": Binder.where,
    "same side": Binder.same_side,
    "other side": Binder.same_side,
    "lessened": Binder.lessened,
    "history": Binder.history,
    "avoided": Binder.avoided,
    "zink word": Binder.filler,
    "grade": Binder.filler,
    "unknown": Binder.unknown,
    "technique": Binder.technique,
    "response": Binder.response,
    "score": Binder.score,
    "fraction": Binder.fraction,
    "detail": Binder.keep,
    "counts to": Binder.separator,
}
