"""The severities, the default team and the request types that every installation begins with."""

from django.db import migrations

from guiche.catalog import shipped


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("workflows", "0002_shipped"), ("accounts", "0001_initial")]
    operations = [migrations.RunPython(lambda apps, editor: shipped.load(apps), migrations.RunPython.noop)]
