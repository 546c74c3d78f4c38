from __future__ import annotations

from django.db import migrations

from openomt.care.accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_followup_of_patients")]
    operations = [append_only("followup_taskevent"), append_only("followup_symptomreport")]
