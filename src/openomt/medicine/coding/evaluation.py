"""The evaluation line: whether an evaluation is billed beside treatment, at which level, with which
modifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openomt.medicine.coding.result import Answer, Basis, Code, CodingWarning, EvaluationLine, TreatmentLine
from openomt.medicine.coding.rules import (
    OFFICE,
    Terms,
    basis,
    claim_text,
    cpt_code,
    icd_code,
    is_remote,
    modifier,
    place,
    rules,
    warning,
)
from openomt.medicine.coding.treatment import trainee
from openomt.medicine.visit import EffortLevel, EmMethod, Evaluation, PatientStatus, Visit
from openomt.medicine.visit_words import plain

if TYPE_CHECKING:
    from openomt.knowledge.coding import EmFamily, EmLevel, EmWork

SEPARATE_EVALUATION = "25"
MAJOR_SURGERY = "57"
_REMOTE_MODIFIERS = {"audio": "93"}
_LIVE_VIDEO = "95"
_NEW_PATIENT = "new-patient"
_DYSFUNCTION_CATEGORY = "M99"
_EFFORTS = tuple(EffortLevel)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The three questions, answered, and the warnings that a no gives."""

    answers: tuple[Answer, ...]
    warnings: tuple[CodingWarning, ...]

    @property
    def separate(self) -> bool:
        return not self.warnings


@dataclass(frozen=True, slots=True)
class Level:
    """What the level came to. `code` None: no level was reached, for the reason in `basis`."""

    record: EmLevel | None
    basis: Basis
    effort: EffortLevel | None = None
    minutes: int | None = None


def evaluation_line(
    visit: Visit, treatment: TreatmentLine, terms: Terms
) -> tuple[EvaluationLine, tuple[CodingWarning, ...]]:
    """The evaluation line and the warnings about it."""
    evaluation = visit.evaluation
    if evaluation is None:
        return _no_line(basis("em-none")), ()
    judgement = judge(visit, evaluation, terms)
    if not judgement.separate:
        what = "; ".join(answer.question for answer in judgement.answers if answer.yes is False)
        return _no_line(basis("em-not-separate", what=what), judgement.answers), judgement.warnings
    level = choose_level(visit, evaluation)
    timing = _time_warnings(visit, evaluation)
    if level.record is None:
        return _no_line(level.basis, judgement.answers, level), timing
    beside = treatment.code is not None and not evaluation.other_day
    line = EvaluationLine(
        code=cpt_code(level.record, level.basis, terms),
        modifiers=_modifiers(visit, beside, terms),
        icd=_diagnoses(visit, evaluation, terms),
        questions=judgement.answers,
        effort=level.effort,
        minutes=level.minutes,
        basis=basis("em-separate" if beside else "em-alone"),
    )
    entered = evaluation.entered_modifiers
    forgotten = beside and entered is not None and SEPARATE_EVALUATION not in entered
    return line, (*timing, *((warning("MOD25_MISSING"),) if forgotten else ()))


def _no_line(reason: Basis, answers: tuple[Answer, ...] = (), level: Level | None = None) -> EvaluationLine:
    return EvaluationLine(
        None, (), (), answers, level.effort if level else None, level.minutes if level else None, reason
    )


# Is it separate? ------------------------------------------------------------------------------------


def judge(visit: Visit, evaluation: Evaluation, terms: Terms) -> Judgement:
    """The three questions of the AAO, asked of an evaluation on the day of a treatment.

    Where nothing was treated that day, or the visit was not in person, there is nothing to separate from.
    """
    if not visit.treatments or evaluation.other_day or is_remote(visit):
        return Judgement((), ())
    work, why = _separate_work(evaluation, terms)
    answers = (
        _answer("question-work", work, why),
        _answer("question-alone", evaluation.stands_alone),
        _answer("question-apart", evaluation.separate_in_note),
    )
    warnings = []
    if not work:
        warnings.append(warning("EM_NOT_SEPARATE", why))
    elif evaluation.stands_alone is False:
        warnings.append(warning("EM_NOT_SEPARATE", basis("work-dependent").reason))
    if not work and _rests_on_new_patient(visit, terms):
        warnings.append(warning("NEW_PATIENT_NOT_SUFFICIENT"))
    if evaluation.separate_in_note is False:
        warnings.append(warning("EM_OMT_NOT_SEPARATED_IN_NOTE"))
    return Judgement(answers, tuple(warnings))


def _answer(text_id: str, yes: bool | None, why: str = "") -> Answer:
    question = basis(text_id)
    reason = f"{question.reason} {why}".strip()
    return Answer(question.reason, yes, Basis(reason, question.sources, question.confidence))


def _separate_work(evaluation: Evaluation, terms: Terms) -> tuple[bool, str]:
    """Whether there is work beyond treating itself, and what speaks against it.

    The physician's own yes or no stands, unless every reason named is none under the rule set.
    """
    reasons = (evaluation.only_reason,) if evaluation.only_reason else evaluation.reasons
    works = [_work(reason) for reason in reasons]
    barred = [work for work in works if work is not None and terms.rule_set.id in work.barred_by]
    if works and len(barred) == len(works):
        titles = ", ".join(dict.fromkeys(work.title for work in barred))
        return False, basis("work-barred", work=titles).reason
    said = evaluation.beyond_omt_work
    claimed = bool(evaluation.reasons) if said is None else said
    return claimed, "" if claimed else basis("work-denied").reason


def _work(reason: str) -> EmWork | None:
    """The kind of work a reason names, if it names nothing else."""
    words = plain(reason).removesuffix(" only").removeprefix("only ")
    return next((work for work in rules().works if words in map(plain, work.names)), None)


def _rests_on_new_patient(visit: Visit, terms: Terms) -> bool:
    """A new patient's evaluation without separate work, under rules for which newness is none."""
    work = next(work for work in rules().works if work.id == _NEW_PATIENT)
    return terms.rule_set.id in work.barred_by and visit.setting.patient is PatientStatus.NEW


# At which level? ------------------------------------------------------------------------------------


def family(visit: Visit) -> EmFamily:
    """The family of evaluation codes at the visit's place of service; the office's where the place is not
    known.
    """
    where = place(visit)
    return rules().em_families[where.family if where else rules().places[OFFICE].family]


def choose_level(visit: Visit, evaluation: Evaluation) -> Level:
    """The level by decision making or by time, as the physician chose."""
    levels = _levels(visit, evaluation)
    if evaluation.method is EmMethod.TIME:
        return _level_by_time(visit, evaluation, levels)
    effort = decision_effort(evaluation)
    if effort is None:
        return Level(None, basis("em-no-level"))
    record = next(level for level in levels if effort.value in level.efforts)
    problems, data, risk = (element.value if element else "none" for element in elements(evaluation))
    reason = basis("em-decision", problems=problems, data=data, risk=risk, level=effort.value)
    return Level(record, reason, effort=effort)


def elements(evaluation: Evaluation) -> tuple[EffortLevel | None, EffortLevel | None, EffortLevel | None]:
    """Problems, data, risk."""
    return evaluation.problems, evaluation.data, evaluation.risk


def decision_effort(evaluation: Evaluation) -> EffortLevel | None:
    """Two of three elements must reach a level: the second highest. One not charted counts as the lowest."""
    charted = [element for element in elements(evaluation) if element is not None]
    if not charted:
        return None
    ranks = sorted(_EFFORTS.index(element) for element in charted)
    return _EFFORTS[ranks[-2]] if len(ranks) > 1 else EffortLevel.MINIMAL


def separate_minutes(evaluation: Evaluation) -> int | None:
    """Minutes of the day outside the treatment, never below 0; None where no time is charted."""
    if evaluation.total_minutes is None:
        return None
    return max(0, evaluation.total_minutes - (evaluation.omt_minutes or 0))


def _level_by_time(visit: Visit, evaluation: Evaluation, levels: tuple[EmLevel, ...]) -> Level:
    left = separate_minutes(evaluation)
    if left is None:
        return Level(None, basis("em-no-level"))
    timed = [level for level in levels if level.minutes is not None]
    if not timed:
        return Level(None, basis("em-time-unused", family=family(visit).title), minutes=left)
    reached = [level for level in timed if level.minutes is not None and level.minutes <= left]
    if not reached:
        return Level(None, basis("em-time-short", left=left), minutes=left)
    best = max(reached, key=lambda level: level.minutes or 0)
    reason = basis(
        "em-time",
        total=evaluation.total_minutes,
        omt=evaluation.omt_minutes or 0,
        left=left,
        threshold=best.minutes,
    )
    return Level(best, reason, minutes=left)


def _levels(visit: Visit, evaluation: Evaluation) -> tuple[EmLevel, ...]:
    chosen = family(visit)
    status = _status(visit, evaluation, chosen)
    return tuple(
        level for level in rules().em_levels if level.family == chosen.id and level.status in (status, "any")
    )


def _status(visit: Visit, evaluation: Evaluation, chosen: EmFamily) -> str:
    """New or established; in a stay, first visit or later one, where nobody said taken from the patient's
    status.
    """
    new = visit.setting.patient is PatientStatus.NEW
    if chosen.status_by == "patient":
        return "new" if new else "established"
    first = new if evaluation.first_of_stay is None else evaluation.first_of_stay
    return "initial" if first else "subsequent"


def _time_warnings(visit: Visit, evaluation: Evaluation) -> tuple[CodingWarning, ...]:
    """Time that holds treatment, or that may hold it."""
    if evaluation.method is not EmMethod.TIME or evaluation.total_minutes is None:
        return ()
    if evaluation.omt_minutes:
        what = basis("time-known", omt=evaluation.omt_minutes, total=evaluation.total_minutes)
        return (warning("TIME_INCLUDES_OMT", what.reason),)
    treated = bool(visit.treatments) and not evaluation.other_day and not is_remote(visit)
    if treated and evaluation.omt_minutes is None:
        what = basis("time-unknown", total=evaluation.total_minutes)
        return (warning("TIME_INCLUDES_OMT", what.reason),)
    return ()


# With what on the line? -----------------------------------------------------------------------------


def _modifiers(visit: Visit, beside: bool, terms: Terms) -> tuple[Code, ...]:
    found = []
    if beside:
        found.append(modifier(SEPARATE_EVALUATION, basis("mod-separate"), terms))
    if is_remote(visit):
        number = _REMOTE_MODIFIERS.get(visit.setting.modality, _LIVE_VIDEO)
        found.append(modifier(number, basis("mod-remote"), terms))
    return (*found, *trainee(visit, terms))


def charted_diagnoses(visit: Visit) -> tuple[str, ...]:
    """Codes charted for the evaluation, then those of the visit as a whole, in the order entered."""
    own = visit.evaluation.codes if visit.evaluation else ()
    return tuple(dict.fromkeys((*own, *visit.billing.diagnoses)))


def _diagnoses(visit: Visit, evaluation: Evaluation, terms: Terms) -> tuple[Code, ...]:
    """Pregnancy codes lead; then symptoms and diseases as entered; dysfunction last, or before them."""
    entered = evaluation.codes or visit.billing.diagnoses
    codes = [icd_code(code, "icd-obstetric" if is_obstetric(code) else "icd-evaluation") for code in entered]

    def rank(code: Code) -> int:
        number = code.number or ""
        if is_obstetric(number):
            return 0
        dysfunction = number.startswith(_DYSFUNCTION_CATEGORY)
        return 1 if dysfunction is terms.dysfunction_first else 2

    return tuple(sorted(dict.fromkeys(codes), key=rank))


def is_obstetric(code: str) -> bool:
    """Whether a code belongs to the pregnancy chapter."""
    return code.strip().upper().startswith(claim_text("obstetric-letter"))
