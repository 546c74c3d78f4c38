"""The physician's note of a visit: what was entered, in order, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.exam import dysfunction_sentences, exam_parts, regions_among
from openomt.medicine.narrative.phrases import region_title, technique_words
from openomt.medicine.narrative.questions import questions
from openomt.medicine.narrative.values import (
    CodeLine,
    Missing,
    Note,
    Part,
    Section,
    SectionKey,
    Sentence,
)
from openomt.medicine.narrative.words import treatment_words
from openomt.medicine.visit import Evaluation, ExamState, Visit

_TITLES = {
    SectionKey.VISIT: "Visit",
    SectionKey.SUBJECTIVE: "Subjective",
    SectionKey.OBJECTIVE: "Objective",
    SectionKey.ASSESSMENT: "Assessment",
    SectionKey.PROCEDURE: "Procedure: osteopathic manipulative treatment",
    SectionKey.PLAN: "Plan",
    SectionKey.CODES: "Codes",
    SectionKey.AS_WRITTEN: "As written by the author",
    SectionKey.SIGNATURE: "Signature",
}


def note(visit: Visit, *, codes: tuple[CodeLine, ...] | None = None) -> Note:
    """The note of a visit. Never raises on a well-typed visit, however empty or odd.

    Each sentence names the data it rests on. Parts that a reader inferred are not printed: they stand in
    `to_confirm`. Empty parts are not printed: they stand in `missing`.
    """
    builders: dict[SectionKey, Iterable[Part]] = {
        SectionKey.VISIT: _visit_parts(visit),
        SectionKey.SUBJECTIVE: _subjective_parts(visit),
        SectionKey.OBJECTIVE: _objective_parts(visit),
        SectionKey.ASSESSMENT: _assessment_parts(visit),
        SectionKey.PROCEDURE: _procedure_parts(visit),
        SectionKey.PLAN: _plan_parts(visit),
        SectionKey.CODES: _code_parts(codes or ()),
        SectionKey.AS_WRITTEN: _as_written_parts(visit),
        SectionKey.SIGNATURE: _signature_parts(visit),
    }
    built = ((key, tuple(part for part in parts if part.sentences)) for key, parts in builders.items())
    sections = tuple(Section(key, _TITLES[key], parts) for key, parts in built if parts)
    return Note(sections, tuple(questions(visit)), tuple(_missing(visit)))


def _quote(label: str, text: str, path: str) -> Iterator[Sentence]:
    """The author's words under a label; nothing where there are none."""
    if text:
        yield Sentence(text, (path,), label, quoted=True)


def _quote_each(label: str, texts: tuple[str, ...], path: str) -> Iterator[Sentence]:
    for number, text in enumerate(texts):
        yield from _quote(label, text, f"{path}[{number}]")


def _yes_or_no(label: str, said: bool | None, path: str) -> Iterator[Sentence]:
    if said is not None:
        yield Sentence("yes" if said else "no", (path,), label)


def _visit_parts(visit: Visit) -> Iterator[Part]:
    sentences = []
    if visit.date is not None:
        sentences.append(Sentence(visit.date.isoformat(), ("date",), "Date"))
    sentences += _quote("Seen and treated by", visit.setting.performer, "setting.performer")
    yield Part("", tuple(sentences))


def _subjective_parts(visit: Visit) -> Iterator[Part]:
    yield Part(
        "",
        (
            *_quote("Chief complaint", visit.chief_complaint, "chief_complaint"),
            *_quote("History", visit.history, "history"),
            *_quote("Function today", visit.function, "function"),
            *_quote("Since the last visit", visit.function_change, "function_change"),
            *_quote("Red flags and contraindications", visit.safety_screen, "safety_screen"),
        ),
    )


def _objective_parts(visit: Visit) -> Iterator[Part]:
    yield Part("Related exam", tuple(_quote("", visit.related_exam, "related_exam")))
    yield from exam_parts(visit)


def _assessment_parts(visit: Visit) -> Iterator[Part]:
    yield Part(
        "",
        (
            *_quote("", visit.assessment, "assessment"),
            *dysfunction_sentences(visit),
            *_quote_each("Diagnosis code entered", visit.billing.diagnoses, "billing.diagnoses"),
        ),
    )
    if visit.evaluation is not None:
        yield Part(
            "Evaluation and management, apart from the treatment", tuple(_evaluation(visit.evaluation))
        )


def _evaluation(evaluation: Evaluation) -> Iterator[Sentence]:
    """The separate work. What was said of the note itself (that it sets the two apart) is left out."""
    if evaluation.other_day:
        yield Sentence("on another day than the treatment", ("evaluation.other_day",), "Took place")
    yield from _yes_or_no("First visit of the stay", evaluation.first_of_stay, "evaluation.first_of_stay")
    yield from _yes_or_no(
        "Work beyond the treatment itself", evaluation.beyond_omt_work, "evaluation.beyond_omt_work"
    )
    yield from _quote_each("Separate work", evaluation.reasons, "evaluation.reasons")
    yield from _quote("Only reason given", evaluation.only_reason or "", "evaluation.only_reason")
    yield from _quote_each("Diagnosis code entered", evaluation.codes, "evaluation.codes")
    modifiers = evaluation.entered_modifiers or ()
    yield from _quote_each("Modifier entered", modifiers, "evaluation.entered_modifiers")
    yield from _decision(evaluation)
    yield from _minutes(evaluation)


def _decision(evaluation: Evaluation) -> Iterator[Sentence]:
    elements = [(name, getattr(evaluation, name)) for name in ("problems", "data", "risk")]
    entered = [(name, level) for name, level in elements if level is not None]
    if entered:
        text = ", ".join(f"{name} {level.value}" for name, level in entered)
        yield Sentence(text, tuple(f"evaluation.{name}" for name, _ in entered), "Decision making")


def _minutes(evaluation: Evaluation) -> Iterator[Sentence]:
    if evaluation.total_minutes is not None:
        text = f"{evaluation.total_minutes} minutes"
        yield Sentence(text, ("evaluation.total_minutes",), "Whole time on the date")
    if evaluation.omt_minutes is not None:
        yield Sentence(f"{evaluation.omt_minutes} minutes", ("evaluation.omt_minutes",), "Of it, treatment")


def _procedure_parts(visit: Visit) -> Iterator[Part]:
    yield Part("Consent", tuple(_consent(visit)))
    treated = (treatment.region for treatment in visit.treatments)
    answered = (region for region, _ in (*visit.responses, *visit.response_words))
    for region in (*regions_among((*treated, *answered)), None):
        sentences = (*_treatments(visit, region), *_responses(visit, region))
        title = region_title(region) if region else "region not recorded"
        yield Part(f"Treatment: {title}", sentences, region)
    yield Part("During treatment", tuple(_course(visit)))


def _consent(visit: Visit) -> Iterator[Sentence]:
    if visit.consent.given is not None:
        yield Sentence("given" if visit.consent.given else "not given", ("consent.given",), "Consent")
    yield from _quote_each("Discussed", visit.consent.discussed, "consent.discussed")
    for number, refused in enumerate(visit.consent.refused):
        if refused:
            yield Sentence(
                technique_words(refused), (f"consent.refused[{number}]",), "Refused by the patient"
            )


def _treatments(visit: Visit, region: Region | None) -> Iterator[Sentence]:
    for number, treatment in enumerate(visit.treatments):
        if treatment.region is region:
            words = treatment_words(treatment)
            origin = tuple(f"treatments[{number}].{field}" for field in words.fields)
            yield Sentence(words.text, origin or (f"treatments[{number}]",))


def _responses(visit: Visit, region: Region | None) -> Iterator[Sentence]:
    said = [
        *(
            Sentence(answer.value, (f"responses[{number}]",), "Response")
            for number, (where, answer) in enumerate(visit.responses)
            if where is region
        ),
        *(
            Sentence(words, (f"response_words[{number}]",), "Response", quoted=True)
            for number, (where, words) in enumerate(visit.response_words)
            if where is region and words
        ),
    ]
    yield from said
    treated = tuple(f"treatments[{n}]" for n, given in enumerate(visit.treatments) if given.region is region)
    if treated and not said:
        yield Sentence("not recorded", treated, "Response")


def _course(visit: Visit) -> Iterator[Sentence]:
    yield from _quote("Patient position", visit.positions, "positions")
    yield from _quote("Tolerance", visit.tolerance, "tolerance")
    yield from _quote_each("Complication", visit.complications, "complications")
    if visit.complications_asked and not visit.complications:
        yield Sentence("none", ("complications_asked",), "Complications")


def _plan_parts(visit: Visit) -> Iterator[Part]:
    plan = visit.plan
    yield Part(
        "",
        (
            *_quote_each("Goal", plan.goals, "plan.goals"),
            *_yes_or_no("Functional goal charted", plan.functional_goal, "plan.functional_goal"),
            *_quote("Frequency and duration", plan.frequency, "plan.frequency"),
            *_quote("Next review", plan.next_review, "plan.next_review"),
            *_quote("Stop when", plan.stop_when, "plan.stop_when"),
            *_quote_each("Home exercise", plan.home_exercise, "plan.home_exercise"),
            *_quote_each("Aftercare", plan.aftercare, "plan.aftercare"),
            *_quote_each("Return precautions", plan.return_precautions, "plan.return_precautions"),
            *_quote_each("Other", plan.other, "plan.other"),
        ),
    )


def _code_parts(codes: tuple[CodeLine, ...]) -> Iterator[Part]:
    for number, line in enumerate(codes):
        said = [(name, getattr(line, name)) for name in ("code", "words")]
        used = [(name, text) for name, text in said if text]
        sentences = []
        if used:
            text = " ".join(text for _, text in used)
            sentences.append(Sentence(text, tuple(f"codes[{number}].{name}" for name, _ in used)))
        if line.reason:
            sentences.append(Sentence(line.reason, (f"codes[{number}].reason",), "Reason"))
        yield Part("", tuple(sentences))


def _as_written_parts(visit: Visit) -> Iterator[Part]:
    yield Part("Shorthand", tuple(_quote("", visit.shorthand, "shorthand")))
    yield Part("Free text", tuple(_quote("", visit.free_text, "free_text")))


def _signature_parts(visit: Visit) -> Iterator[Part]:
    signature = visit.signature
    if signature is None:
        yield Part("", tuple(_yes_or_no("Signed", visit.signed, "signed")))
        return
    yield Part(
        "",
        (
            *_quote("Signed by", signature.name, "signature.name"),
            *_quote("Credentials", signature.credentials, "signature.credentials"),
            Sentence(signature.at.isoformat(sep=" ", timespec="minutes"), ("signature.at",), "Signed at"),
        ),
    )


_EMPTY: tuple[tuple[str, Callable[[Visit], object]], ...] = (
    ("date", lambda visit: visit.date),
    ("chief_complaint", lambda visit: visit.chief_complaint),
    ("history", lambda visit: visit.history),
    ("function", lambda visit: visit.function),
    ("function_change", lambda visit: visit.function_change),
    ("safety_screen", lambda visit: visit.safety_screen),
    ("related_exam", lambda visit: visit.related_exam),
    ("findings", lambda visit: visit.findings),
    ("assessment", lambda visit: visit.assessment),
    ("evaluation", lambda visit: visit.evaluation),
    ("treatments", lambda visit: visit.treatments),
    ("positions", lambda visit: visit.positions),
    ("tolerance", lambda visit: visit.tolerance),
    ("complications", lambda visit: visit.complications or visit.complications_asked),
    ("consent.given", lambda visit: None if visit.consent.given is None else "said"),
    ("consent.discussed", lambda visit: visit.consent.discussed),
    ("plan.goals", lambda visit: visit.plan.has_goal),
    ("plan.frequency", lambda visit: visit.plan.frequency),
    ("plan.next_review", lambda visit: visit.plan.next_review),
    ("plan.stop_when", lambda visit: visit.plan.stop_when),
    ("plan.home_exercise", lambda visit: visit.plan.home_exercise),
    ("plan.aftercare", lambda visit: visit.plan.aftercare),
    ("plan.return_precautions", lambda visit: visit.plan.return_precautions),
    ("signature", lambda visit: visit.signature or visit.signed),
)
"""What a full visit holds, and how to see that it does. Which of it a note must hold is for coding to say."""


def _missing(visit: Visit) -> Iterator[Missing]:
    yield from (Missing(path) for path, held in _EMPTY if not held(visit))
    spoken = {finding.region for finding in visit.findings} | {region for region, _ in visit.states}
    yield from (Missing("findings", region) for region in Region if region not in spoken)
    described = {finding.region for finding in visit.findings}
    for region, state in dict(visit.states).items():
        if state is ExamState.FINDINGS and region not in described:
            yield Missing("findings", region)
    answered = {region for region, _ in (*visit.responses, *visit.response_words)}
    treated = dict.fromkeys(treatment.region for treatment in visit.treatments)
    yield from (Missing("responses", region) for region in treated if region and region not in answered)
    for number, treatment in enumerate(visit.treatments):
        if not treatment.technique:
            yield Missing(f"treatments[{number}].technique", treatment.region)
        if treatment.region is None:
            yield Missing(f"treatments[{number}].region")
