from __future__ import annotations

from django.db import migrations

from openomt.care.accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("agree", "0001_initial")]
    operations = [append_only("agree_agreement")]
