from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from openomt.care.patients import names


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    manager = apps.get_model("patients", "Guardian")._default_manager.using(schema_editor.connection.alias)
    rows = list(manager.exclude(phone=""))
    for row in rows:
        row.phone_digits = names.digits(row.phone)
    manager.bulk_update(rows, ["phone_digits"], batch_size=500)


class Migration(migrations.Migration):
    """A child is found by the phone of a guardian."""

    dependencies = [("patients", "0002_document_shared")]

    operations = [
        migrations.AddField(
            model_name="guardian",
            name="phone_digits",
            field=models.CharField(blank=True, default="", editable=False, max_length=15),
        ),
        migrations.AddIndex(
            model_name="guardian",
            index=models.Index(
                fields=["phone_digits", "in_error", "closed_at", "patient"], name="guardian_by_phone"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
