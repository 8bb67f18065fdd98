"""What the search of categories reads: two columns that PostgreSQL itself keeps equal to the names and keywords."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION search_phrases(typed text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(phrase), '{}') FROM (
        SELECT DISTINCT trim(part) AS phrase
        FROM regexp_split_to_table(replace(lower(typed), 'ё', 'е'), '[\\r\\n,;]+') AS part
        WHERE trim(part) <> ''
    ) AS phrases
$$;
CREATE FUNCTION search_words(typed text) RETURNS tsvector[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(to_tsvector('pg_catalog.russian', phrase)), '{}')
    FROM unnest(search_phrases(typed)) AS phrase
$$;
ALTER TABLE tasks_app_category
    ADD COLUMN phrases text[] NOT NULL GENERATED ALWAYS AS (
        search_phrases(name_ru || chr(10) || name_en || chr(10) || keywords_ru || chr(10) || keywords_en)
    ) STORED,
    ADD COLUMN phrase_words tsvector[] NOT NULL GENERATED ALWAYS AS (
        search_words(name_ru || chr(10) || name_en || chr(10) || keywords_ru || chr(10) || keywords_en)
    ) STORED;
"""
BACK = """
ALTER TABLE tasks_app_category DROP COLUMN phrase_words, DROP COLUMN phrases;
DROP FUNCTION search_words(text);
DROP FUNCTION search_phrases(text);
"""


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0004_feed_districts"), ("kit", "0001_extensions")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
