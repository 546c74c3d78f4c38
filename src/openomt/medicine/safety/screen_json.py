"""Answers as JSON: `{"saddle": "no", "fever": "not sure"}`; true and false are yes and no."""

from __future__ import annotations

from collections.abc import Collection

from openomt.medicine.safety.screen_values import Answer
from openomt.medicine.visit_words import bad

_WORDS = {
    "yes": Answer.YES, "y": Answer.YES, "no": Answer.NO, "n": Answer.NO, "not sure": Answer.NOT_SURE,
    "not_sure": Answer.NOT_SURE, "unsure": Answer.NOT_SURE, "sí": Answer.YES, "si": Answer.YES,
    "no sé": Answer.NOT_SURE,
}  # fmt: skip


def answers_from_json(data: object, known: Collection[str], path: str = "answers") -> dict[str, Answer]:
    """Answers by their ids, as entered; a null is no answer. Raises ValueError naming what is wrong."""
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise bad(path, data, "an object of questions and answers")
    found: dict[str, Answer] = {}
    for name, answer in data.items():
        if name not in known:
            raise bad(
                f"{path}.{name}", name, "the id of a question (`openomt screen --questions` lists them)"
            )
        if answer is not None:
            found[name] = _answer(answer, f"{path}.{name}")
    return found


def _answer(answer: object, path: str) -> Answer:
    if isinstance(answer, bool):
        return Answer.YES if answer else Answer.NO
    if isinstance(answer, str) and answer.strip().casefold() in _WORDS:
        return _WORDS[answer.strip().casefold()]
    raise bad(path, answer, "yes, no or not sure")
