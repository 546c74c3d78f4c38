"""A screen before treatment: answers and free text to red flags, words to the patient, tasks.

Single flags are weak evidence, so the screen errs to a person. It says what it saw, never that all is well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.screen_questions import asked_now
from openomt.medicine.safety.screen_signs import Signs, gather
from openomt.medicine.safety.screen_tables import (
    ClauseRow,
    FlagRow,
    NoticeRow,
    screen_tables,
    within,
    worst,
)
from openomt.medicine.safety.screen_values import (
    LANGUAGES,
    URGENCIES,
    Answer,
    Evidence,
    EvidenceKind,
    Notice,
    PracticeTask,
    RaisedFlag,
    Screening,
    UnknownAnswerError,
)
from openomt.medicine.safety.values import Fact, KnownFact, Origin, OriginKind, PatientFacts, Sex

_ORIGINS = {
    EvidenceKind.ANSWER: OriginKind.ANSWER,
    EvidenceKind.TEXT: OriginKind.TEXT,
    EvidenceKind.AGE: OriginKind.AGE,
    EvidenceKind.PREGNANCY: OriginKind.PREGNANCY,
    EvidenceKind.FACT: OriginKind.IMPLIED,
    EvidenceKind.ENTERED: OriginKind.STATED,
}
_NO_ANSWERS: Mapping[str, Answer] = {}


def screen(
    answers: Mapping[str, Answer] = _NO_ANSWERS,
    text: str = "",
    patient: PatientFacts | None = None,
    language: str = "en",
    regions: Collection[Region] = (),
) -> Screening:
    """Red flags from the answers (question id to answer), the patient's own words and what is known already.

    Raises UnknownAnswerError for an id no question has, ValueError for a language other than `en` and `es`.
    No text raises anything. Rules: section 3 of the safety research, as records.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; known are {', '.join(LANGUAGES)}")
    patient = patient or PatientFacts()
    tables = screen_tables()
    unknown = tuple(name for name in answers if name not in tables.questions)
    if unknown:
        raise UnknownAnswerError(unknown)
    signs = gather(answers, text, patient)
    flags, unsure = flags_of(signs, patient, language)
    notices = notices_of(signs, flags, language)
    asked = asked_now(answers, patient, regions, language)
    not_sure = tuple(one for one in asked if answers.get(one.code) is Answer.NOT_SURE)
    urgency = worst(
        [*(f.urgency for f in flags if f.stops), *(f.urgency for f in unsure if f.stops)]
        + [notice.urgency for notice in notices]
    )
    return Screening(
        urgency=urgency,
        flags=flags,
        unsure=unsure,
        notices=notices,
        tell=_told(urgency, flags, notices, bool(unsure or not_sure), language),
        tasks=_tasks(flags, unsure, notices),
        unanswered=tuple(one for one in asked if one.code not in answers),
        not_sure=not_sure,
        facts=_facts(flags, notices, signs),
        absent=_absent(patient, signs, {f.code for f in (*flags, *unsure)}),
        evidence=signs.present,
    )


def flags_of(
    signs: Signs, patient: PatientFacts, language: str
) -> tuple[tuple[RaisedFlag, ...], tuple[RaisedFlag, ...]]:
    """Flags that are raised and flags that may be (something in them is not sure), each worst first."""
    tables = screen_tables()
    candidates: dict[str, FlagRow] = {}
    for sign in (*signs.present, *signs.unsure):
        for row in tables.by_sign.get(sign, ()):
            candidates[row.code] = row
    raised: list[tuple[FlagRow, RaisedFlag]] = []
    unsure: list[tuple[FlagRow, RaisedFlag]] = []
    entered = {known.fact.code: known for known in patient.present if known.fact.code in tables.by_code}
    for code, known in entered.items():
        row = tables.by_code[code]
        held = (_entered(known), *_evidence(_met(row.clauses, signs.certain), signs))
        raised.append((row, _raised(row, (), held, signs, language)))
    for row in candidates.values():
        if row.code in entered or not _applies(row, patient):
            continue
        met = _met(row.clauses, signs.certain)
        if met:
            raised.append((row, _raised(row, met, _evidence(met, signs), signs, language)))
            continue
        may = [c for c in _met(row.clauses, signs.possible) if not c.signs <= signs.weak]
        if may:
            unsure.append((row, _unsure(row, may, signs, language)))
    return _sorted(raised), _sorted(unsure)


def _applies(row: FlagRow, patient: PatientFacts) -> bool:
    """Not where the age is known and outside, nor to a male where the flag is of pregnancy."""
    if row.ages and patient.age_months is not None and not within(row.ages, patient.age_months):
        return False
    return not (row.record.pregnancy and patient.sex is Sex.MALE)


def _met(clauses: Iterable[ClauseRow], present: frozenset[str]) -> list[ClauseRow]:
    return [clause for clause in clauses if clause.signs <= present]


def _evidence(met: Iterable[ClauseRow], signs: Signs) -> tuple[Evidence, ...]:
    found: dict[Evidence, None] = {}
    for clause in met:
        for sign in sorted(clause.signs):
            for one in signs.present.get(sign) or signs.unsure.get(sign, ()):
                found[one] = None
    return tuple(found)


def _entered(known: KnownFact) -> Evidence:
    source = known.origins[0].source if known.origins else known.fact.code
    return Evidence(EvidenceKind.ENTERED, known.fact.code, source)


def _raised(
    row: FlagRow, met: Iterable[ClauseRow], because: tuple[Evidence, ...], signs: Signs, language: str
) -> RaisedFlag:
    own = [clause.urgency or row.record.urgency for clause in met] or [row.record.urgency]
    urgency = worst(own)
    for step, of in row.worse:
        if any(sign in signs.present for sign in of):
            urgency = worst([urgency, step])
    if row.eased and all(sign in signs.absent for sign in row.eased[1]):
        urgency = row.eased[0]
    return _flag(row, urgency, because, language)


def _unsure(row: FlagRow, met: Iterable[ClauseRow], signs: Signs, language: str) -> RaisedFlag:
    rule = screen_tables().urgencies
    own = worst(clause.urgency or row.record.urgency for clause in met)
    return _flag(row, rule[own].unsure, _evidence(met, signs), language, ask=rule[own].unsure_task)


def _flag(
    row: FlagRow, urgency: str, because: tuple[Evidence, ...], language: str, ask: str = ""
) -> RaisedFlag:
    record = row.record
    rule = screen_tables().urgencies[urgency]
    hours, working = rule.hours, rule.working
    if record.deadline is not None and urgency != "E" and not ask:
        hours, working = record.deadline.hours, record.deadline.working
    text = f"{ask}: {record.sign}" if ask else f"{rule.task}. {record.task}"
    return RaisedFlag(
        code=row.code,
        number=record.number,
        sign=record.sign,
        think_of=record.think_of,
        urgency=urgency,
        stops=record.stops,
        because=because,
        action=record.action,
        tell=record.es if language == "es" else record.tell,
        task=PracticeTask(text, urgency, hours, working, (row.code,)),
        value=record.value,
        sources=record.sources,
        confidence=record.confidence.value,
        review_state=record.review_state,
        translation_state=record.translation_state,
        doubt=record.doubt,
        first=record.first,
    )


def _sorted(flags: list[tuple[FlagRow, RaisedFlag]]) -> tuple[RaisedFlag, ...]:
    order = sorted(flags, key=lambda one: (URGENCIES.index(one[1].urgency), not one[1].stops, one[0].order))
    return tuple(flag for _, flag in order)


def notices_of(signs: Signs, flags: tuple[RaisedFlag, ...], language: str) -> tuple[Notice, ...]:
    """What a person must see beside the flags."""
    rows = screen_tables().notices
    return tuple(one for row in rows if (one := _notice(row, signs, language, flags)) is not None)


def _notice(row: NoticeRow, signs: Signs, language: str, flags: tuple[RaisedFlag, ...]) -> Notice | None:
    """A notice; none where a flag already says the same of the same first line."""
    record = row.record
    met = _met(row.clauses, signs.certain)
    may = met or _met(row.clauses, signs.possible)
    if not may or (record.first and any(flag.first == record.first for flag in flags)):
        return None
    rule = screen_tables().urgencies[record.urgency]
    task = PracticeTask(f"{rule.task}. {record.task}", record.urgency, rule.hours, rule.working, (record.id,))
    return Notice(
        code=record.id,
        title=record.title,
        urgency=record.urgency,
        because=_evidence(may, signs),
        tell=record.es if language == "es" else record.tell,
        task=task,
        note=record.note,
        sources=record.sources,
        confidence=record.confidence.value,
        first=record.first,
    )


def _told(
    urgency: str, flags: tuple[RaisedFlag, ...], notices: tuple[Notice, ...], doubts: bool, language: str
) -> tuple[str, ...]:
    """What to do first, then why, of everything raised. `doubts`: something is not settled."""
    phrases = screen_tables().phrases
    raised: tuple[RaisedFlag | Notice, ...] = (*flags, *notices)
    lines = first_lines(urgency, [one for one in raised if one.urgency == urgency], language)
    lines += [one.tell for one in raised]
    if doubts:
        lines.append(phrases["screen.unsure"][language])
    return tuple(dict.fromkeys(lines)) or (phrases["screen.clear"][language],)


def first_lines(urgency: str, leading: Sequence[RaisedFlag | Notice], language: str) -> list[str]:
    """The line that says what to do; a flag with its own line has that, after the usual one of others."""
    if not urgency:
        return []
    tables = screen_tables()
    own = [tables.phrases[one.first][language] for one in leading if one.first]
    usual = any(not one.first and (isinstance(one, Notice) or one.stops) for one in leading)
    return [*([tables.urgencies[urgency].tell[language]] if usual or not own else []), *own]


def _tasks(
    flags: tuple[RaisedFlag, ...], unsure: tuple[RaisedFlag, ...], notices: tuple[Notice, ...]
) -> tuple[PracticeTask, ...]:
    found = [notice.task for notice in notices] + [flag.task for flag in (*flags, *unsure)]
    return tuple(sorted(found, key=lambda task: URGENCIES.index(task.urgency)))


def _facts(flags: tuple[RaisedFlag, ...], notices: tuple[Notice, ...], signs: Signs) -> tuple[KnownFact, ...]:
    """Facts for the check of a plan: the flags, what notices mean, and diseases the patient told."""
    tables = screen_tables()
    found = [_fact(flag.code, flag.because, flag.sign, flag.sources, flag.confidence) for flag in flags]
    for row in tables.notices:
        for notice in notices:
            if notice.code == row.record.id and row.record.fact:
                found.append(
                    _fact(row.record.fact, notice.because, notice.title, notice.sources, notice.confidence)
                )
    for sign, because in signs.present.items():
        told = tuple(one for one in because if one.kind in (EvidenceKind.ANSWER, EvidenceKind.TEXT))
        if tables.signs[sign].becomes and told:
            found.append(_fact(tables.signs[sign].becomes, told, tables.signs[sign].title, (), "derived"))
    return tuple(found)


def _fact(
    code: str, because: tuple[Evidence, ...], reason: str, sources: tuple[str, ...], confidence: str
) -> KnownFact:
    return KnownFact(
        Fact(code),
        tuple(
            Origin(_ORIGINS[one.kind], one.source, reason, 0, len(one.source), sources, confidence)
            for one in because
        ),
    )


def _absent(patient: PatientFacts, signs: Signs, raised: Collection[str]) -> frozenset[str]:
    """Flags of which every question this person is asked was answered no, and that nothing else raises."""
    if not signs.denied:
        return frozenset()
    here = signs.asked | signs.denied
    return frozenset(
        row.code
        for row in screen_tables().flags
        if row.code not in raised
        and (own := row.questions & here)
        and own <= signs.denied
        and _applies(row, patient)
    )
