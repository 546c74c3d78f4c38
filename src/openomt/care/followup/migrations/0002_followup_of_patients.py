import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0001_initial"),
        ("patients", "0001_initial"),
        ("visits", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="danger",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="task",
            name="escalations",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="task",
            name="source",
            field=models.CharField(
                choices=[
                    ("staff", "Entered by hand"),
                    ("answer", "Answer to a check-in"),
                    ("silence", "No answer to a check-in"),
                    ("question", "Message from the patient"),
                ],
                default="staff",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="told",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="task",
            name="words",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="AdverseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("technique", models.CharField(blank=True, max_length=60)),
                ("region", models.CharField(blank=True, max_length=20)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("mild", "Mild: passes without care"),
                            ("moderate", "Moderate: needed care, or kept them from daily life"),
                            ("severe", "Severe: needed urgent care"),
                            ("serious", "Serious: hospital, lasting harm, threat to life, or death"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "onset",
                    models.CharField(
                        choices=[
                            ("during", "During treatment"),
                            ("day", "Within 24 hours"),
                            ("three_days", "1 to 3 days after"),
                            ("week", "4 to 7 days after"),
                            ("later", "More than a week after"),
                            ("unknown", "Not known"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "lasted",
                    models.CharField(
                        choices=[
                            ("hours", "Hours"),
                            ("days", "1 to 3 days"),
                            ("week", "Up to a week"),
                            ("longer", "More than a week"),
                            ("still", "Still there"),
                            ("unknown", "Not known"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "related",
                    models.CharField(
                        choices=[
                            ("definite", "Definite"),
                            ("probable", "Probable"),
                            ("possible", "Possible"),
                            ("unlikely", "Unlikely"),
                            ("unknown", "Cannot be judged"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(max_length=500)),
                ("on", models.DateField()),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("in_error", models.BooleanField(default=False)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="patients.patient",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="followup.task",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adverse_events",
                        to="visits.visit",
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("day", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("useless_after", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("again_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answers", models.JSONField(default=dict)),
                ("result", models.CharField(blank=True, max_length=20)),
                ("row", models.CharField(blank=True, max_length=20)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "Answered"),
                            ("too_late", "Too late to ask"),
                            ("next", "No answer; the next one was sent"),
                            ("no_reply", "No answer"),
                            ("unreachable", "No message could be sent"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="patients.patient",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="visits.visit",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "pk"),
            },
        ),
        migrations.AddField(
            model_name="task",
            name="check_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="followup.checkin",
            ),
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="patients.patient",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="followup.task",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="SymptomReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("language", models.CharField(max_length=2)),
                ("answers", models.JSONField()),
                ("result", models.CharField(max_length=20)),
                ("row", models.CharField(max_length=20)),
                ("told", models.JSONField()),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="followup.checkin",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.guardian",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="TaskEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("raised", "The patient said more"),
                            ("taken", "Taken"),
                            ("handed_over", "Handed over"),
                            ("escalated", "Not answered in time: gone on"),
                            ("called", "Called"),
                            ("replied", "Answered in writing"),
                            ("note", "Note"),
                            ("closed", "Closed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("words", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="followup.task"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(fields=("visit", "day"), name="check_in_once"),
        ),
    ]
