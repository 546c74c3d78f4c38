"""The only writers of visits: open, save a draft, sign, co-sign, add an addendum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, Role
from openomt.care.accounts.by_key import ByKey
from openomt.care.accounts.models import Location, Practice, User
from openomt.care.accounts.prepared import Prepared
from openomt.care.accounts.writing import Insert, Update, UpdateAndInsert
from openomt.care.booking.models import Appointment
from openomt.care.patients.models import Patient, RefusalEntry
from openomt.care.patients.services import enter
from openomt.care.visits import signals, signing
from openomt.care.visits.around import around
from openomt.care.visits.documents import digest
from openomt.care.visits.drafts import Draft, draft_from, merge, to_data
from openomt.care.visits.models import (
    Addendum,
    CoSignature,
    DraftSave,
    SignedVisit,
    Visit,
    VisitRegion,
)
from openomt.care.visits.rule_settings import settings_of

_to_change = ByKey(Visit, lock=True)
_write = Update(Visit, "draft", "revision", "saved_at", "saved_by")
_keep = Insert(DraftSave)
_write_next = UpdateAndInsert(
    _write,
    _keep,
    "revision = %s AND state = %s AND EXISTS (SELECT 1 FROM visits_draftsave AS earlier"
    " WHERE earlier.visit_id = visits_visit.id AND earlier.by_id = %s AND earlier.tab = %s AND earlier.at >= %s)",
)
AUDIT_EVERY = dt.timedelta(seconds=60)
"""Saves of one tab within this time stand as one event in the audit; each stands in `DraftSave` until signing."""


class VisitError(ValueError):
    """Something that cannot be done with this visit. The message says why, for the person who tried."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it now is. `merged`: somebody else's words came in; `both`: boxes that hold both texts."""

    draft: Draft
    revision: int
    at: dt.datetime
    merged: bool = False
    both: tuple[str, ...] = ()


def open_visit(  # noqa: PLR0913  (one argument for each thing a visit has)
    user: User,
    patient: Patient,
    *,
    appointment: Appointment | None = None,
    location: Location | None = None,
    day: dt.date | None = None,
    address: str = "",
) -> Visit:
    """The visit of this appointment, or this clinician's unsigned visit of this day; else a new empty draft.

    Raises VisitError for somebody who does not treat patients.
    """
    if not user.is_clinician:
        raise VisitError("Only a clinician opens a visit.")
    day = day or timezone.localdate()
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        there = _standing(user, patient, appointment, day)
        if there is not None:
            return there
        last = Visit.objects.filter(patient=patient).aggregate(last=Max("number"))["last"] or 0
        course = patient.courses.filter(ended_on=None).first()
        visit = Visit.objects.create(
            patient=patient,
            clinician=user,
            location=location or (appointment.location if appointment else None),
            appointment=appointment,
            course=course,
            number=last + 1,
            date=day,
            saved_by=user,
        )
        audit.record(
            user, "visit.opened", patient_id=patient.pk, subject=f"visit:{visit.uid}", address=address
        )
    return visit


def _standing(user: User, patient: Patient, appointment: Appointment | None, day: dt.date) -> Visit | None:
    if appointment is not None:
        found = Visit.objects.filter(appointment=appointment).first()
        if found is not None:
            return found
    return Visit.objects.filter(
        patient=patient, clinician=user, date=day, state=Visit.State.DRAFT, appointment=appointment
    ).first()


def save(  # noqa: PLR0913  (one argument for each thing a save says)
    user: User,
    visit: Visit,
    draft: Draft,
    *,
    base: int,
    tab: str = "",
    origin: Draft | None = None,
    address: str = "",
) -> Saved:
    """Keeps a draft. `base`: the revision it was made from, or `origin` where it was made from no revision
    (typed on while another's words came in); `tab`: which open page it comes from.

    Where somebody saved since, both drafts become one. Nothing is acknowledged before it is in the database.
    Raises VisitError where the visit is signed.
    """
    if origin is None and (next_one := _saved_next(user, visit, draft, base, tab)):
        return next_one
    with transaction.atomic():
        visit = _held(visit)
        if visit.state != Visit.State.DRAFT:
            raise VisitError("This visit is signed. Add an addendum instead.")
        held = draft_from(visit.draft)
        both: tuple[str, ...] = ()
        merged = False
        if origin is not None or base != visit.revision:
            combined = merge(origin or _base(visit, base), draft, held)
            merged, both, draft = combined.draft != draft, combined.both, combined.draft
        if draft == held:
            return Saved(held, visit.revision, visit.saved_at, merged, both)
        now = timezone.now()
        visit.draft, visit.revision = to_data(draft), visit.revision + 1
        visit.saved_at, visit.saved_by = now, user
        _write(visit)
        last = next((at for (at,) in _saved_last.rows(visit.pk, user.pk, tab)), None)
        _keep(DraftSave(visit=visit, revision=visit.revision, draft=visit.draft, at=now, by=user, tab=tab))
        if last is None or now - last > AUDIT_EVERY:
            audit.record(
                user,
                "visit.saved",
                patient_id=visit.patient_id,
                subject=f"visit:{visit.uid}",
                detail={"revision": visit.revision},
                address=address,
            )
    return Saved(draft, visit.revision, now, merged, both)


def _saved_next(user: User, visit: Visit, draft: Draft, base: int, tab: str) -> Saved | None:
    """Keeps what follows on the last save, as most do: while one person types, none comes between.

    None, and nothing kept, where the visit is no longer as it was read, or where the audit must tell of this save.
    """
    data = to_data(draft)
    if base != visit.revision or data == visit.draft:
        return None
    now = timezone.now()
    after = copy(visit)
    after.draft, after.revision, after.saved_at, after.saved_by = data, base + 1, now, user
    kept = DraftSave(visit=after, revision=after.revision, draft=data, at=now, by=user, tab=tab)
    told_since = connection.ops.adapt_datetimefield_value(now - AUDIT_EVERY)
    if not _write_next(after, kept, (base, Visit.State.DRAFT.value, user.pk, tab, told_since)):
        return None
    return Saved(draft, after.revision, now)


def put_in(visit: Visit, change: Callable[[Draft], Draft], *, tab: str) -> Saved:
    """Changes the draft for somebody who is no member: a patient who answers on a page of their own.

    It stands as a revision of its own, so that open pages merge it with what is typed there. The caller writes the
    audit, last. Raises VisitError where the visit is signed.
    """
    with transaction.atomic():
        visit = _held(visit)
        if visit.state != Visit.State.DRAFT:
            raise VisitError("This visit is signed.")
        held = draft_from(visit.draft)
        draft = change(held)
        if draft == held:
            return Saved(held, visit.revision, visit.saved_at)
        now = timezone.now()
        visit.draft, visit.revision, visit.saved_at = to_data(draft), visit.revision + 1, now
        _write(visit)
        _keep(DraftSave(visit=visit, revision=visit.revision, draft=visit.draft, at=now, tab=tab))
    return Saved(draft, visit.revision, now)


@Prepared
def _saved_last(visit: int, by: int, tab: str) -> QuerySet[DraftSave, Any]:
    return DraftSave.objects.filter(visit=visit, by=by, tab=tab).values_list("at")[:1]


def _held(visit: Visit) -> Visit:
    """The visit as it is, now that nobody else can change it."""
    now = _to_change.get(visit.pk)
    if now is None:
        raise VisitError("This visit is not here any more.")
    return now


def _base(visit: Visit, revision: int) -> Draft:
    """The draft as it was at a revision; an empty one where that is not known, so that nothing is taken away."""
    found = visit.saves.filter(revision=revision).values_list("draft", flat=True).first()
    return draft_from(found) if found is not None else Draft()


def may_sign(user: User, day: dt.date) -> str:
    """Why this person may not sign OMT given on this day; empty where they may."""
    if not user.may(Permission.VISIT_SIGN):
        return "Your role does not sign visits."
    if Role.TRAINEE in user.role_names and Role.PHYSICIAN not in user.role_names:
        return ""
    covering = [one for one in user.licenses.all() if one.covers(day)]
    if not any(one.may_sign_omt for one in covering):
        return (
            "No credential on file lets you sign OMT on this day. The owner enters credentials under People."
        )
    return ""


def sign(user: User, visit: Visit, *, revision: int | None = None, address: str = "") -> SignedVisit:
    """Signs the visit as it stands. The caller has checked that it is this person who signs.

    A trainee's signature leaves the visit waiting for a physician's. `revision`: the one the signer saw.
    Raises VisitError, saying why.
    """
    now = timezone.now()
    with transaction.atomic():
        visit = (
            Visit.objects.select_for_update(of=("self",))
            .select_related("patient", "clinician", "location")
            .get(pk=visit.pk)
        )
        draft = _to_sign(user, visit, revision)
        practice = Practice.load()
        made = signing.document(
            user, visit, draft, around(visit, cpt=practice.shows_cpt, settings=settings_of()), now
        )
        if made.unanswered:
            raise VisitError(
                f"Give a reason for what you keep against a warning: {', '.join(made.unanswered)}."
            )
        signed = SignedVisit.objects.create(
            visit=visit,
            schema=made.data["schema"],
            document=made.text,
            sha256=digest(made.text),
            note=made.note,
            signed_by=user,
            signed_as=str(user),
            signed_at=now,
        )
        trainee = Role.PHYSICIAN not in user.role_names
        visit.state = Visit.State.AWAITING if trainee else Visit.State.SIGNED
        visit.save(update_fields=["state"])
        derive(visit, made.regions)
        visit.saves.all().delete()
        _keep_refusals(user, visit, draft, address)
        signals.signed.send(Visit, visit=visit)
        audit.record(
            user,
            "visit.signed",
            patient_id=visit.patient_id,
            subject=f"visit:{visit.uid}",
            detail={"sha256": signed.sha256, "revision": visit.revision, "co-signature": trainee},
            address=address,
        )
    return signed


def _to_sign(user: User, visit: Visit, revision: int | None) -> Draft:
    if visit.state != Visit.State.DRAFT:
        raise VisitError("This visit is already signed.")
    if revision is not None and revision != visit.revision:
        raise VisitError("Somebody changed this visit since you read it. Read it once more, then sign.")
    if why := may_sign(user, visit.date):
        raise VisitError(why)
    if user.pk != visit.clinician_id:
        raise VisitError(f"This is {visit.clinician}'s visit. Only they sign it.")
    draft = draft_from(visit.draft)
    if draft.is_empty:
        raise VisitError("There is nothing to sign yet.")
    return draft


def _keep_refusals(user: User, visit: Visit, draft: Draft, address: str) -> None:
    """A technique refused for always stands on the patient's record from now on, and binds every later visit."""
    held = set(visit.patient.refusals.standing().values_list("technique", flat=True))
    for one in draft.refused:
        if not one.always or one.technique in held:
            continue
        held.add(one.technique)
        enter(RefusalEntry, visit.patient, user, technique=one.technique, words="", address=address)


def derive(visit: Visit, rows: list[VisitRegion]) -> None:
    """Rows for lists, out of the signed document; made anew each time."""
    visit.regions.all().delete()
    VisitRegion.objects.bulk_create(rows)


def cosign(user: User, visit: Visit, *, words: str = "", address: str = "") -> CoSignature:
    """A physician's signature under a trainee's visit. Raises VisitError, saying why not."""
    with transaction.atomic():
        visit = Visit.objects.select_for_update().get(pk=visit.pk)
        if visit.state != Visit.State.AWAITING:
            raise VisitError("This visit does not wait for a co-signature.")
        if not user.may(Permission.VISIT_COSIGN):
            raise VisitError("Your role does not co-sign visits.")
        if why := may_sign(user, visit.date):
            raise VisitError(why)
        if user.pk == visit.signed.signed_by_id:
            raise VisitError("The person who signed cannot co-sign.")
        made = CoSignature.objects.create(
            visit=visit, signed_by=user, signed_as=str(user), words=words, sha256=visit.signed.sha256
        )
        visit.state = Visit.State.SIGNED
        visit.save(update_fields=["state"])
        audit.record(
            user, "visit.cosigned", patient_id=visit.patient_id, subject=f"visit:{visit.uid}", address=address
        )
    return made


def add_addendum(user: User, visit: Visit, text: str, *, address: str = "") -> Addendum:
    """A correction or addition under a signed visit. Raises VisitError, saying why not."""
    text = text.strip()
    if not text:
        raise VisitError("Write what the addendum says.")
    if visit.state not in (Visit.State.SIGNED, Visit.State.AWAITING):
        raise VisitError("This visit is not signed yet: change the draft itself.")
    if not user.may(Permission.VISIT_SIGN):
        raise VisitError("Your role does not add to visits.")
    with transaction.atomic():
        made = Addendum.objects.create(
            visit=visit,
            text=text,
            signed_by=user,
            signed_as=str(user),
            sha256=digest(f"{visit.signed.sha256}\n{text}"),
        )
        audit.record(
            user, "visit.addendum", patient_id=visit.patient_id, subject=f"visit:{visit.uid}", address=address
        )
    return made


def abandon(user: User, visit: Visit, *, address: str = "") -> None:
    """Puts away an empty draft opened by mistake. Raises VisitError where it holds anything."""
    with transaction.atomic():
        visit = Visit.objects.select_for_update().get(pk=visit.pk)
        if visit.state != Visit.State.DRAFT or not draft_from(visit.draft).is_empty:
            raise VisitError("Only an empty draft can be put away.")
        visit.state = Visit.State.ABANDONED
        visit.appointment = None
        visit.save(update_fields=["state", "appointment"])
        audit.record(
            user,
            "visit.abandoned",
            patient_id=visit.patient_id,
            subject=f"visit:{visit.uid}",
            address=address,
        )
