"""Warnings and escalations: who is told and what is done when a deadline has used a share of its time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from guiche.sla import shipped

# Clocks are woken by them: the stamp of the rules changes with them too.
STAMP = "".join(
    f"CREATE TRIGGER sla_rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION sla_rules_changed();\n"
    for table in ("sla_escalation", "sla_escalation_people")
)
UNSTAMP = """
DROP TRIGGER IF EXISTS sla_rules_changed ON sla_escalation;
DROP TRIGGER IF EXISTS sla_rules_changed ON sla_escalation_people;
"""
METRICS = [
    ("first_response", "First response"),
    ("diagnosis", "Diagnosis"),
    ("solution", "Solution"),
    ("team", "Team"),
]
REMEDIES = [
    ("reassign", "Hand it to a person"),
    ("transfer", "Move it to a team"),
    ("raise", "Raise the severity by one level"),
]
OUTCOMES = [("done", "done"), ("refused", "refused"), ("not_needed", "no longer needed")]


def _key(to, **options):
    return models.ForeignKey(to=to, on_delete=django.db.models.deletion.PROTECT, related_name="+", **options)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_remembered_device"),
        ("catalog", "0005_one_condition_no_more"),
        ("sla", "0005_retargeting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric", models.CharField("deadline", blank=True, choices=METRICS, max_length=16)),
                ("percent", models.PositiveSmallIntegerField("at, in percent used")),
                ("tells_assignee", models.BooleanField(default=False)),
                ("tells_supervisors", models.BooleanField(default=False)),
                ("tells_team", models.BooleanField(default=False)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("remedy", models.CharField(blank=True, choices=REMEDIES, max_length=10)),
                ("is_active", models.BooleanField("active", default=True)),
                ("since", models.DateTimeField()),
                ("people", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("severity", _key("catalog.severity", blank=True, null=True)),
                ("team", _key("accounts.team", blank=True, null=True)),
                ("to_person", _key(settings.AUTH_USER_MODEL, null=True)),
                ("to_team", _key("accounts.team", null=True)),
            ],
            options={"ordering": ["percent", "metric", "id"]},
        ),
        migrations.CreateModel(
            name="DueRemedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                ("reached_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=12)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remedies", to="sla.clock"
                    ),
                ),
                ("escalation", _key("sla.escalation", db_index=False)),
            ],
        ),
        migrations.AddConstraint(
            "escalation",
            models.UniqueConstraint(
                name="escalation_once",
                fields=["metric", "percent", "severity", "team", "remedy"],
                condition=Q(is_active=True),
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "escalation",
            models.CheckConstraint(name="escalation_at_a_share", condition=Q(percent__gte=1, percent__lte=100)),
        ),
        migrations.AddConstraint(
            "escalation",
            models.CheckConstraint(
                name="escalation_remedy_has_its_aim",
                condition=(
                    Q(remedy="reassign", to_person__isnull=False, to_team=None)
                    | Q(remedy="transfer", to_team__isnull=False, to_person=None)
                    | Q(remedy__in=["", "raise"], to_person=None, to_team=None)
                ),
            ),
        ),
        migrations.AddIndex(
            "dueremedy", models.Index(name="due_remedy_to_do", fields=["id"], condition=Q(done_at=None))
        ),
        migrations.AddConstraint(
            "dueremedy",
            models.UniqueConstraint(name="due_remedy_once", fields=["clock", "escalation", "percent"]),
        ),
        migrations.AddConstraint(
            "dueremedy",
            models.CheckConstraint(
                name="due_remedy_has_an_outcome",
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
            ),
        ),
        migrations.RunSQL(STAMP, UNSTAMP),
        migrations.RunPython(lambda apps, editor: shipped.load_escalations(apps), migrations.RunPython.noop),
    ]
