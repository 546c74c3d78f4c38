"""What goes to a slow phone is compressed, and its length says nothing exact; pages of members are left alone."""

from __future__ import annotations

import gzip
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.portal.testing import visiting
from openomt.care.testing import signed_in
from openomt.site.tests.world import World

ZIPPED = {"accept-encoding": "gzip, br"}


def _get(client: Client, address: str, **headers: str) -> HttpResponse:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return cast("HttpResponse", answer)


@pytest.mark.parametrize("name", ["mine_home", "learning_techniques", "portal_devices"])
def test_a_patient_page_is_compressed_for_whoever_can_read_it(name: str, world: World) -> None:
    client, address = visiting(Client(), world.patient), reverse(name)
    plain, small = _get(client, address), _get(client, address, **ZIPPED)
    assert not plain.has_header("Content-Encoding")
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert len(small.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(small.content)


def test_the_same_page_is_never_long_in_the_same_way(world: World) -> None:
    client = visiting(Client(), world.patient)
    lengths = {len(_get(client, reverse("learning_techniques"), **ZIPPED).content) for _ in range(12)}
    assert len(lengths) > 3


def test_pages_of_members_and_files_are_left_as_they_are(world: World) -> None:
    member = signed_in(Client(), world.people[Role.PHYSICIAN])
    assert not _get(member, reverse("today"), **ZIPPED).has_header("Content-Encoding")
    files = visiting(Client(), world.patient)
    calendar = reverse("booking_mine_calendar", args=[world.objects["bookings/<uid>"]])
    assert not _get(files, calendar, **ZIPPED).has_header("Content-Encoding")
