"""A comment may be a diagnosis."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_contracts")]

    operations = [
        migrations.AlterField(
            model_name="comment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("note", "Internal note"),
                    ("solution", "Solution"),
                    ("rejection", "Rejection"),
                    ("reason", "Reason"),
                    ("diagnosis", "Diagnosis"),
                ],
                default="reply",
                max_length=10,
            ),
        ),
    ]
