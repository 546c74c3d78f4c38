"""The only writers of check-ins: planned, sent, opened, answered, reminded of, closed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.booking import slots
from openomt.care.booking.diary import practice_zone
from openomt.care.contact import services as contact
from openomt.care.contact.jobs import cancel, enqueue
from openomt.care.contact.reach import reach
from openomt.care.followup import services as tasks
from openomt.care.followup.checkins import flow
from openomt.care.followup.checkins.around import around, treated
from openomt.care.followup.deadlines import within
from openomt.care.followup.escalation import first_owner
from openomt.care.followup.models import CheckIn, SymptomReport, Task
from openomt.care.patients.models import Guardian
from openomt.care.portal import links
from openomt.care.portal.access import Scope, Visitor
from openomt.care.visits.models import Visit
from openomt.care.words import page_language
from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.phrases import region_title, technique_record
from openomt.medicine.triage import DAYS, Context, Population, Triage, no_reply, triage
from openomt.medicine.triage.tables import triage_tables

Closed = CheckIn.Closed
SENT_AT = dt.time(9)
"""By the practice's clock."""
LAST_DAY = 14
"""Days after the visit on which the last check-in is not worth asking any more; each other one, until the next."""
SILENT_AFTER = (dt.timedelta(hours=8), dt.timedelta(hours=24), dt.timedelta(hours=32))
"""After how long without an answer the first reminder goes out, the second, and the rule of silence holds."""
URGENCY = {"E": Task.Urgency.EMERGENCY, "U": Task.Urgency.SAME_DAY, "office": Task.Urgency.CALL}
"""The urgency of a task by the result of a check-in; any other result is a call without hurry."""
_CALL = "staff_call"


# Planned ----------------------------------------------------------------------------------------------


def plan(visit: Visit) -> list[CheckIn]:
    """Check-ins on days 1, 3 and 7 after a visit with treatment; none after any other. Planning twice plans once.

    Call it inside the transaction that signs the visit.
    """
    if not treated(visit):
        return []
    zone = practice_zone()
    starts = [slots.at(visit.date + dt.timedelta(days=day), SENT_AT, zone) for day in (*DAYS, LAST_DAY)]
    made = []
    for day, due, end in zip(DAYS, starts[:-1], starts[1:], strict=True):
        check_in, _ = CheckIn.objects.get_or_create(
            visit=visit,
            day=day,
            defaults={"patient_id": visit.patient_id, "due_at": due, "useless_after": end},
        )
        # The job has no end of its own: it must run in any case, to close what is not asked any more.
        enqueue("followup.checkin", f"checkin:{visit.uid}:{day}", {"check_in": check_in.pk}, run_after=due)
        made.append(check_in)
    return made


# Sent -------------------------------------------------------------------------------------------------


def send(check_in: CheckIn, now: dt.datetime) -> None:
    """Sends it, or closes it where it came too late. Call it inside the transaction of the job."""
    if check_in.closed_at is not None or check_in.sent_at is not None or check_in.answered_at is not None:
        return
    if now >= check_in.useless_after:
        close(check_in, Closed.TOO_LATE, now)
        return
    before = CheckIn.objects.filter(visit=check_in.visit, day__lt=check_in.day, closed_at=None)
    for earlier in before:
        if not settle_unfinished(earlier, now):
            close(earlier, Closed.NEXT, now)
    if not _message(check_in, "checkin", "", now):
        unreachable(check_in, now)
        return
    check_in.sent_at = now
    check_in.save(update_fields=["sent_at"])
    _plan_silence(check_in, 0, now)
    _record(None, "checkin.sent", check_in)


def ask_again(check_in: CheckIn, now: dt.datetime) -> None:
    """Asks the same once more, because the first answer asked for that. What was said before stays in its report."""
    if (
        check_in.again_at is not None
        or now >= check_in.useless_after
        or check_in.closed_why != Closed.ANSWERED
    ):
        return
    if not _message(check_in, "checkin", ":again", now):
        return
    check_in.again_at, check_in.answers = now, {}
    check_in.closed_at, check_in.closed_why, check_in.answered_at = None, "", None
    check_in.save()
    _record(None, "checkin.sent_again", check_in)


def _message(check_in: CheckIn, template: str, end: str, now: dt.datetime) -> bool:
    """Queues a message with a private link; whether the patient, or a child's guardian, can be reached."""
    patient = check_in.patient
    guardian = links.answers_for(patient)
    if not reach(patient, guardian=guardian):
        return False
    target = reverse("followup_mine_checkin", args=[check_in.uid])
    sent = contact.send(
        patient,
        template,
        key=f"checkin:{check_in.visit.uid}:{check_in.day}{end}",
        link=links.make(patient, Scope.CHECKIN, target, guardian=guardian),
        guardian=guardian,
        not_before=now,
        useless_after=check_in.useless_after,
    )
    return sent is not None


def unreachable(check_in: CheckIn, now: dt.datetime) -> None:
    """No message can ask. On day 3 a person calls: for somebody who gets no message, a call is the only reminder."""
    close(check_in, Closed.UNREACHABLE, now)
    if check_in.day != DAYS[1]:
        return
    why = (
        reach(check_in.patient, guardian=links.answers_for(check_in.patient)).why_not or "The message failed."
    )
    _open_silent(check_in, triage_tables().results[_CALL].task, why, now)


def undelivered(check_in: CheckIn, now: dt.datetime) -> None:
    """A message was given up, or nobody knows whether it came: as if it could not be sent."""
    if check_in.closed_at is None and check_in.answered_at is None:
        unreachable(check_in, now)


# Silence ----------------------------------------------------------------------------------------------


def _plan_silence(check_in: CheckIn, step: int, now: dt.datetime) -> None:
    if step < len(SILENT_AFTER):
        at = (check_in.sent_at or now) + SILENT_AFTER[step]
        payload = {"check_in": check_in.pk, "step": step}
        enqueue("followup.silence", f"silence:{check_in.uid}:{step}", payload, run_after=at)


def silent(check_in: CheckIn, step: int, now: dt.datetime) -> None:
    """Nobody answered yet: a reminder, a call by a person, or the end. `no_reply` of the medicine decides."""
    if check_in.closed_at is not None or check_in.answered_at is not None:
        return
    if settle_unfinished(check_in, now):
        return
    if now >= check_in.useless_after:
        close(check_in, Closed.NO_REPLY, now)
        return
    population, context = around(check_in.visit, _today(now))
    found = no_reply(check_in.day, check_in.reminders, context, population)
    if found.urgency == "remind":
        _remind(check_in, step, now)
    elif found.urgency == _CALL:
        _open_silent(check_in, found.task.text if found.task else found.title, "", now)
    else:
        close(check_in, Closed.NO_REPLY, now)
        if found.task is not None:
            _open_silent(
                check_in, found.task.text, "", now, due=within(found.task.hours, found.task.working, now)
            )


def _remind(check_in: CheckIn, step: int, now: dt.datetime) -> None:
    if not _message(check_in, "checkin_again", f":reminder{step + 1}", now):
        unreachable(check_in, now)
        return
    check_in.reminders += 1
    check_in.save(update_fields=["reminders"])
    _plan_silence(check_in, step + 1, now)
    _record(None, "checkin.reminded", check_in)


def _open_silent(
    check_in: CheckIn, title: str, why: str, now: dt.datetime, due: dt.datetime | None = None
) -> None:
    if check_in.tasks.filter(source=Task.Source.SILENCE, closed_at=None).exists():
        return
    deadline = triage_tables().results[_CALL].deadline
    if due is None and deadline is not None:
        due = within(deadline.hours, deadline.working, now)
    tasks.open_task(
        None,
        check_in.patient,
        Task.Urgency.CALL,
        title,
        origin=_origin(check_in, why),
        visit=check_in.visit,
        check_in=check_in,
        owner=first_owner(check_in.visit),
        due_at=due,
        source=Task.Source.SILENCE,
        now=now,
    )


def settle_unfinished(check_in: CheckIn, now: dt.datetime) -> bool:
    """Acts on answers that were begun and left; whether there were any."""
    if not check_in.answers or check_in.answered_at is not None:
        return False
    _settle(check_in, None, now, check_in.patient.language)
    return True


# Answered ---------------------------------------------------------------------------------------------


def opened(check_in: CheckIn) -> None:
    """Keeps when its page was first opened."""
    if check_in.opened_at is None:
        now = timezone.now()
        CheckIn.objects.filter(pk=check_in.pk, opened_at=None).update(opened_at=now)
        check_in.opened_at = now


@transaction.atomic
def answer(visitor: Visitor, check_in: CheckIn, step: str, chosen: list[str]) -> CheckIn:
    """Keeps one answer. A danger is acted on at once, anything else when all is answered.

    Raises flow.ChoiceError for what was not to choose. An answer that changes an earlier one is kept beside it.
    """
    held = CheckIn.objects.select_for_update().get(pk=check_in.pk)
    today = timezone.localdate()
    population, context = around(held.visit, today)
    again = held.answered_at is not None
    held.answers = flow.with_answer(held.answers, step, chosen, population)
    held.save(update_fields=["answers"])
    found = judge(held, page_language(), (population, context))
    done = not flow.next_step(held.answers, held.day)
    result, _told = outcome(held, found, page_language())
    if done or again or result in ("E", "U"):
        _settle(held, visitor.guardian, timezone.now(), page_language(), finished=done or result == "E")
    visitor.record("checkin.answered", subject=f"checkin:{held.uid}", detail={"step": step})
    return held


def judge(check_in: CheckIn, language: str, about: tuple[Population, Context] | None = None) -> Triage:
    """What the answers come to as they stand, in a language."""
    population, context = about or around(check_in.visit, timezone.localdate())
    told = flow.told(check_in.answers, population)
    words = str(check_in.answers.get(flow.WORDS, ""))
    return triage(check_in.day, told, words, population, context, language)


def _today(now: dt.datetime) -> dt.date:
    """The practice's day; the worker has no zone of its own."""
    return now.astimezone(practice_zone()).date()


def is_danger(check_in: CheckIn) -> bool:
    """Whether the patient pressed “I have one of these”, without having said yet which."""
    return flow.DANGER in check_in.answers


def _settle(
    check_in: CheckIn, guardian: Guardian | None, now: dt.datetime, language: str, *, finished: bool = True
) -> None:
    """Keeps the report, opens or raises the task, and closes the check-in where it is finished."""
    about = around(check_in.visit, _today(now))
    found = judge(check_in, language, about)
    result, told = outcome(check_in, found, language)
    shown = told if finished else ()  # in the middle of the questions nothing was told yet
    check_in.result, check_in.row = result, found.row
    if finished:
        check_in.answered_at = check_in.closed_at = now
        check_in.closed_why = Closed.ANSWERED
    check_in.save()
    SymptomReport.objects.create(
        check_in=check_in,
        guardian=guardian,
        at=now,
        language=language,
        answers=check_in.answers,
        result=result,
        row=found.row,
        told=list(shown),
    )
    _act(check_in, found, result, shown, about[0], now)
    if finished and found.again_in_days and check_in.again_at is None:
        day = _today(now) + dt.timedelta(days=found.again_in_days)
        at = slots.at(day, SENT_AT, practice_zone())
        enqueue("followup.again", f"again:{check_in.uid}", {"check_in": check_in.pk}, run_after=at)
    elif finished:
        cancel(f"again:{check_in.uid}")


def outcome(check_in: CheckIn, found: Triage, language: str) -> tuple[str, tuple[str, ...]]:
    """The result and what the patient is told; who pressed the button of danger is told what an emergency is."""
    if not is_danger(check_in) or found.urgency == "E":
        return found.urgency, found.tell
    if check_in.answers[flow.DANGER]:
        return found.urgency, found.tell
    record = triage_tables().results["E"]
    return "E", (record.es if language == "es" else record.tell,)


def _act(  # noqa: PLR0913, PLR0917  (what a task is made of)
    check_in: CheckIn,
    found: Triage,
    result: str,
    told: tuple[str, ...],
    population: Population,
    now: dt.datetime,
) -> None:
    """The task that follows; where there is none to open, what silence had opened is closed."""
    words = "\n".join(
        part
        for part in (flow.in_words(check_in.answers, population), check_in.answers.get(flow.WORDS, ""))
        if part
    )
    danger = result == "E"
    standing = check_in.tasks.filter(source=Task.Source.ANSWER, closed_at=None).first()
    for silent_one in check_in.tasks.filter(source=Task.Source.SILENCE, closed_at=None):
        tasks.close_by_itself(silent_one, "The patient answered the check-in.", now)
    record = triage_tables().results[result]
    title = found.task.text if found.task and found.urgency == result else record.task
    due = within(record.deadline.hours, record.deadline.working, now) if record.deadline else None
    urgency = URGENCY.get(result, Task.Urgency.CALL)
    if standing is not None:
        tasks.raise_task(
            standing, urgency, title or standing.title, words, told, danger=danger, now=now, due_at=due
        )
        return
    if not record.task and not found.never_auto_close:
        return
    call = triage_tables().results["office"]
    if due is None and call.deadline is not None:  # words of danger in an answer that asks for nothing
        due = within(call.deadline.hours, call.deadline.working, now)
    tasks.open_task(
        None,
        check_in.patient,
        urgency,
        title or "Read the patient's own words: they name a danger sign",
        words=words,
        origin=_origin(check_in),
        visit=check_in.visit,
        check_in=check_in,
        owner=first_owner(check_in.visit),
        due_at=due,
        source=Task.Source.ANSWER,
        told=told,
        danger=danger,
        now=now,
    )


def _origin(check_in: CheckIn, why: str = "") -> str:
    """`Check-in day 3, cervical treated 20 Nov (HVLA). Prefers the phone.`"""
    rows = treated(check_in.visit)
    names = dict.fromkeys(name for row in rows for name in row.techniques.split(",") if name)
    short = [record.abbreviation if (record := technique_record(name)) else name for name in names]
    places = ", ".join(region_title(Region(row.region)).lower() for row in rows)
    date = check_in.visit.date
    said = f"Check-in day {check_in.day}, {places} treated {date.day} {date:%b} ({', '.join(short)})"
    return f"{said}. {why}".strip(". ")[:120] if why else said[:120]


def close(check_in: CheckIn, why: CheckIn.Closed, now: dt.datetime, user: User | None = None) -> None:
    """Nobody is asked any more. Closing it twice changes nothing."""
    closed = CheckIn.objects.filter(pk=check_in.pk, closed_at=None).update(closed_at=now, closed_why=why)
    if closed:
        check_in.closed_at, check_in.closed_why = now, why
        _record(user, "checkin.closed", check_in, {"why": why.value})


def _record(
    user: User | None, action: str, check_in: CheckIn, detail: dict[str, object] | None = None
) -> None:
    audit.record(
        user, action, patient_id=check_in.patient_id, subject=f"checkin:{check_in.uid}", detail=detail
    )


def standing(check_in: CheckIn, now: dt.datetime) -> bool:
    """Whether it may still be answered, or its answer changed: until the next one is due, whatever closed it."""
    return now < check_in.useless_after
