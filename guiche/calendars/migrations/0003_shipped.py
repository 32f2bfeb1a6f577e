"""The calendar that every installation begins with."""

from django.db import migrations

from guiche.calendars import shipped


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_immutable")]
    operations = [migrations.RunPython(lambda apps, editor: shipped.load(apps), migrations.RunPython.noop)]
