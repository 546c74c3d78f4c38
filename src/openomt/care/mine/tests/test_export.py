"""Everything of one patient in one file: nothing forgotten, nothing of anybody else, no secret."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse

from openomt.care.accounts.models import AuditEvent
from openomt.care.mine import export
from openomt.care.patients.models import Document, Patient
from openomt.care.portal.models import PrivateLink
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import Visit
from openomt.care.words import words

RIGHT = {"month": "3", "day": "4", "year": "1980"}
SECRET = re.compile(r"token|secret|credential|password|lease|_hash|^link$")


def _reachable() -> dict[str, models.ForeignKey[Any, Any]]:
    """Every table with a row that belongs to a patient, directly or through what does, by its name."""
    found: dict[str, models.ForeignKey[Any, Any]] = {}
    todo: list[type[models.Model]] = [Patient]
    while todo:
        for relation in todo.pop()._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel) or relation.related_model is Patient:
                continue
            model = relation.related_model
            assert isinstance(model, type)
            if model._meta.auto_created or model._meta.label in found:
                continue
            found[model._meta.label] = relation.field
            if model._meta.label not in export.LEFT_OUT:
                todo.append(model)
    return found


REACHABLE = _reachable()


def test_there_are_tables_of_patients() -> None:
    assert len(REACHABLE) > 30
    assert {"visits.SignedVisit", "patients.Goal", "mine.Advice"} <= set(REACHABLE)


@pytest.mark.parametrize("label", sorted(REACHABLE))
def test_every_table_of_a_patient_is_given_out_or_left_out_with_a_reason(label: str) -> None:
    decided = [label in export.TABLES, label in export.LEFT_OUT]
    assert sum(decided) == 1, (
        f"{label} ({REACHABLE[label]}) is about a patient: add it to TABLES in care/mine/export.py, with the way to "
        "its patient, or to LEFT_OUT, with the reason."
    )


@pytest.mark.parametrize("label", sorted(export.TABLES))
def test_every_way_leads_to_a_patient_and_no_column_is_a_secret(label: str) -> None:
    model: type[models.Model] = apps.get_model(label)
    for step in filter(None, export.TABLES[label].split("__")):
        target = model._meta.get_field(step).related_model
        assert isinstance(target, type)
        model = target
    assert model is Patient
    columns = export.columns_of(label)
    assert not [one.name for one in columns if SECRET.search(one.name)]
    assert not [one.name for one in columns if isinstance(one, models.BinaryField)]
    named = {one.name for one in apps.get_model(label)._meta.concrete_fields}
    assert export.NOT_GIVEN.get(label, frozenset()) <= named


def test_what_is_left_out_exists_and_its_reason_stands_in_both_languages() -> None:
    assert set(export.LEFT_OUT) <= set(REACHABLE)
    assert not [why for why in export.LEFT_OUT.values() if f"mine.readme_left_{why}" not in words()]


def _file(one: Patient, language: str = "en") -> zipfile.ZipFile:
    client = visiting(Client(), one)
    answer = client.post(f"{reverse('mine_everything')}?lang={language}", RIGHT)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_file_holds_rows_sheets_papers_and_a_readme(ada: Patient, seen: Visit, language: str) -> None:
    file = _file(ada, language)
    assert file.testzip() is None
    names = set(file.namelist())
    folder = f"visits/{seen.number:03}-{seen.date}"
    wanted = {f"{folder}/{kind}.pdf" for kind in ("summary", "aftercare", "note")}
    assert wanted | {"data.json", "documents/001.pdf"} <= names
    assert file.read("documents/001.pdf") == b"%PDF-1.4 report"
    readme = file.read("README.txt" if language == "en" else "LEAME.txt").decode()
    assert words()["mine.readme_left"][language] in readme
    assert "{" not in readme


def test_the_rows_are_all_there_and_readable_by_a_program(ada: Patient, seen: Visit, other: Patient) -> None:
    tables = json.loads(_file(ada).read("data.json"))["tables"]
    assert set(tables) == set(export.TABLES)
    assert [row["family_name"] for row in tables["patients.Patient"]] == ["Quill"]
    for label, rows in tables.items():
        assert len(rows) == export.rows_of(label, ada).count(), label
    full = [label for label, rows in tables.items() if rows]
    assert {"visits.SignedVisit", "mine.Advice", "patients.Goal", "intake.FormAnswer"} <= set(full)
    assert tables["visits.Visit"][0]["clinician"].startswith("Dora Vance")
    assert "Otherone" not in json.dumps(tables)


def test_a_paper_kept_in_error_or_damaged_is_not_given_out(
    ada: Patient, seen: Visit, paper: Document
) -> None:
    Document.objects.filter(pk=paper.pk).update(content=b"%PDF-1.4 other")
    file = _file(ada)
    assert "documents/001.pdf" not in file.namelist()
    assert "documents/001.pdf" in file.read("README.txt").decode()
    Document.objects.filter(pk=paper.pk).update(in_error=True)
    assert json.loads(_file(ada).read("data.json"))["tables"]["patients.Document"] == []


def test_no_token_leaves_with_it(ada: Patient) -> None:
    link = PrivateLink.objects.create(
        token_hash="f" * 64, patient=ada, scope="all", target="/my/", expires_at="2030-01-01T00:00:00Z"
    )
    text = _file(ada).read("data.json").decode()
    assert str(link.uid) in text
    assert link.token_hash not in text


def test_it_asks_for_the_birth_date_and_is_audited_and_limited(ada: Patient) -> None:
    client = visiting(Client(), ada)
    address = reverse("mine_everything")
    assert client.post(address).status_code == 422
    wrong = client.post(address, RIGHT | {"year": "1981"})
    assert wrong.status_code == 422
    assert "not the birth date" in wrong.content.decode()
    assert client.post(address, RIGHT).status_code == 200
    actions = list(AuditEvent.objects.filter(patient_id=ada.pk).values_list("action", flat=True))
    assert actions.count("export.refused") == 1
    assert actions.count("export.made") == 1
    statuses = [client.post(address, RIGHT | {"year": "1981"}).status_code for _ in range(5)]
    assert statuses[-1] == 429
    assert client.post(address, RIGHT).status_code == 429
    cache.clear()
