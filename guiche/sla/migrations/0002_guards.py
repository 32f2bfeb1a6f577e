"""The database renews the stamp of the rules with every change, and refuses to change what was published."""

from django.db import migrations

# Every table that a promise is chosen or counted by.
RULES = (
    *("sla_policy", "sla_policyversion", "sla_target", "sla_severitycalendar", "sla_assignment"),
    *("calendars_calendar", "calendars_calendarversion", "catalog_impact"),
)
STAMP = """
CREATE FUNCTION sla_rules_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sla_ruleset SET stamp = gen_random_uuid();
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER sla_rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION sla_rules_changed();\n"
    for table in RULES
)
UNSTAMP = "DROP FUNCTION sla_rules_changed() CASCADE"

IMMUTABLE = """
CREATE FUNCTION sla_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published version of a policy is never changed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER sla_policyversion_immutable BEFORE UPDATE OR DELETE ON sla_policyversion
    FOR EACH ROW EXECUTE FUNCTION sla_version_is_immutable();

CREATE FUNCTION sla_version_part_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part record;
BEGIN
    part := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    IF EXISTS (SELECT FROM sla_policyversion WHERE id = part.version_id AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a published version of a policy is never changed';
    END IF;
    RETURN part;
END $$;
CREATE TRIGGER sla_target_immutable BEFORE INSERT OR UPDATE OR DELETE ON sla_target
    FOR EACH ROW EXECUTE FUNCTION sla_version_part_is_immutable();
CREATE TRIGGER sla_severitycalendar_immutable BEFORE INSERT OR UPDATE OR DELETE ON sla_severitycalendar
    FOR EACH ROW EXECUTE FUNCTION sla_version_part_is_immutable();
"""
MUTABLE = """
DROP FUNCTION sla_version_is_immutable() CASCADE;
DROP FUNCTION sla_version_part_is_immutable() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0001_initial"),
        ("calendars", "0001_initial"),
        ("catalog", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL("INSERT INTO sla_ruleset (id, stamp) VALUES (1, gen_random_uuid())", migrations.RunSQL.noop),
        migrations.RunSQL(STAMP, UNSTAMP),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
