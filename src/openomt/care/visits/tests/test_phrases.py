"""A person's own phrases: kept for that person, expanded while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.testing import location, member, patient, signed_in
from openomt.care.visits.around import today
from openomt.care.visits.models import Phrase, Visit
from openomt.care.visits.phrases import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return member(Role.PHYSICIAN)


def test_a_phrase_is_kept_without_its_dot_and_in_lower_case(user: User) -> None:
    services.save(user, ".Walk", "  Walk 20 minutes.  ")
    assert list(user.phrases.values_list("short", "text")) == [("walk", "Walk 20 minutes.")]


def test_a_change_is_one_row_under_its_new_short_form(user: User) -> None:
    services.save(user, "walk", "Walk.")
    services.save(user, "stroll", "Stroll.", before="walk")
    assert list(user.phrases.values_list("short", "text")) == [("stroll", "Stroll.")]


@pytest.mark.parametrize("short", ["", ".", "2w", "a b", "naïve", "x" * 21, "-a", "a.b", "<b>", "w\u202e"])
def test_a_short_form_that_cannot_be_typed_is_refused(user: User, short: str) -> None:
    with pytest.raises(services.PhraseError) as caught:
        services.save(user, short, "Text")
    assert caught.value.field == "short"
    assert not user.phrases.exists()


def test_a_short_form_stands_for_one_text(user: User) -> None:
    services.save(user, "a", "One")
    services.save(user, "b", "Two")
    with pytest.raises(services.PhraseError, match="taken"):
        services.save(user, "a", "Three")
    with pytest.raises(services.PhraseError, match="taken"):
        services.save(user, "a", "Two", before="b")
    assert dict(user.phrases.values_list("short", "text")) == {"a": "One", "b": "Two"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_text_is_needed_and_has_an_end(user: User, text: str) -> None:
    with pytest.raises(services.PhraseError) as caught:
        services.save(user, "a", text)
    assert caught.value.field == "text"


def test_there_is_an_end_to_how_many(user: User) -> None:
    Phrase.objects.bulk_create(Phrase(user=user, short=f"p{n}", text="x") for n in range(services.MOST))
    with pytest.raises(services.PhraseError, match="Remove one"):
        services.save(user, "more", "x")
    services.save(user, "p1", "changed", before="p1")


def test_the_starting_set_never_writes_over_ones_own(user: User) -> None:
    services.save(user, "w2", "In two weeks, please.")
    assert services.add_starters(user) == len(services.STARTERS) - 1
    assert user.phrases.get(short="w2").text == "In two weeks, please."
    assert services.add_starters(user) == 0


def test_every_phrase_of_the_starting_set_could_be_typed() -> None:
    for short, text in services.STARTERS:
        assert services.plain_short(short) == short
        assert 0 < len(text) <= services.LONGEST_TEXT


def test_every_change_is_in_the_audit_without_its_text(user: User) -> None:
    services.save(user, "a", "Secret words")
    services.save(user, "a", "Other secret words", before="a")
    services.add_starters(user)
    services.remove(user, "a")
    assert not services.remove(user, "a")
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["phrase.add", "phrase.change", "phrase.add_starters", "phrase.remove"]
    assert "ecret" not in str(list(AuditEvent.objects.values_list("detail", "subject")))


class TestPages:
    """What is shown and sent."""

    def test_an_empty_page_offers_a_beginning(self, client: Client, user: User) -> None:
        signed_in(client, user)
        page = client.get(reverse("phrases")).content.decode()
        assert "Back in 2 weeks." in page
        client.post(reverse("phrase_starters"))
        assert user.phrases.count() == len(services.STARTERS)

    def test_what_was_typed_stays_where_it_is_wrong(self, client: Client, user: User) -> None:
        signed_in(client, user)
        answer = client.post(reverse("phrases"), {"short": "9", "text": "Kept <b>words</b>"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Kept &lt;b&gt;words&lt;/b&gt;" in page
        assert "errorlist" in page

    def test_one_is_changed_by_its_form(self, client: Client, user: User) -> None:
        signed_in(client, user)
        services.save(user, "walk", "Walk.")
        assert "Change .walk" in client.get(reverse("phrases"), {"change": "walk"}).content.decode()
        client.post(reverse("phrases"), {"before": "walk", "short": "walk", "text": "Walk more."})
        assert user.phrases.get().text == "Walk more."

    @pytest.mark.parametrize(
        "text", ["x" * 10_000_000, "\x1b[31m", "\u202egnp", "'); DROP TABLE x;--", "🦴 עברית"]
    )
    def test_any_text_is_kept_or_refused_with_a_message(self, client: Client, user: User, text: str) -> None:
        signed_in(client, user)
        answer = client.post(reverse("phrases"), {"short": "odd", "text": text})
        assert answer.status_code in (302, 422)
        assert user.phrases.filter(text=text).exists() == (answer.status_code == 302)

    def test_nobody_sees_or_removes_those_of_another(self, client: Client, user: User) -> None:
        services.save(user, "mine", "My words")
        signed_in(client, member(Role.PHYSICIAN))
        assert client.get(reverse("phrases_json")).json() == {}
        assert "My words" not in client.get(reverse("phrases"), {"change": "mine"}).content.decode()
        client.post(reverse("phrase_remove"), {"short": "mine"})
        assert user.phrases.exists()

    def test_the_list_is_short_form_to_text(self, client: Client, user: User) -> None:
        services.save(user, "walk", "Walk.")
        signed_in(client, user)
        answer = client.get(reverse("phrases_json"))
        assert answer.json() == {"walk": "Walk."}
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.BILLER, Role.AUDITOR, Role.OWNER])
    def test_only_those_who_write_visits_have_phrases(self, client: Client, role: Role) -> None:
        signed_in(client, member(role))
        for name in ("phrases", "phrases_json"):
            assert client.get(reverse(name)).status_code == 403
        for name in ("phrase_remove", "phrase_starters"):
            assert client.post(reverse(name)).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("key", "after"), [("Space", " "), ("Tab", ""), ("Enter", "\n")])
def test_a_short_form_becomes_its_text_while_typing(
    transactional_db: None, open_page: Callable[..., Page], key: str, after: str
) -> None:
    user = member(Role.PHYSICIAN)
    services.save(user, "walk", "Walk 20 minutes.")
    visit = Visit.objects.create(
        patient=patient(), clinician=user, location=location(), number=1, date=today()
    )
    page = open_page(user)
    with page.expect_response("**/phrases.json"):
        page.goto(f"/visits/{visit.uid}")
    plan = page.get_by_role("textbox", name="Plan", exact=True)
    plan.click()
    page.keyboard.type("Today. .walk")
    page.keyboard.press(key)
    assert plan.input_value() == f"Today. Walk 20 minutes.{after}"
    assert plan.evaluate("(box) => box === document.activeElement")


@pytest.mark.browser
def test_what_is_no_phrase_is_left_alone(transactional_db: None, open_page: Callable[..., Page]) -> None:
    user = member(Role.PHYSICIAN)
    services.save(user, "walk", "Walk.")
    visit = Visit.objects.create(
        patient=patient(), clinician=user, location=location(), number=1, date=today()
    )
    page = open_page(user)
    with page.expect_response("**/phrases.json"):
        page.goto(f"/visits/{visit.uid}")
    plan = page.get_by_role("textbox", name="Plan", exact=True)
    plan.click()
    page.keyboard.type("x.walk .walks .5 .constructor ")
    assert plan.input_value() == "x.walk .walks .5 .constructor "


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
def test_axe_finds_nothing_serious(
    transactional_db: None,
    open_page: Callable[..., Page],
    no_serious_axe: Callable[[Page], None],
    width: int,
    dark: bool,
) -> None:
    user = member(Role.PHYSICIAN)
    page = open_page(user, "/phrases", width=width, dark=dark)
    no_serious_axe(page)
    page.get_by_role("button", name="Add these").click()
    page.get_by_role("link", name="Change .w2").click()
    no_serious_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
