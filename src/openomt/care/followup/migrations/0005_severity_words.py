from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """What each severity means stands in the knowledge, with its source."""

    dependencies = [("followup", "0004_sources")]

    operations = [
        migrations.AlterField(
            model_name="adverseevent",
            name="severity",
            field=models.CharField(
                choices=[
                    ("mild", "Mild"),
                    ("moderate", "Moderate"),
                    ("severe", "Severe"),
                    ("serious", "Serious"),
                ],
                max_length=8,
            ),
        ),
    ]
