"""Orders: made, answered, read, canceled; what holds the treatment; what the rules of imaging say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.patients.models import Patient
from openomt.care.testing import location, member, patient, signed_in
from openomt.care.visits.around import today
from openomt.care.visits.models import Order, Visit
from openomt.care.visits.orders import advice, services
from openomt.knowledge import load
from openomt.knowledge.redflags import ImagingRule
from openomt.medicine.safety.plan import stated
from openomt.medicine.safety.values import Fact, PatientFacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return member(Role.PHYSICIAN)


@pytest.fixture
def someone() -> Patient:
    return patient()


def _order(user: User, someone: Patient, **fields: object) -> Order:
    values: dict[str, object] = {"kind": "imaging", "text": "MRI lumbar spine", "holds": True}
    return services.order(user, someone, **(values | fields))  # type: ignore[arg-type]


def test_an_order_holds_the_treatment_until_its_result_is_read(user: User, someone: Patient) -> None:
    row = _order(user, someone)
    assert services.holding(someone) == (row,)
    row = services.result_in(user, row, "No fracture.")
    assert services.holding(someone) == (row,)  # in, and not read yet
    row = services.read(user, row)
    assert services.holding(someone) == ()
    assert (row.state, row.read_by, row.result) == ("read", user, "No fracture.")
    assert row.read_at is not None


def test_an_order_that_does_not_hold_holds_nothing(user: User, someone: Patient) -> None:
    _order(user, someone, holds=False)
    assert services.holding(someone) == ()


def test_canceling_releases_what_was_held(user: User, someone: Patient) -> None:
    row = services.cancel(user, _order(user, someone))
    assert row.state == "canceled"
    assert services.holding(someone) == ()


def test_an_addition_to_a_result_is_kept_beside_it_and_wants_to_be_read_again(
    user: User, someone: Patient
) -> None:
    row = services.read(user, services.result_in(user, _order(user, someone), "Preliminary: normal."))
    row = services.result_in(user, row, "Final: fracture of L1.")
    assert row.result == "Preliminary: normal.\n\nFinal: fracture of L1."
    assert (row.state, row.read_by, row.read_at) == ("result", None, None)
    assert services.holding(someone) == (row,)


def test_what_cannot_be_done_is_refused(user: User, someone: Patient) -> None:
    row = _order(user, someone)
    with pytest.raises(services.OrderError, match="no new result"):
        services.read(user, row)
    with pytest.raises(services.OrderError, match="Write or paste"):
        services.result_in(user, row, "  ")
    services.result_in(user, row, "x")
    with pytest.raises(services.OrderError, match="no result yet"):
        services.cancel(user, row)
    other = services.cancel(user, _order(user, someone))
    with pytest.raises(services.OrderError, match="canceled"):
        services.result_in(user, other, "x")
    with pytest.raises(services.OrderError, match="in all"):
        services.result_in(user, row, "x" * 20_000)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "magic"}, "kind"),
        ({"text": " "}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_an_order_says_what_of_which_kind(
    user: User, someone: Patient, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(services.OrderError) as caught:
        _order(user, someone, **fields)
    assert caught.value.field == field
    assert not Order.objects.exists()


def test_an_order_belongs_to_a_visit_of_its_patient(user: User, someone: Patient) -> None:
    visit = Visit.objects.create(
        patient=patient(), clinician=user, location=location(), number=1, date=today()
    )
    with pytest.raises(services.OrderError, match="another patient"):
        _order(user, someone, visit=visit)


def test_only_who_signs_reads_a_result(user: User, someone: Patient) -> None:
    row = services.result_in(user, _order(user, someone), "x")
    with pytest.raises(services.OrderError, match="signs"):
        services.read(member(Role.FRONT_DESK), row)


def test_a_result_that_changed_meanwhile_is_not_read_by_the_old_page(user: User, someone: Patient) -> None:
    row = _order(user, someone)
    stale = Order.objects.get(pk=row.pk)
    services.cancel(user, row)
    with pytest.raises(services.OrderError, match="canceled"):
        services.result_in(user, stale, "x")


def test_every_change_is_in_the_audit_by_its_fields_only(user: User, someone: Patient) -> None:
    row = _order(user, someone)
    services.read(user, services.result_in(user, row, "Secret finding"))
    services.cancel(user, _order(user, someone))
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == [
        "order.add",
        "order.result",
        "order.read",
        "order.add",
        "order.cancel",
    ]
    assert {event.patient_id for event in events} == {someone.pk}
    assert "Secret" not in str(list(events.values_list("detail", "subject")))


# Imaging rules ---------------------------------------------------------------------------------------------


def _ids(words: str, facts: PatientFacts | None = None) -> list[str]:
    return [one.rule.id for one in advice.advice(words, facts)]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("MRI lumbar spine; suspected cauda equina", "X3"),
        ("X-ray for alignment before thrust", "X14"),
        ("CT neck after trauma", "X7"),
        ("ultrasound: suspected deep vein thrombosis", "X13"),
        ("MRI, suspected infection of the spine", "X5"),
    ],
)
def test_the_rule_for_the_situation_is_shown(words: str, rule: str) -> None:
    assert rule in _ids(words)


def test_a_flag_on_record_brings_its_rule_first() -> None:
    facts = PatientFacts(present=(stated(Fact("rf_cad")),))
    assert _ids("X-ray of the knee", facts)[0] == "X11"
    assert "record holds" in advice.advice("X-ray of the knee", facts)[0].because


def test_words_that_say_nothing_bring_nothing() -> None:
    assert _ids("") == []
    assert _ids("test ordered without reason") == []


def test_every_rule_can_be_read_with_its_sources() -> None:
    shown = advice.everything()
    assert [one.rule for one in shown] == list(load().all(ImagingRule))
    assert all(one.sources and one.what for one in shown)


# Pages -----------------------------------------------------------------------------------------------------


class TestPages:
    """What each role sees and does."""

    def test_an_order_is_made_answered_and_read(self, client: Client, user: User, someone: Patient) -> None:
        signed_in(client, user)
        data = {"kind": "imaging", "text": "MRI", "reason": "weakness", "holds": "on"}
        assert client.post(reverse("order_new", args=[someone.uid]), data).status_code == 302
        row = Order.objects.get()
        assert row.holds
        assert "MRI" in client.get(reverse("orders", args=[someone.uid])).content.decode()
        client.post(reverse("order_result", args=[row.uid]), {"result": "Normal <b>x</b>"})
        page = client.get(reverse("order", args=[row.uid])).content.decode()
        assert "Normal &lt;b&gt;x&lt;/b&gt;" in page
        assert "I have read this result" in page
        client.post(reverse("order_read", args=[row.uid]))
        row.refresh_from_db()
        assert row.state == "read"

    def test_an_order_made_in_a_visit_goes_back_to_it(
        self, client: Client, user: User, someone: Patient
    ) -> None:
        signed_in(client, user)
        visit = Visit.objects.create(
            patient=someone, clinician=user, location=location(), number=1, date=today()
        )
        address = f"{reverse('order_new', args=[someone.uid])}?visit={visit.uid}"
        assert str(visit.uid) in client.get(address).content.decode()
        answer = client.post(address, {"kind": "test", "text": "ESR"})
        assert answer["Location"] == reverse("visit", args=[visit.uid])
        assert Order.objects.get().visit == visit

    @pytest.mark.parametrize("visit", ["x", "5f0c9a52-3f0e-4a3c-9d0e-2f7f5d9f2b11"])
    def test_a_visit_that_is_none_is_not_found(
        self, client: Client, user: User, someone: Patient, visit: str
    ) -> None:
        signed_in(client, user)
        assert client.get(reverse("order_new", args=[someone.uid]), {"visit": visit}).status_code == 404

    def test_what_was_typed_stays_where_it_is_wrong(
        self, client: Client, user: User, someone: Patient
    ) -> None:
        signed_in(client, user)
        answer = client.post(
            reverse("order_new", args=[someone.uid]),
            {"kind": "x", "text": "", "reason": "Kept words", "holds": "on"},
        )
        assert answer.status_code == 422
        assert "Kept words" in answer.content.decode()
        assert "checked" in answer.content.decode()

    @pytest.mark.parametrize(
        "text", ["x" * 10_000_000, "a\x08b", "\u202egnp", "'); DROP TABLE x;--", "🦴 עברית"]
    )
    def test_any_text_is_kept_or_refused_with_a_message(
        self, client: Client, user: User, someone: Patient, text: str
    ) -> None:
        signed_in(client, user)
        answer = client.post(reverse("order_new", args=[someone.uid]), {"kind": "test", "text": text})
        assert answer.status_code in (302, 422)
        assert Order.objects.exists() == (answer.status_code == 302)
        row = Order.objects.first() or _order(user, someone)
        assert client.post(reverse("order_result", args=[row.uid]), {"result": text}).status_code in (
            302,
            422,
        )

    def test_advice_comes_while_typing(self, client: Client, user: User, someone: Patient) -> None:
        signed_in(client, user)
        answer = client.post(
            reverse("order_advice", args=[someone.uid]),
            {"kind": "imaging", "text": "MRI", "reason": "cauda equina"},
        )
        assert "Emergency MRI" in answer.content.decode()
        answer = client.post(
            reverse("order_advice", args=[someone.uid]), {"kind": "referral", "reason": "cauda equina"}
        )
        assert "Emergency MRI" not in answer.content.decode()

    def test_a_restricted_chart_stays_shut(self, client: Client, user: User) -> None:
        someone = patient(restricted=True)
        row = _order(user, someone)
        signed_in(client, member(Role.PHYSICIAN))
        advised = client.post(reverse("order_advice", args=[someone.uid]), {"reason": "cauda equina"})
        assert "Emergency MRI" not in advised.content.decode()
        for address in (
            reverse("orders", args=[someone.uid]),
            reverse("order_new", args=[someone.uid]),
            reverse("order", args=[row.uid]),
        ):
            assert "MRI lumbar" not in client.get(address).content.decode()
        client.post(reverse("order_result", args=[row.uid]), {"result": "x"})
        row.refresh_from_db()
        assert row.result == ""

    def test_advice_while_typing_does_not_fill_the_audit(
        self, client: Client, user: User, someone: Patient
    ) -> None:
        signed_in(client, user)
        client.get(reverse("order_new", args=[someone.uid]))
        before = AuditEvent.objects.count()
        client.post(reverse("order_advice", args=[someone.uid]), {"text": "MRI"})
        assert AuditEvent.objects.count() == before == 1

    def test_every_opening_is_in_the_audit(self, client: Client, user: User, someone: Patient) -> None:
        row = _order(user, someone)
        signed_in(client, user)
        client.get(reverse("order", args=[row.uid]))
        event = AuditEvent.objects.latest("pk")
        assert (event.action, event.patient_id, event.subject) == (
            "order.open",
            someone.pk,
            f"order:{row.uid}",
        )

    @pytest.mark.parametrize(
        ("role", "does"),
        [
            (Role.PHYSICIAN, {"read", "write", "sign"}),
            (Role.TRAINEE, {"read", "write", "sign"}),
            (Role.BILLER, {"read"}),
            (Role.AUDITOR, {"read"}),
            (Role.FRONT_DESK, set()),
            (Role.OWNER, set()),
        ],
    )
    def test_each_role_does_what_its_policy_says(self, client: Client, role: Role, does: set[str]) -> None:
        someone = patient()
        row = _order(member(Role.PHYSICIAN), someone)
        signed_in(client, member(role))
        for name, uid in (("orders", someone.uid), ("order", row.uid)):
            assert (client.get(reverse(name, args=[uid])).status_code == 200) == ("read" in does)
        for name, uid in (
            ("order_new", someone.uid),
            ("order_advice", someone.uid),
            ("order_result", row.uid),
            ("order_cancel", row.uid),
        ):
            assert (client.post(reverse(name, args=[uid])).status_code != 403) == ("write" in does)
        assert (client.post(reverse("order_read", args=[row.uid])).status_code != 403) == ("sign" in does)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_an_order_is_made_with_advice_in_sight_and_axe_finds_nothing_serious(
    transactional_db: None,
    open_page: Callable[..., Page],
    no_serious_axe: Callable[[Page], None],
    width: int,
    dark: bool,
) -> None:
    user, someone = member(Role.PHYSICIAN), patient()
    page = open_page(user, f"/patients/{someone.uid}/orders/new", width=width, dark=dark)
    page.get_by_label("What").fill("MRI lumbar spine")
    page.get_by_label("Reason").fill("suspected cauda equina")
    page.get_by_text("Emergency MRI").first.wait_for()
    no_serious_axe(page)
    page.get_by_label("Treatment waits until the result is read").check()
    page.get_by_role("button", name="Order", exact=True).click()
    page.get_by_role("link", name="MRI lumbar spine").click()
    no_serious_axe(page)
    page.get_by_label("Result").fill("No compression.")
    page.get_by_role("button", name="Keep result").click()
    page.get_by_role("button", name="I have read this result").click()
    page.get_by_text("Was held; released").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
