"""Apart from the first migration because files have owners, and owners have photos."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("files", "0001_initial")]
    operations = [
        migrations.AddField(
            "user",
            "photo",
            models.ForeignKey(
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="files.storedfile",
            ),
        ),
    ]
