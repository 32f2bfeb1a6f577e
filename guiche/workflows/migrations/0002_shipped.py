"""The workflows that every installation begins with."""

from django.db import migrations

from guiche.workflows import shipped


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]
    operations = [migrations.RunPython(lambda apps, editor: shipped.load(apps), migrations.RunPython.noop)]
