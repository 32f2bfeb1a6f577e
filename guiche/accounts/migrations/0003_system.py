"""The system is a person too: it does what clocks, rules and jobs do, and can never sign in."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def make_system(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    User.objects.create(name="Sistema", roles=["system"], email=None, password=make_password(None))


def remove_system(apps, schema_editor):
    apps.get_model("accounts", "User").objects.filter(roles__contains=["system"]).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_photo")]
    operations = [migrations.RunPython(make_system, remove_system)]
