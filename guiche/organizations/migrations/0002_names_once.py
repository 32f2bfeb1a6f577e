"""One organisation to a name, whatever its accents and case. Of those that share one, the first keeps it."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db import migrations, models
from django.db.models import Count, Value

from guiche.core.fields import SortKey

LONGEST = 120


def tell_apart(apps: Any, editor: Any) -> None:  # Any: historical models have no types
    """Number the later ones of each name: "Acme (2)". Nothing is merged, no ticket or person moves."""
    rows = apps.get_model("organizations", "Organization").objects.annotate(key=SortKey("name"))
    shared = rows.values("key").annotate(count=Count("pk")).filter(count__gt=1).order_by("key")
    for key in list(shared.values_list("key", flat=True)):
        for row in list(rows.filter(key=key).order_by("pk"))[1:]:
            row.name = _free(rows, row.name)
            row.save(update_fields=["name"])


def _free(rows: Any, name: str) -> str:  # Any: rows of a historical model
    endings = (f" ({number})" for number in count(2))
    names = (f"{name[: LONGEST - len(ending)]}{ending}" for ending in endings)
    return next(name for name in names if not rows.filter(key=SortKey(Value(name))).exists())


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]
    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            "organization",
            models.UniqueConstraint(SortKey("name"), name="organization_name_once"),
        ),
    ]
