from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from openomt.care.accounts import factor_keys

_SECRETS = {"totp": "secret", "recovery_codes": "seed"}


def seal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("mfa", "Authenticator")._default_manager.using(schema_editor.connection.alias)
    for row in rows.filter(type__in=_SECRETS):
        name = _SECRETS[row.type]
        if not factor_keys.is_sealed(row.data[name]):
            row.data[name] = factor_keys.seal(row.data[name])
            row.save(update_fields=["data"])


class Migration(migrations.Migration):
    """Second factors of before are sealed all at once: at their next use, those of people who stay away would never be.

    There is no way back: an older program cannot open what was sealed. This one also reads what is not.
    """

    dependencies = [("accounts", "0004_answer_hours"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
