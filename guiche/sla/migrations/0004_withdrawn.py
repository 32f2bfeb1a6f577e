"""A version that was published and has not begun may be withdrawn, once; nothing else of it ever changes."""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION sla_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at < OLD.effective_from
                AND to_jsonb(NEW) - 'withdrawn_at' = to_jsonb(OLD) - 'withdrawn_at' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published version of a policy is never changed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
UNDO = """
CREATE OR REPLACE FUNCTION sla_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published version of a policy is never changed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0003_shipped")]
    operations = [
        migrations.AddField("policyversion", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("policyversion", "policy_version_in_force"),
        migrations.AddConstraint(
            "policyversion",
            models.CheckConstraint(
                name="policy_version_in_force",
                condition=models.Q(published_at__isnull=True, withdrawn_at__isnull=True)
                | models.Q(effective_from__isnull=False),
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
