"""The visit page: shown, saved as it is typed, signed, added to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, TypeGuard

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    RawPostDataException,
)
from django.shortcuts import redirect, render
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice, User
from openomt.care.accounts.prepared import Joined
from openomt.care.accounts.signing import (
    SignatureError,
    check_passkey,
    check_signature,
    has_passkey,
    passkey_challenge,
)
from openomt.care.body_infant import is_infant
from openomt.care.booking.models import Appointment
from openomt.care.patients.charts import check_glass, member, open_chart
from openomt.care.patients.facts import shown
from openomt.care.patients.models import Patient
from openomt.care.times import spoken_time
from openomt.care.visits import services
from openomt.care.visits.around import Around, around, around_lately
from openomt.care.visits.before import before
from openomt.care.visits.body_map.picture import overlay
from openomt.care.visits.body_map.shapes import View
from openomt.care.visits.documents import open_document
from openomt.care.visits.drafts import Draft, DraftError, draft_from, to_data
from openomt.care.visits.live import Answer, answer
from openomt.care.visits.models import Visit
from openomt.care.visits.rule_settings import settings_of
from openomt.medicine.narrative import SectionKey
from openomt.medicine.safety.tables import tables
from openomt.medicine.visit import EffortLevel

PARTS = ("status", "ask", "rows", "choose", "safety", "note", "codes", "missing", "steps", "open")
"""The parts of the page that follow the draft, each a template of its own."""
VIEWS: tuple[View, ...] = ("back", "front")
_NOT_SHOWN = frozenset({SectionKey.VISIT, SectionKey.CODES, SectionKey.AS_WRITTEN, SectionKey.SIGNATURE})
"""Sections of the note that the page has in places of their own."""
BIGGEST = 2_000_000
"""Bytes a save may have: every box of the page full."""
_by_uid = Joined(Visit, {"patient": Patient}, lambda uid: Visit.objects.filter(uid=uid))


@allow(Permission.VISIT_WRITE)
@require_POST
def visit_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Opens the visit of today, or of an appointment, and goes to it."""
    patient = open_chart(request, uid, "visit.open")
    appointment = _appointment(request, patient.pk)
    try:
        visit = services.open_visit(
            member(request), patient, appointment=appointment, address=audit.address_of(request)
        )
    except services.VisitError as error:
        messages.error(request, str(error))
        return redirect("chart", patient.uid)
    return redirect("visit", visit.uid)


def _appointment(request: HttpRequest, patient: int) -> Appointment | None:
    try:
        wanted = uuid.UUID(request.POST.get("appointment", ""))
    except ValueError:
        return None
    return Appointment.objects.filter(uid=wanted, patient_id=patient).select_related("location").first()


def _visit(request: HttpRequest, uid: uuid.UUID, action: str) -> Visit:
    """The visit, its chart opened. Raises Http404, RestrictedChartError."""
    visit = Visit.objects.select_related("patient", "clinician", "location", "course").filter(uid=uid).first()
    if visit is None:
        raise Http404
    open_chart(request, visit.patient.uid, action, subject=f"visit:{visit.uid}")
    return visit


@allow(Permission.VISIT_READ, Permission.VISIT_WRITE)
@require_GET
def visit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The visit: a draft to write in, or the signed document."""
    found = _visit(request, uid, "visit.read")
    user = member(request)
    if found.state == Visit.State.DRAFT and user.may(Permission.VISIT_WRITE):
        return _draft_page(request, found, user)
    if found.state in (Visit.State.DRAFT, Visit.State.ABANDONED):
        return render(request, "visits/unsigned.html", {"visit": found, "section": "patients"})
    return render(request, "visits/signed.html", _signed_context(found, user))


def _signed_context(found: Visit, user: User) -> dict[str, Any]:
    signed = found.signed
    return {
        "section": "patients",
        "visit": found,
        "patient": found.patient,
        "signed": signed,
        "document": open_document(signed).data,
        "cosignature": getattr(found, "cosignature", None),
        "addenda": found.addenda.all(),
        "may_cosign": found.state == Visit.State.AWAITING
        and user.may(Permission.VISIT_COSIGN)
        and user.pk != signed.signed_by_id,
    }


def _draft_page(request: HttpRequest, found: Visit, user: User) -> HttpResponse:
    draft = draft_from(found.draft)
    surroundings = _around(found)
    told = answer(draft, surroundings)
    earlier = before(found)
    context = _context(found, draft, surroundings, told) | {
        "section": "patients",
        "user": user,
        "facts": shown(surroundings.facts, found.patient, found.date),
        "before": earlier,
        "carry": json.dumps(earlier.carry) if earlier.visit else "",
        "data": json.dumps(to_data(draft)),
        "saved_at": found.saved_at if found.revision else None,
        "has_pin": bool(user.signing_pin),
        "has_passkey": has_passkey(user),
        "why_not": services.may_sign(user, found.date),
        "mine": found.clinician_id == user.pk,
        "efforts": (("problems", "Problems"), ("data", "Data"), ("risk", "Risk")),
        "effort_levels": [effort.value for effort in EffortLevel],
        "technique_names": [card.code for card in tables().cards.values()],
    }
    return render(request, "visits/visit.html", context)


def _around(found: Visit) -> Around:
    return around(found, cpt=Practice.load().shows_cpt, settings=settings_of())


def _context(found: Visit, draft: Draft, surroundings: Around, told: Answer, line: int = 1) -> dict[str, Any]:
    infant = is_infant(found.patient.birth_date, found.date)
    return {
        "visit": found,
        "patient": found.patient,
        "draft": draft,
        "around": surroundings,
        "answer": told,
        "pictures": {
            view: overlay(
                told.reading.findings,
                view=view,
                current_line=line,
                text=draft.text,
                alerts=told.alerts,
                infant=infant,
            )
            for view in VIEWS
        },
        "sections": [one for one in told.note.sections if one.key not in _NOT_SHOWN],
        "infant": infant,
    }


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the page sends when it saves."""

    draft: Draft
    base: int
    tab: str
    line: int
    have: Mapping[str, str]
    origin: Draft | None = None


def _object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. Raises DraftError saying what is wrong with it."""
    try:
        body = request.body
        if len(body) > BIGGEST:
            raise DraftError(
                "This visit holds too much text to be saved. Take some out; nothing here is lost."
            )
        data = json.loads(body.decode("utf-8"))
    except DraftError:
        raise
    except (RawPostDataException, ValueError, RecursionError):  # ValueError: also a number of 5,000 digits
        raise DraftError("What was sent could not be read. Nothing was saved.") from None
    if not isinstance(data, dict):
        raise DraftError("What was sent is no object. Nothing was saved.")
    return data


def _sent(request: HttpRequest) -> _Sent:
    """Raises DraftError saying what is wrong with what was sent."""
    data = _object(request)
    base, line, tab, have = data.get("base"), data.get("line", 1), data.get("tab", ""), data.get("have", {})
    if not _whole(base) or not _whole(line) or not isinstance(tab, str) or not isinstance(have, dict):
        raise DraftError("base, line, tab or have: not of the right kind. Nothing was saved.")
    origin = data.get("origin")
    return _Sent(
        draft=draft_from(_clean(data.get("draft"))),
        base=base,
        tab=tab[:40],
        line=line,
        have=have,
        origin=None if origin is None else draft_from(_clean(origin)),
    )


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _clean(data: object) -> object:
    """Without what no database keeps: null characters and halves of characters."""
    if isinstance(data, str):
        return data.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    if isinstance(data, list):
        return [_clean(part) for part in data]
    if isinstance(data, dict):
        return {str(_clean(key)): _clean(part) for key, part in data.items()}
    return data


@allow(Permission.VISIT_WRITE)
@require_POST
def visit_draft(request: HttpRequest, uid: uuid.UUID) -> JsonResponse:
    """Saves a draft and answers with the parts of the page that changed by it."""
    found = _with_patient(uid)
    _check_open(request, found)
    try:
        sent = _sent(request)
        saved = services.save(
            member(request),
            found,
            sent.draft,
            base=sent.base,
            tab=sent.tab,
            origin=sent.origin,
            address=audit.address_of(request),
        )
    except DraftError as error:
        return JsonResponse({"error": str(error)}, status=400)
    except services.VisitError as error:
        return JsonResponse({"error": str(error), "signed": True}, status=409)
    practice: Practice = request.practice  # type: ignore[attr-defined]  # set by the access middleware
    surroundings = around_lately(found, cpt=practice.shows_cpt)
    told = answer(saved.draft, surroundings, line=sent.line)
    reply: dict[str, Any] = {
        "revision": saved.revision,
        "at": spoken_time(timezone.localtime(saved.at), seconds=True),
        "marks": [(mark.start, mark.end, mark.kind) for mark in told.marks],
        "both": saved.both,
        "parts": _changed(_context(found, saved.draft, surroundings, told, sent.line), sent.have),
    }
    if saved.merged or saved.draft != sent.draft:
        reply["draft"] = to_data(saved.draft)
    return JsonResponse(reply)


def _with_patient(uid: uuid.UUID) -> Visit:
    """The visit and its patient. Raises Http404."""
    found = next(iter(_by_uid.rows(uid)), None)
    if found is None:
        raise Http404
    return found


def _check_open(request: HttpRequest, found: Visit) -> None:
    check_glass(member(request), found.patient)


def _changed(context: dict[str, Any], have: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The parts that differ from what the page holds: name to digest and HTML."""
    values = Context(context)
    parts = {name: str(template.render(values)) for name, template in _templates().items()}
    parts |= {f"body-{view}": str(picture) for view, picture in context["pictures"].items()}
    found: dict[str, tuple[str, str]] = {}
    for name, html in parts.items():
        digest = blake2b(html.encode(), digest_size=6).hexdigest()
        if have.get(name) != digest:
            found[name] = (digest, html)
    return found


@cache
def _templates() -> dict[str, Template]:
    """The templates of the parts, by name: ten at each save, with the same values."""
    return {name: get_template(f"visits/parts/{name}.html").template for name in PARTS}  # type: ignore[attr-defined]


@allow(Permission.VISIT_SIGN)
@require_POST
def visit_passkey(request: HttpRequest, uid: uuid.UUID) -> JsonResponse:
    """What the browser needs to ask for the signer's passkey."""
    _visit(request, uid, "visit.sign")
    try:
        return JsonResponse(passkey_challenge(request))
    except SignatureError as error:
        return JsonResponse({"error": str(error)}, status=422)


@allow(Permission.VISIT_SIGN)
@require_POST
def visit_sign(request: HttpRequest, uid: uuid.UUID) -> JsonResponse:
    """Signs, after the person has shown once more who they are: by PIN, password or passkey."""
    found = _visit(request, uid, "visit.sign")
    user = member(request)
    try:
        data = _object(request)
    except DraftError as error:
        return JsonResponse({"error": str(error)}, status=400)
    if not _whole(data.get("revision")):
        return JsonResponse({"error": "revision: not a whole number. Nothing was signed."}, status=400)
    if why := services.may_sign(user, found.date):
        return JsonResponse({"error": why}, status=403)
    try:
        if data.get("passkey"):
            check_passkey(request, data["passkey"])
        else:
            check_signature(
                user,
                pin=str(data.get("pin", "")),
                password=str(data.get("password", "")),
                address=audit.address_of(request),
            )
    except SignatureError as error:
        return JsonResponse({"error": str(error)}, status=422)
    try:
        services.sign(user, found, revision=data["revision"], address=audit.address_of(request))
    except services.VisitError as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({"where": reverse("visit", args=[found.uid])})


@allow(Permission.VISIT_COSIGN)
@require_POST
def visit_cosign(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A physician's signature under a trainee's visit."""
    found = _visit(request, uid, "visit.cosign")
    return _with_signature(
        request,
        found,
        lambda user: services.cosign(
            user, found, words=request.POST.get("words", "")[:4000], address=audit.address_of(request)
        ),
        "Co-signed.",
    )


@allow(Permission.VISIT_SIGN)
@require_POST
def visit_addendum(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Adds to a signed visit."""
    found = _visit(request, uid, "visit.addend")
    text = request.POST.get("text", "")
    if len(text) > 20_000:
        return _again(request, found, "An addendum holds at most 20,000 characters.")
    return _with_signature(
        request,
        found,
        lambda user: services.add_addendum(user, found, text, address=audit.address_of(request)),
        "Addendum added.",
    )


def _with_signature(request: HttpRequest, found: Visit, act: Any, done: str) -> HttpResponse:
    """Checks the signature, acts, and shows the visit; or shows it again with what was typed and what is wrong."""
    user = member(request)
    if found.state == Visit.State.DRAFT:
        messages.error(request, "This visit is not signed yet.")
        return redirect("visit", found.uid)
    try:
        check_signature(
            user,
            pin=request.POST.get("pin", ""),
            password=request.POST.get("password", ""),
            address=audit.address_of(request),
        )
        act(user)
    except (SignatureError, services.VisitError) as error:
        return _again(request, found, str(error))
    messages.success(request, done)
    return HttpResponseRedirect(reverse("visit", args=[found.uid]))


def _again(request: HttpRequest, found: Visit, why: str) -> HttpResponse:
    context = _signed_context(found, member(request)) | {
        "problem": why,
        "typed": request.POST.get("text", ""),
        "words": request.POST.get("words", ""),
    }
    return render(request, "visits/signed.html", context, status=422)


@allow(Permission.VISIT_WRITE)
@require_POST
def visit_abandon(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Puts away an empty draft."""
    found = _visit(request, uid, "visit.abandon")
    try:
        services.abandon(member(request), found, address=audit.address_of(request))
    except services.VisitError as error:
        messages.error(request, str(error))
        return redirect("visit", found.uid)
    messages.success(request, "The empty draft was put away.")
    return redirect("chart", found.patient.uid)
