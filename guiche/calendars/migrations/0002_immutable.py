"""The database refuses to change or remove what was published: deadlines were counted by it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION calendar_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What has not begun may be withdrawn, once.
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at < OLD.effective_from
            AND to_jsonb(NEW) - 'withdrawn_at' = to_jsonb(OLD) - 'withdrawn_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published version of a calendar is immutable';
END $$;
CREATE TRIGGER calendar_version_immutable BEFORE UPDATE OR DELETE ON calendars_calendarversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION calendar_version_is_immutable();
"""
UNDO = """
DROP TRIGGER calendar_version_immutable ON calendars_calendarversion;
DROP FUNCTION calendar_version_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
