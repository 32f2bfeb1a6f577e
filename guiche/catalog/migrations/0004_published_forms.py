"""What every form asked until now becomes its conditions and its first published version."""

from typing import Any

from django.db import migrations


def carry(registry: Any, editor: Any) -> None:  # Any: as migrations give them
    versions = registry.get_model("catalog.FormVersion").objects
    for row in registry.get_model("catalog.FormField").objects.exclude(shown_when_field=""):
        row.conditions = [{"field": row.shown_when_field, "is": True, "value": row.shown_when_value}]
        row.save(update_fields=["conditions"])
    for kind in registry.get_model("catalog.RequestType").objects.order_by("id"):
        rows = kind.form_fields.select_related("custom").order_by("position", "id")
        plan = {"version": 1, "lines": [_line(row) for row in rows]}
        versions.get_or_create(request_type=kind, number=1, defaults={"plan": plan})


def _line(row: Any) -> dict[str, Any]:
    own = row.custom and {
        "name": row.custom.name,
        "kind": row.custom.kind,
        "choices": row.custom.choices,
        "is_for_customers": row.custom.is_for_customers,
    }
    return {
        "code": row.standard or f"custom-{row.custom_id}",
        "own": own,
        "is_required": row.is_required,
        "help": row.help,
        "rules": row.conditions,
    }


def carry_back(registry: Any, editor: Any) -> None:
    """Keep the first condition that says *is*: the form knew no more."""
    for row in registry.get_model("catalog.FormField").objects.exclude(conditions=[]):
        first = next((one for one in row.conditions if one["is"]), {"field": "", "value": ""})
        row.shown_when_field, row.shown_when_value = first["field"], first["value"]
        row.save(update_fields=["shown_when_field", "shown_when_value"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_form_versions")]
    operations = [migrations.RunPython(carry, carry_back)]
