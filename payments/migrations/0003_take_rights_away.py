from django.db import migrations

# The application's role may add to the journal and nothing else; it does not exist on every machine.
FORWARD = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'poruchi_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON payments_entry, payments_posting, kit_auditevent FROM poruchi_app;
        REVOKE DELETE, TRUNCATE ON payments_account FROM poruchi_app;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_guards"), ("kit", "0005_kept_answers")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
