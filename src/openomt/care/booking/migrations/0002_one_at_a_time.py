from __future__ import annotations

from django.db import migrations

from openomt.care.booking.guard import one_at_a_time


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]
    operations = [one_at_a_time()]
