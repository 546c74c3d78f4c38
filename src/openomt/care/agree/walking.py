"""A patient who understands everything and says yes: for the demonstration, and for tests of other steps."""

from __future__ import annotations

from openomt.care.agree import services
from openomt.care.agree.answers import questions
from openomt.care.agree.models import Agreement, Asking
from openomt.care.portal.access import Scope, Visitor


def walk(asking: Asking, name: str, *, language: str = "en") -> Agreement:
    """Goes through every step as the patient of the asking, an adult, and signs."""
    visitor = Visitor(patient=asking.visit.patient, guardian=None, scope=Scope.AGREE, uid="walk")
    right = {one.id: next(choice.id for choice in one.choices if choice.right) for one in questions()}
    for step in services.steps(asking):
        match step.kind:
            case "risks":
                services.read(visitor, asking, step)
            case "technique":
                services.choose(visitor, asking, step, "yes")
            case "thrust":
                services.choose_thrust(visitor, asking, step, "fine")
            case "question":
                services.try_question(visitor, asking, step, right[step.key])
    return services.sign(visitor, asking, name, language=language)
