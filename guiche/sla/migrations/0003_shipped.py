"""The promise that every installation begins with."""

from django.db import migrations

from guiche.sla import shipped


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_guards"), ("catalog", "0002_shipped"), ("calendars", "0003_shipped")]
    operations = [migrations.RunPython(lambda apps, editor: shipped.load(apps), migrations.RunPython.noop)]
