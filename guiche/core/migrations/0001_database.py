"""Extensions, the sort and search key, and the cache table shared by all processes."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

SORT_KEY = """
CREATE FUNCTION sort_key(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));
"""

# Unlogged: limits and counters may be lost in a crash, and must not cost a write to the log.
CACHE = """
CREATE UNLOGGED TABLE cache_entry (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX cache_entry_expires ON cache_entry (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION sort_key(text)"),
        migrations.RunSQL(CACHE, "DROP TABLE cache_entry"),
    ]
