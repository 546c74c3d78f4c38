from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One telling of an intake has one task; those opened before stay as they are."""

    dependencies = [
        ("followup", "0005_severity_words"),
        ("intake", "0003_followup_form"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="intake",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="intake.intake",
            ),
        ),
    ]
