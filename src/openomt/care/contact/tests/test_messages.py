"""Messages: to whom, at which address, when, in which language, and what they may say."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from openomt.care import words
from openomt.care.accounts.models import AuditEvent
from openomt.care.contact import quiet, reach, services, worker
from openomt.care.contact.letters import ALLOWED, checked, letter
from openomt.care.contact.models import ContactSettings, Message
from openomt.care.patients.models import Guardian, Patient
from openomt.care.testing import patient, practice
from openomt.knowledge import load
from openomt.knowledge.vocabulary import Technique
from openomt.medicine.anatomy import Region
from tests.reading_level import grade, spanish_ease

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("America/New_York")
NOON = dt.datetime(2026, 12, 1, 12, tzinfo=ZONE)
WEEK = dt.timedelta(days=7)
LINK = "https://practice.example/l/abc"


def _patient(**fields: Any) -> Patient:
    return patient(**({"contact": "email", "email": "alma@example.test"} | fields))


def _child(**fields: Any) -> Patient:
    born = timezone.localdate() - dt.timedelta(days=9 * 365)
    return _patient(birth_date=born, email="child@example.test", **fields)


def _guardian(child: Patient, **fields: Any) -> Guardian:
    values = {"name": "Guard Ian", "relation": "mother", "email": "ian@example.test"}
    return Guardian.objects.create(patient=child, **(values | fields))


def _send(one: Patient, template: str = "checkin", key: str = "key", **more: Any) -> Message | None:
    return services.send(one, template, key=key, link=LINK, **more)


def _sent(one: Patient, **more: Any) -> Message:
    message = _send(one, **more)
    assert message is not None
    return message


# To whom ----------------------------------------------------------------------------------------------


def test_a_message_goes_the_way_the_patient_prefers() -> None:
    mail = _sent(_patient(), key="mail")
    assert (mail.channel, mail.address) == ("email", "alma@example.test")
    text = _sent(_patient(contact="text", phone="(555) 555-0100"), key="text")
    assert (text.channel, text.address) == ("text", "+15555550100")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"contact": "phone"}, "Prefers the phone."),
        ({"contact": "none"}, "Does not want to be contacted."),
        ({"email": ""}, "no address on file"),
        ({"contact": "text", "phone": "ask the neighbor"}, "no address on file"),
        ({"contact": "text", "phone": "555-0100"}, "no address on file"),
    ],
)
def test_who_may_not_be_reached_gets_nothing_and_staff_can_say_why(fields: dict[str, str], why: str) -> None:
    one = _patient(**fields)
    assert _send(one) is None
    assert why in reach.reach(one).why_not
    assert not Message.objects.exists()


def test_an_installation_without_a_way_out_makes_no_message(settings: Any) -> None:
    settings.KEEP_MESSAGES, settings.SMTP = False, ""
    assert _send(_patient()) is None
    settings.SMTP, settings.MAIL_FROM = "smtp://localhost", "office@practice.example"
    assert _send(_patient()) is not None


def test_a_childs_message_goes_to_a_guardian_who_may_consent() -> None:
    child = _child()
    assert _send(child) is None, "never to the child's own address"
    _guardian(child, name="Visitor", email="visitor@example.test", may_consent=False)
    _guardian(child, name="Gone", email="gone@example.test", closed_at=timezone.now())
    _guardian(child, name="Without", email="")
    assert _send(child) is None
    who = _guardian(child)
    message = _sent(child)
    assert (message.guardian, message.address) == (who, "ian@example.test")


def test_on_the_eighteenth_birthday_a_patient_answers_for_themselves() -> None:
    today = timezone.localdate()
    born = today.replace(year=today.year - 18, day=min(today.day, 28))
    grown = _patient(birth_date=born)
    assert reach.is_child(grown, born.replace(year=born.year + 18) - dt.timedelta(days=1))
    assert not reach.is_child(grown, born.replace(year=born.year + 18))


def test_a_restricted_chart_changes_nothing() -> None:
    assert _send(_patient(restricted=True)) is not None


def test_a_merged_record_is_not_written_to() -> None:
    assert _send(_patient(merged_into=_patient())) is None


# Once -------------------------------------------------------------------------------------------------


def test_the_same_key_is_one_message() -> None:
    one = _patient()
    first = _sent(one)
    assert _send(one) == first
    worker.run_due(NOON + WEEK)
    assert _send(one) == first
    assert Message.objects.count() == 1
    assert AuditEvent.objects.filter(action="message.made").count() == 1


def test_a_message_made_anew_after_a_restore_has_the_id_it_had() -> None:
    one = _patient()
    uid = _sent(one).uid
    assert _sent(one, key="another").uid != uid
    Message.objects.all().delete()
    assert _sent(one).uid == uid


def test_a_message_that_is_not_needed_any_more_does_not_go_out() -> None:
    _sent(_patient(), not_before=NOON)
    assert services.withdraw("key")
    assert not services.withdraw("key")
    worker.run_due(NOON + WEEK)
    message = Message.objects.get()
    assert (message.state, message.link) == ("closed", "")


def test_a_clock_set_forward_a_week_sends_what_is_of_use_and_closes_what_is_not_once() -> None:
    one = _patient()
    for day in range(1, 7):
        then = NOON + dt.timedelta(days=day)
        _sent(one, key=f"still {day}", not_before=then)
        _sent(one, key=f"late {day}", not_before=then, useless_after=then + dt.timedelta(hours=8))
    assert worker.run_due(NOON + WEEK) == 12
    assert worker.run_due(NOON + WEEK) == 0
    went = Message.objects.filter(state="kept").values_list("key", flat=True)
    late = Message.objects.filter(state="closed", sent_at=None).values_list("key", flat=True)
    assert set(went) == {f"still {day}" for day in range(1, 7)}
    assert set(late) == {f"late {day}" for day in range(1, 7)}


# When -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "opens"),
    [
        ("2026-12-01 07:59", "2026-12-01 08:00"),
        ("2026-12-01 08:00", "2026-12-01 08:00"),
        ("2026-12-01 19:59", "2026-12-01 19:59"),
        ("2026-12-01 20:00", "2026-12-02 08:00"),
        ("2026-12-01 23:30", "2026-12-02 08:00"),
        ("2026-03-08 01:30", "2026-03-08 08:00"),  # the night that is an hour shorter
    ],
)
def test_quiet_hours_run_over_midnight_by_the_practices_clock(hour: str, opens: str) -> None:
    moment, wanted = (dt.datetime.fromisoformat(one).replace(tzinfo=ZONE) for one in (hour, opens))
    assert quiet.after_quiet(moment, ZONE, dt.time(20), dt.time(8)) == wanted


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Honolulu"]),
)
def test_the_end_of_quiet_hours_is_not_quiet_and_never_a_day_away(
    moment: dt.datetime, begin: dt.time, end: dt.time, zone: str
) -> None:
    place = zoneinfo.ZoneInfo(zone)
    opens = quiet.after_quiet(moment, place, begin, end)
    assert moment <= opens <= moment + dt.timedelta(hours=25)
    if opens != moment:
        clock = opens.astimezone(place).time()
        assert clock >= end, "later only where the clock was set forward over the end"


def test_a_message_waits_for_the_end_of_the_quiet_hours_also_where_they_were_changed_since() -> None:
    practice()
    late = NOON.replace(hour=21)
    message = _sent(_patient(), not_before=late)
    assert message.not_before == NOON.replace(day=2, hour=8)
    ContactSettings.objects.create(pk=1, quiet_from=dt.time(20), quiet_until=dt.time(10))
    assert worker.run_due(NOON.replace(day=2, hour=9)) == 1
    message.refresh_from_db()
    assert (message.state, message.not_before) == ("waiting", NOON.replace(day=2, hour=10))
    assert message.attempts == 0, "waiting is no try"
    worker.run_due(NOON.replace(day=2, hour=10))
    message.refresh_from_db()
    assert message.state == "kept"


def test_what_a_patient_asked_for_goes_out_at_night_and_although_the_address_wants_no_messages() -> None:
    practice()
    services.opt_out("email", "Alma@Example.test")
    night = NOON.replace(hour=23)
    message = _sent(_patient(), template="sign_in", not_before=night, asked_for=True)
    worker.run_due(night)
    message.refresh_from_db()
    assert message.state == "kept"


# Who wants none ---------------------------------------------------------------------------------------


def test_an_address_that_wants_no_messages_gets_none_until_it_wants_them_again() -> None:
    one = _patient()
    waiting = _sent(one, key="before", not_before=NOON)
    services.opt_out("email", "ALMA@example.test")
    assert _send(one, key="after") is None
    worker.run_due(NOON + WEEK)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == ("closed", "This address wants no messages.")
    services.opt_in("email", "alma@example.test")
    assert _send(one, key="again") is not None


def test_an_opt_out_is_of_one_way_only() -> None:
    services.opt_out("text", "555 555 0100")
    assert _send(_patient(phone="555 555 0100")) is not None
    assert _send(_patient(phone="+1 (555) 555-0100", contact="text"), key="text") is None


# What they say ----------------------------------------------------------------------------------------

TEMPLATES = sorted(
    key.removeprefix("contact.").removesuffix("_body")
    for key in words.words()
    if key.startswith("contact.") and key.endswith("_body")
)
CLINICAL = (
    "pain", "hurt", "sore", "ache", "treat", "symptom", "diagnos", "spine", "back ", "neck", "osteopath", "manipul",
    "therap", "condition", "disease", "injur", "pregnan", "medic", "consent", "technique", "exam", "test result",
    "dolor", "duele", "tratamiento", "síntoma", "espalda", "cuello", "osteop", "terapia", "enferm", "lesión",
    "embaraz", "consentimiento", "técnica", "salud", "health", "clinic", "clínic",
)  # fmt: skip


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_no_message_holds_a_word_of_medicine_or_any_value_but_time_place_practice_and_link(
    template: str, language: str
) -> None:
    for part in ("subject", "body", "text"):
        said = words.words()[f"contact.{template}_{part}"][language]
        assert not [word for word in CLINICAL if word in said.lower()], (template, part)
        assert words.values_of(said) <= ALLOWED | {"practice", "phone", "link"}


def test_no_message_names_a_technique_or_region_of_the_knowledge() -> None:
    names = {one.title.lower() for one in load().all(Technique)} | {one.value for one in Region}
    assert len(names) > 20
    for template in TEMPLATES:
        for part in ("subject", "body", "text"):
            for said in words.words()[f"contact.{template}_{part}"].values():
                assert not [name for name in names if f" {name} " in f" {said.lower()} "], template


def test_a_value_that_no_message_may_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="may not hold complaint"):
        _send(_patient(), values={"complaint": "low back"})
    with pytest.raises(ValueError, match="needs day"):
        _send(_patient(), template="intake")
    with pytest.raises(ValueError, match="no words"):
        _send(_patient(), template="nothing")


def test_a_day_and_a_time_are_said_in_the_patients_language_by_the_practices_clock() -> None:
    practice(name="Elm Street")
    then = dt.datetime(2026, 12, 3, 20, 30, tzinfo=dt.UTC)
    values = {"day": then, "time": then, "place": "Main  Street\r\nBcc: x@example.test"}
    english = checked("appointment_reminder", values, "en")
    assert english["day"] == "Thursday, December 3"
    assert english["time"] == "3:30 PM"
    assert english["place"] == "Main Street Bcc: x@example.test"
    spanish = checked("appointment_reminder", values, "es")
    assert spanish["day"] == "jueves 3 de diciembre"
    assert spanish["time"] == "3:30 p.m."
    message = _sent(_patient(language="es"), template="appointment_reminder", values=values)
    said = letter(message)
    assert said.subject == "Su cita es pronto: jueves 3 de diciembre, 3:30 p.m."
    assert LINK in said.body
    assert said.stop in said.body
    assert "Elm Street" in said.body


def test_braces_in_a_value_stay_as_they_are() -> None:
    values = {"day": "{link}", "time": "9", "place": "{0}"}
    message = _sent(_patient(), template="appointment_reminder", values=values)
    assert "{link}" in letter(message).subject


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_message_can_be_written_and_a_text_is_short(template: str, language: str) -> None:
    practice(name="Elm Street Practice", phone="555-555-0100")
    values = {"day": NOON, "time": NOON, "place": "Main Street"}
    for channel in Message.Channel.values:
        message = Message(
            patient=_patient(), channel=channel, template=template, language=language, link=LINK,
            values=checked(template, values, language),
        )  # fmt: skip
        said = letter(message)
        assert LINK in said.body
        assert "{" not in said.body + said.subject
        if channel == Message.Channel.TEXT:
            assert len(said.body) <= 3 * 67, "three parts of a text message with accents"


def test_messages_read_at_grade_six_or_below_and_are_easy_in_spanish() -> None:
    said: dict[str, list[str]] = {"en": [], "es": []}
    for key, sentence in words.words().items():
        if key.startswith("contact.") and not key.endswith("_format"):
            for language in words.LANGUAGES:
                plain = sentence[language].replace("{link}", "").replace("{stop}", "")
                said[language].append(plain.format_map(_Values()).replace("\n", " "))
    assert grade(said["en"]) <= 6
    assert spanish_ease(said["es"]) >= 80


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return {"day": "Monday", "time": "9", "place": "Main Street", "practice": "Elm"}.get(key, "")


def test_who_prefers_the_phone_gets_what_they_just_asked_for() -> None:
    both = patient(contact=Patient.Contact.PHONE, email="ana@example.test", phone="212-555-0123")
    only_phone = patient(contact=Patient.Contact.PHONE, email="", phone="212-555-0123")
    nothing = patient(contact=Patient.Contact.PHONE, email="", phone="")
    assert reach.reach(both).why_not == "Prefers the phone."
    assert reach.reach(both, asked_for=True).address == "ana@example.test"
    assert reach.reach(only_phone, asked_for=True).channel == "text"
    assert not reach.reach(nothing, asked_for=True)
