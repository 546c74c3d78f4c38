"""From raw tests and landmarks to the dysfunctions they fit, with reasons and the test that would decide.

The tables are records (`knowledge/data/landmarks.toml`); this package only compares them with what was
observed. Each area tested (sacrum, pelvis, a group of ribs, a vertebra, OA, AA) is one question with its
own answer.
"""

from openomt.medicine.landmarks.candidates import Candidate, Deciding, Diagnosis, Reason, diagnose
from openomt.medicine.landmarks.observation import Observation, ObservationError
from openomt.medicine.landmarks.observing import catalog, from_findings, read_tests, results_of

__all__ = [
    "Candidate",
    "Deciding",
    "Diagnosis",
    "Observation",
    "ObservationError",
    "Reason",
    "catalog",
    "diagnose",
    "from_findings",
    "read_tests",
    "results_of",
]
