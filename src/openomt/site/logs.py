"""Keeps patient data out of the log."""

from __future__ import annotations

import logging
import re

_QUERY = re.compile(r"\?\S*")
_SECRET = re.compile(r"(/(?:l|stop|key)/)[^\s/?]+")
"""What follows opens something: a private link, the end of messages, a new password."""


class NoPatientData(logging.Filter):
    """Drops what a message could carry of a patient: query strings, and the values in a traceback's last line.

    Addresses hold only random identifiers, and secrets that are cut out. Django's messages about requests keep the
    address without its query;
    an exception keeps its type and where it happened, not its text, which may repeat what was typed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRET.sub(r"\1…", _QUERY.sub("?…", record.getMessage()))
        record.args = ()
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            where = []
            while trace is not None:
                where.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
                trace = trace.tb_next
            record.msg = f"{record.msg} {kind.__name__} at {' > '.join(where[-8:])}"
            record.exc_info = None
            record.exc_text = None
        return True
