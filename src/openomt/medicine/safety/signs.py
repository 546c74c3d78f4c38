"""Signs of facts: what one entry of a chart says of one fact, and what all of them come to on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from openomt.medicine.anatomy import Region
from openomt.medicine.phrases import Status
from openomt.medicine.safety.dates import When
from openomt.medicine.safety.recognition_tables import (
    FactAt,
    RecognitionTables,
    fact_at,
    number,
    recognition_tables,
)
from openomt.medicine.safety.values import Fact, FactQuestion, KnownFact, Origin


@dataclass(frozen=True, slots=True)
class Sign:
    """What an entry says of a fact.

    ask      it only makes the fact worth asking about
    when     when it was, where the entry says so
    recent   the entry calls it recent or new
    settled  taken as it is: nothing about time is left to judge
    """

    fact: Fact
    status: Status
    origin: Origin
    ask: bool = False
    when: When | None = None
    recent: bool = False
    settled: bool = False


@dataclass(slots=True)
class Settled:
    """What the signs come to."""

    present: dict[Fact, list[Origin]]
    questions: dict[Fact, list[Origin]]
    absent: set[str]

    def known(self) -> tuple[KnownFact, ...]:
        """The facts with all their origins."""
        return tuple(KnownFact(fact, tuple(dict.fromkeys(found))) for fact, found in self.present.items())

    def has(self, code: str) -> bool:
        """Whether a fact is true, anywhere."""
        return any(fact.code == code for fact in self.present)

    def asked(self, answered: frozenset[str]) -> tuple[FactQuestion, ...]:
        """The questions that what is known leaves open."""
        asks = recognition_tables().asks
        return tuple(
            FactQuestion(
                fact, asks.get(fact.code, fact.code.replace("_", " ")), tuple(dict.fromkeys(origins))
            )
            for fact, origins in sorted(self.questions.items(), key=lambda item: str(item[0]))
            if not self._is_known(fact) and fact.code not in answered
        )

    def _is_known(self, fact: Fact) -> bool:
        if fact in self.present:
            return True
        return fact.region is None and self.has(fact.code)


def settle(signs: Iterable[Sign], today: date) -> Settled:
    """What is true, what has to be asked and what was denied, on a day."""
    found = Settled({}, {}, set())
    tables = recognition_tables()
    for sign in signs:
        for one in (sign, *_following(sign, tables)):
            _settle_one(one, today, tables, found)
    found.absent -= {fact.code for fact in found.present}
    return found


def _settle_one(sign: Sign, today: date, tables: RecognitionTables, found: Settled) -> None:
    answer = verdict(sign, today, tables)
    if answer is True:
        found.present.setdefault(sign.fact, []).append(sign.origin)
    elif answer is None:
        found.questions.setdefault(sign.fact, []).append(sign.origin)
        if sign.when is not None and not sign.ask:
            _ask_of_past(sign, tables, found)
    elif sign.status is Status.NEGATED and not sign.ask:
        found.absent.add(sign.fact.code)
    elif sign.status in (Status.PAST, Status.PRESENT) and not sign.ask:
        _ask_of_past(sign, tables, found)


def _ask_of_past(sign: Sign, tables: RecognitionTables, found: Settled) -> None:
    reading = tables.readings.get(sign.fact.code)
    for code in reading.past_asks if reading else ():
        origin = replace(sign.origin, reason=f"{sign.origin.reason}; in the past")
        found.questions.setdefault(_fact(fact_at(code)), []).append(origin)


def _fact(at: FactAt, region: Region | None = None) -> Fact:
    return Fact(at.code, at.region or region)


def verdict(sign: Sign, today: date, tables: RecognitionTables) -> bool | None:
    """Whether a sign makes its fact true today; None: somebody has to say."""
    future = sign.when is not None and sign.when.is_future(today)
    if future or sign.status in (Status.NEGATED, Status.FAMILY, Status.OTHER_PERSON):
        return False
    if sign.ask:
        return _worth_asking(sign, today, tables)
    if sign.status is Status.POSSIBLE:
        return None
    return True if sign.settled else _by_course(sign, today, tables)


def _by_course(sign: Sign, today: date, tables: RecognitionTables) -> bool | None:
    reading = tables.readings.get(sign.fact.code)
    course = reading.course if reading else "lasting"
    if course == "lasting":
        return True
    if course == "event":
        weeks = (reading.weeks if reading else None) or tables.recent_weeks[sign.fact.code]
        return _event(sign, weeks, today)
    if course == "active":
        return _active(sign, reading.weeks if reading else None, today)
    return _passing(sign, today, tables)


def _worth_asking(sign: Sign, today: date, tables: RecognitionTables) -> bool | None:
    """An event long over is not worth asking about; False or None."""
    reading = tables.readings.get(sign.fact.code)
    if reading is not None and reading.course in ("event", "passing") and sign.when is not None:
        weeks = reading.ask_weeks or reading.weeks or tables.recent_weeks.get(sign.fact.code, 0)
        return False if sign.when.within(weeks, today) is False else None
    if reading is not None and reading.course in ("event", "passing") and sign.status is Status.PAST:
        return None if sign.fact.code.startswith("rf_cancer") else False
    return None


def _event(sign: Sign, weeks: int, today: date) -> bool | None:
    if sign.when is not None:
        return sign.when.within(weeks, today)
    return True if sign.recent else None


def _active(sign: Sign, weeks: int | None, today: date) -> bool | None:
    if sign.status is not Status.PAST:
        old = weeks is not None and sign.when is not None and sign.when.within(weeks, today) is False
        return None if old else True
    if (
        sign.when is not None
        and sign.when.within(int(number("weeks a past disease is asked about")), today) is not False
    ):
        return None
    return False


def _passing(sign: Sign, today: date, tables: RecognitionTables) -> bool | None:
    reading = tables.readings[sign.fact.code]
    if sign.when is None:
        return sign.status is not Status.PAST or sign.recent
    inside = sign.when.within(reading.weeks or 0, today)
    if inside:
        return True
    later = sign.when.within(reading.ask_weeks or reading.weeks or 0, today)
    return False if later is False else None


def _following(sign: Sign, tables: RecognitionTables) -> list[Sign]:
    """The facts that another one means in its region; denied everywhere, they are all denied."""
    return [
        replace(sign, fact=Fact(record.fact))
        for record in tables.following
        if record.given == sign.fact.code
        and (
            (sign.fact.region is not None and sign.fact.region.value in record.regions)
            or (sign.fact.region is None and sign.status is Status.NEGATED)
        )
    ]
