"""The one condition a field could have, carried over by the migration before."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_published_forms")]
    operations = [
        migrations.RemoveField("formfield", "shown_when_field"),
        migrations.RemoveField("formfield", "shown_when_value"),
    ]
