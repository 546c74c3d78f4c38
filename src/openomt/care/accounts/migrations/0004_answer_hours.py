from __future__ import annotations

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_by_action")]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="answer_hours",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Patients read by when, beside the box. Empty: as many as our triage table says.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(80),
                ],
                verbose_name="Answer patients' messages within, in opening hours",
            ),
        ),
    ]
