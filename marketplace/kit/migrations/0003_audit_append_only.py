from django.db import migrations

FORWARD = """
CREATE FUNCTION kit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON kit_auditevent
    FOR EACH ROW EXECUTE FUNCTION kit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON kit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION kit_refuse_change();
"""
BACKWARD = """
DROP TRIGGER audit_no_truncate ON kit_auditevent;
DROP TRIGGER audit_append_only ON kit_auditevent;
DROP FUNCTION kit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_live_and_audit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
