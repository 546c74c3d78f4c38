"""The facts OpenOMT works with, as TOML records that each name their sources. `load()` gives all of them."""

from openomt.knowledge.base import AWAITING_REVIEW, Confidence, Record, Source
from openomt.knowledge.loader import Knowledge, KnowledgeError, load

__all__ = ["AWAITING_REVIEW", "Confidence", "Knowledge", "KnowledgeError", "Record", "Source", "load"]
