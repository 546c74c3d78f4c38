"""What holds for any answers and any text: no error, and more danger never makes a screen less urgent."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.knowledge import load
from openomt.knowledge.redflags import DangerPhrase
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_tables import screen_tables
from openomt.medicine.safety.screen_values import URGENCIES, Answer, Screening
from openomt.medicine.safety.values import PatientFacts, Sex

QUESTIONS = sorted(screen_tables().questions)
DANGER = sorted(
    phrase
    for record in load().all(DangerPhrase)
    if record.means in screen_tables().signs and not record.harmless
    for phrase in record.phrases
    if not set(phrase) & set("{[^*&")
)
answers = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(Answer), max_size=40)
patients = st.builds(
    PatientFacts,
    age_months=st.one_of(st.none(), st.integers(0, 1200)),
    sex=st.one_of(st.none(), st.sampled_from(Sex)),
    weeks=st.one_of(st.none(), st.integers(0, 44)),
)
words = st.lists(
    st.one_of(
        st.sampled_from(DANGER), st.sampled_from(["no", "my dad", "maybe", "but", ".", ",", "pain", "38.5"])
    ),
    max_size=12,
).map(" ".join)


def rank(found: Screening) -> int:
    return URGENCIES.index(found.urgency) if found.urgency else len(URGENCIES)


@given(st.text(max_size=300), patients, answers)
@settings(max_examples=150)
def test_no_text_is_an_error_and_every_span_lies_in_it(
    text: str, patient: PatientFacts, given_answers: dict[str, Answer]
) -> None:
    found = screen(given_answers, text, patient)
    for flag in found.flags:
        for one in flag.because:
            assert 0 <= one.start <= one.end <= len(text)
    assert found.tell


@given(words, patients)
@settings(max_examples=150)
def test_the_words_of_the_records_mixed_are_no_error(text: str, patient: PatientFacts) -> None:
    for flag in screen({}, text, patient).flags:
        for one in flag.because:
            if one.kind.value == "text":
                assert text[one.start : one.end] == one.source


@given(answers, patients, st.sampled_from(QUESTIONS), words)
@settings(max_examples=200)
def test_one_more_yes_never_lowers_the_urgency(
    given_answers: dict[str, Answer], patient: PatientFacts, question: str, text: str
) -> None:
    before = screen(given_answers, text, patient)
    after = screen(given_answers | {question: Answer.YES}, text, patient)
    assert rank(after) <= rank(before)
    assert {flag.code for flag in before.flags} <= {flag.code for flag in after.flags}


@given(answers, patients, words, st.sampled_from(DANGER))
@settings(max_examples=200)
def test_one_more_sentence_of_danger_never_lowers_the_urgency(
    given_answers: dict[str, Answer], patient: PatientFacts, text: str, more: str
) -> None:
    before = screen(given_answers, text, patient)
    after = screen(given_answers, f"{text}.\n{more}", patient)
    assert rank(after) <= rank(before)


@given(answers, patients, words)
@settings(max_examples=100)
def test_a_flag_is_never_raised_and_absent_at_once(
    given_answers: dict[str, Answer], patient: PatientFacts, text: str
) -> None:
    found = screen(given_answers, text, patient)
    assert not found.absent & {flag.code for flag in (*found.flags, *found.unsure)}
    denied_nothing = Answer.NO not in given_answers.values()
    assert not (denied_nothing and found.absent)


@given(answers, patients, words)
@settings(max_examples=100)
def test_both_languages_say_as_many_things(
    given_answers: dict[str, Answer], patient: PatientFacts, text: str
) -> None:
    english, spanish = (screen(given_answers, text, patient, language) for language in ("en", "es"))
    assert len(english.tell) == len(spanish.tell)
    assert [flag.code for flag in english.flags] == [flag.code for flag in spanish.flags]
    assert len(english.unanswered) == len(spanish.unanswered)
