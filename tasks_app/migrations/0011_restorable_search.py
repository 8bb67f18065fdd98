"""A dump is restored with an empty search path: what a generated column calls must name its schema."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION search_words(typed text) RETURNS tsvector[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(to_tsvector('pg_catalog.russian', phrase)), '{}')
    FROM unnest(public.search_phrases(typed)) AS phrase
$$;
"""
BACK = """
CREATE OR REPLACE FUNCTION search_words(typed text) RETURNS tsvector[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(to_tsvector('pg_catalog.russian', phrase)), '{}')
    FROM unnest(search_phrases(typed)) AS phrase
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0010_sound_reference_data")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
