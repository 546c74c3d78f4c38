from __future__ import annotations

from django.db import migrations, models

from openomt.care.accounts.append_only import append_only

AUDIT = append_only("accounts_auditevent")


class Migration(migrations.Migration):
    """The index of actions also tells when. SQLite makes the table anew for it, without its triggers: they go first."""

    dependencies = [("accounts", "0002_audit_only_grows")]
    operations = [
        migrations.RunPython(AUDIT.reverse_code or migrations.RunPython.noop, AUDIT.code),
        migrations.AlterField("auditevent", "action", models.CharField(max_length=60)),
        migrations.AddIndex("auditevent", models.Index(fields=["action", "at"], name="audit_by_action")),
        append_only("accounts_auditevent"),
    ]
