"""Records of the rules of coding and documentation."""

from openomt.knowledge.base import Record

RECORDS: tuple[type[Record], ...] = ()
