"""Whether deadlines pause while a ticket stands in a status: a setting, where the stage alone decided until now."""

from typing import Any

from django.db import migrations, models


def follow_the_stage(apps: Any, editor: Any) -> None:  # Any: Django's registry of a migration has no types
    statuses = apps.get_model("workflows", "Status")._default_manager
    statuses.filter(stage__in=["awaiting_validation", "waiting_on_customer"]).update(pauses_clocks=True)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0002_shipped")]

    operations = [
        migrations.AddField(
            model_name="status",
            name="pauses_clocks",
            field=models.BooleanField(default=False, verbose_name="pauses the deadlines"),
        ),
        migrations.RunPython(follow_the_stage, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="status",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pauses_clocks", False),
                    models.Q(("stage__in", ["cancelled", "done"]), _negated=True),
                    _connector="OR",
                ),
                name="status_ended_does_not_pause",
            ),
        ),
    ]
