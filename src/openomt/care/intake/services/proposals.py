"""What a patient told that staff may take over into the chart."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.intake.flow import Teller
from openomt.care.intake.models import Intake, Proposal
from openomt.care.intake.tellers import ENTRIES
from openomt.care.patients import services as on_record
from openomt.care.patients.models import AllergyEntry

NONE_KNOWN = "allergy_none"


def propose(intake: Intake, teller: Teller) -> None:
    """What is new in a finished intake. Call it inside the transaction that finishes it."""
    found: list[tuple[str, str, int | None]] = []
    for kind in ENTRIES:
        given = intake.answers.get(kind) or {}
        there = {_plain(entry.text) for entry in teller.on_record.get(kind, ())}
        found += [(kind, text, None) for text in given.get("new", ()) if _plain(text) not in there]
        ended = {int(key) for key in given.get("ended", ())}
        found += [
            (kind, entry.text, entry.id) for entry in teller.on_record.get(kind, ()) if entry.id in ended
        ]
    if (intake.answers.get("allergy") or {}).get("none") and not teller.on_record.get("allergy"):
        found.append((NONE_KNOWN, "No allergies known", None))
    for key, field in (("reason", "why_here"), ("hope", "what_matters")):
        text = intake.answers.get(key)
        if text and _plain(text) != _plain(getattr(intake.patient, field)):
            found.append((field, text, None))
    Proposal.objects.bulk_create(
        Proposal(intake=intake, patient=intake.patient, kind=kind, text=text[:300], ends=ends)
        for kind, text, ends in found
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def decide(
    by: User, intake: Intake, keys: Iterable[int], *, accept: bool, address: str = ""
) -> tuple[int, list[str]]:
    """Takes proposals over into the chart, or declines them. How many, and what stood in the way of others."""
    done, faults = 0, []
    for row in Proposal.objects.filter(intake=intake, pk__in=list(keys), accepted=None):
        try:
            with transaction.atomic():
                now = Proposal.objects.select_for_update(of=("self",)).get(pk=row.pk)
                if now.accepted is not None:
                    continue
                if accept:
                    _take_over(by, now, address)
                now.accepted, now.decided_by, now.decided_at = accept, by, timezone.now()
                now.save(update_fields=["accepted", "decided_by", "decided_at"])
                audit.record(
                    by,
                    "proposal.accepted" if accept else "proposal.declined",
                    patient_id=now.patient_id,
                    subject=f"proposal:{now.pk}",
                    address=address,
                )
            done += 1
        except ValidationError as error:
            faults.append(f"{row.text}: {' '.join(error.messages)}")
    return done, faults


def _take_over(by: User, one: Proposal, address: str) -> None:
    patient = one.patient
    if one.kind in ("why_here", "what_matters"):
        on_record.change_patient(patient, by, address=address, **{one.kind: one.text})
    elif one.kind == NONE_KNOWN:
        on_record.enter(AllergyEntry, patient, by, address=address, none_known=True)
    elif one.ends is None:
        limit = ENTRIES[one.kind]._meta.get_field("text").max_length
        on_record.enter(ENTRIES[one.kind], patient, by, address=address, text=one.text[:limit])
    else:
        entry = ENTRIES[one.kind]._default_manager.filter(pk=one.ends, patient=patient).first()
        if entry is None:
            raise ValidationError("The entry is not there any more.")
        today = timezone.localdate().isoformat()
        fields = {"medicine": {"stopped": today}, "problem": {"resolved": today}}.get(one.kind)
        if fields is None:  # an operation or an allergy does not end: it was written down by mistake
            on_record.mark_in_error(entry, by, address=address)
        else:
            on_record.end(entry, by, address=address, **fields)
