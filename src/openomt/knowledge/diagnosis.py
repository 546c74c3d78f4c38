"""Records of how a diagnosis is reached from tests, and what makes one biomechanically atypical."""

from openomt.knowledge.base import Record

RECORDS: tuple[type[Record], ...] = ()
