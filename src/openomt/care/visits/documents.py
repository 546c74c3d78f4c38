"""The canonical document of a signed visit: everything it rests on, in one JSON text with one hash.

Schema 1:
  schema, visit (number, date, uid), patient (identity as it was), clinician, location
  draft      as people left it (`drafts.Draft`)
  value      the visit as the medicine reads it (`visit_json`), signature included
  facts      facts of the patient that safety read, with the words each came from
  alerts     verdict, and every rule that fired, with reason, sources and the override
  codes      ICD-10-CM and the treatment's code, each with its reason
  orders     what was ordered in the visit
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from openomt.care.visits.drafts import Draft, draft_from
from openomt.care.visits.models import SignedVisit, Visit
from openomt.medicine.visit import Visit as VisitValue
from openomt.medicine.visit_json import from_json

SCHEMA = 1


class DocumentError(ValueError):
    """A signed document that does not agree with its hash, or whose schema is not known."""


@dataclass(frozen=True, slots=True)
class Document:
    """A signed document, read. `data` is the whole of it."""

    data: dict[str, Any]
    draft: Draft
    value: VisitValue

    @property
    def visit(self) -> VisitValue:
        """The visit as the medicine reads it."""
        return self.value

    @property
    def verdict(self) -> str:
        return str(self.data["alerts"]["verdict"])


def canonical(data: dict[str, Any]) -> str:
    """One text for one value: keys sorted, no blanks."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def signed_document(visit: Visit) -> Document:
    """The document of a signed visit, checked against its hash.

    Raises DocumentError where the two disagree, SignedVisit.DoesNotExist where the visit is not signed.
    """
    return open_document(visit.signed)


def open_document(signed: SignedVisit) -> Document:
    """A signed document, checked against its hash. Raises DocumentError where the two disagree."""
    if digest(signed.document) != signed.sha256:
        raise DocumentError(f"visit {signed.visit_id}: the signed document was changed")
    data = json.loads(signed.document)
    if data.get("schema") != SCHEMA:
        raise DocumentError(f"visit {signed.visit_id}: schema {data.get('schema')!r} is not known")
    return Document(data, draft_from(data["draft"]), from_json(data["value"]))
