"""The practice's own levels: within the bounds of the medicine, with a reason, in force at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.testing import member, signed_in
from openomt.care.visits.models import RuleSetting
from openomt.care.visits.rule_settings import services, settings_of
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import stated
from openomt.medicine.safety.practice import Setting, practice
from openomt.medicine.safety.tables import LEVELS, tables
from openomt.medicine.safety.values import Fact, PatientFacts, PlannedItem, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
RULE = "R-46"  # thrust at the neck on a blood thinner: contested, recorded as absolute


@pytest.fixture
def owner() -> User:
    return member(Role.OWNER, name="Owner Test")


def _verdict() -> Verdict:
    patient = PatientFacts(present=(stated(Fact("anticoagulant")),))
    return check(patient, [PlannedItem("HVLA", Region.CERVICAL)], settings_of()).verdict


def test_a_setting_is_in_force_at_once_and_names_its_reason(owner: User) -> None:
    assert settings_of() == ()
    assert _verdict() is Verdict.ABSOLUTE
    services.set_level(owner, RULE, "relative", "Our haematologist advised so")
    assert settings_of() == (Setting(RULE, "relative", "Our haematologist advised so", "Owner Test"),)
    assert _verdict() is Verdict.RELATIVE


def test_the_newest_of_a_rule_counts_and_the_older_stay_on_record(owner: User) -> None:
    services.set_level(owner, RULE, "relative", "First")
    services.set_level(owner, RULE, "absolute", "Back again")
    assert settings_of() == ()
    assert _verdict() is Verdict.ABSOLUTE
    assert list(RuleSetting.objects.values_list("level", "reason")) == [
        ("relative", "First"),
        ("absolute", "Back again"),
    ]


def test_settings_are_read_once_until_one_is_added(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services.set_level(owner, RULE, "relative", "Why")
    settings_of()
    with django_assert_num_queries(1):
        settings_of()
    # Another process adds one.
    RuleSetting.objects.create(rule="R-01", level="relative", reason="Why", by=owner)
    assert {setting.rule for setting in settings_of()} == {RULE, "R-01"}


@pytest.mark.parametrize(
    ("rule", "level", "reason", "field"),
    [
        (RULE, "precaution", "Two steps milder", "level"),
        (RULE, "stop", "Stricter than absolute", "level"),
        (RULE, "nonsense", "Why", "level"),
        (RULE, "absolute", "As it is", "level"),
        (RULE, "relative", "   ", "reason"),
        (RULE, "relative", "x" * 301, "reason"),
        ("R-999", "relative", "Why", "level"),
        ("R-G01", "relative", "Not contested", "level"),
    ],
)
def test_what_the_medicine_or_good_sense_forbids_is_refused(
    owner: User, rule: str, level: str, reason: str, field: str
) -> None:
    with pytest.raises(services.SettingError) as caught:
        services.set_level(owner, rule, level, reason)
    assert caught.value.field == field
    assert not RuleSetting.objects.exists()
    assert not AuditEvent.objects.exists()


def test_every_level_offered_is_one_the_medicine_takes_and_no_other_is() -> None:
    for rule in services.contested_rules():
        offered = services.allowed_levels(rule.id)
        assert rule.level in offered
        for level in LEVELS:
            if level in offered:
                practice((Setting(rule.id, level, "Why", "Who"),))
            else:
                with pytest.raises(ValueError, match=rule.id):
                    practice((Setting(rule.id, level, "Why", "Who"),))


def test_a_setting_the_rules_no_longer_allow_is_left_out_and_never_stops_a_check(owner: User) -> None:
    RuleSetting.objects.create(rule="R-999", level="relative", reason="Gone", by=owner)
    RuleSetting.objects.create(rule=RULE, level="precaution", reason="Out of bounds", by=owner)
    assert settings_of() == ()
    assert _verdict() is Verdict.ABSOLUTE


def test_a_change_is_in_the_audit(owner: User) -> None:
    services.set_level(owner, RULE, "relative", "Why", address="192.0.2.1")
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.address) == ("rule.set", f"rule:{RULE}", "192.0.2.1")


class TestPage:
    """The page of all contested rules."""

    def test_it_lists_every_contested_rule_with_why_doubt_and_sources(
        self, client: Client, owner: User
    ) -> None:
        signed_in(client, owner)
        page = client.get(reverse("rule_settings")).content.decode()
        for rule in tables().rules:
            assert (f'id="{rule.id}"' in page) == rule.contested, rule.id
        assert "All stand as recorded." in page

    def test_a_level_is_set_and_its_history_shown(self, client: Client, owner: User) -> None:
        signed_in(client, owner)
        address = reverse("rule_setting", args=[RULE])
        assert client.post(address, {"level": "relative", "reason": "Our <b>reason</b>"}).status_code == 302
        page = client.get(reverse("rule_settings")).content.decode()
        assert "Our &lt;b&gt;reason&lt;/b&gt;" in page
        assert "1 set by this practice" in page
        assert "Owner Test: Caution" in page

    def test_what_was_typed_stays_at_its_rule_where_it_is_wrong(self, client: Client, owner: User) -> None:
        signed_in(client, owner)
        answer = client.post(
            reverse("rule_setting", args=[RULE]), {"level": "absolute", "reason": "Kept words"}
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count("Kept words") == 1
        assert "This is the level it has now." in page

    @pytest.mark.parametrize("level", ["", "stop", "x" * 10_000, "absolute'--"])
    def test_a_level_that_is_none_is_refused(self, client: Client, owner: User, level: str) -> None:
        signed_in(client, owner)
        answer = client.post(
            reverse("rule_setting", args=[RULE]), {"level": level, "reason": "x" * 1_000_000}
        )
        assert answer.status_code == 422
        assert not RuleSetting.objects.exists()

    @pytest.mark.parametrize("rule", ["R-G01", "R-999", "x"])
    def test_a_rule_that_is_not_contested_is_not_found(self, client: Client, owner: User, rule: str) -> None:
        signed_in(client, owner)
        assert client.post(reverse("rule_setting", args=[rule])).status_code == 404

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
    def test_only_who_runs_the_practice_sets_levels(self, client: Client, role: Role) -> None:
        signed_in(client, member(role))
        assert client.get(reverse("rule_settings")).status_code == 403
        assert client.post(reverse("rule_setting", args=[RULE])).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_axe_finds_nothing_serious(
    transactional_db: None,
    open_page: Callable[..., Page],
    no_serious_axe: Callable[[Page], None],
    width: int,
    dark: bool,
) -> None:
    user = member(Role.OWNER)
    services.set_level(user, RULE, "relative", "Why")
    page = open_page(user, "/practice/safety-rules", width=width, dark=dark)
    page.locator(f"#{RULE} summary").click()
    no_serious_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
