"""The database's own guards of the ledger; they hold for every role, whatever the code does."""

from django.db import migrations

FORWARD = """
-- An entry remembers the transaction that writes it, so that nobody adds a leg to an old entry.
CREATE FUNCTION payments_stamp_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.written_in := txid_current();
    RETURN NEW;
END $$;
CREATE TRIGGER entry_stamp BEFORE INSERT ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_stamp_entry();

CREATE FUNCTION payments_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT written_in FROM payments_entry WHERE id = NEW.entry_id) IS DISTINCT FROM txid_current() THEN
        RAISE EXCEPTION 'a leg cannot be added to entry %: it is already written', NEW.entry_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (SELECT currency FROM payments_account WHERE id = NEW.account_id) IS DISTINCT FROM NEW.currency THEN
        RAISE EXCEPTION 'posting and account differ in currency' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posting_check BEFORE INSERT ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_check_posting();

-- A wallet's cached balance follows its postings and nothing else. The platform's own accounts have no cached
-- balance: one row that every payment updates would make all payments wait for each other.
CREATE FUNCTION payments_apply_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_account SET balance_minor = balance_minor + NEW.amount_minor
    WHERE id = NEW.account_id AND kind = 'wallet';
    RETURN NULL;
END $$;
CREATE TRIGGER posting_apply AFTER INSERT ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_apply_posting();

CREATE FUNCTION payments_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance_minor <> 0 THEN
            RAISE EXCEPTION 'an account starts at zero' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.kind, NEW.owner_id, NEW.currency) IS DISTINCT FROM (OLD.kind, OLD.owner_id, OLD.currency) THEN
        RAISE EXCEPTION 'an account does not change hands' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.balance_minor <> OLD.balance_minor AND pg_trigger_depth() < 2
        AND NEW.balance_minor <> (
            SELECT COALESCE(sum(amount_minor), 0) FROM payments_posting WHERE account_id = NEW.id
        )
    THEN
        RAISE EXCEPTION 'a balance changes by postings only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_guard BEFORE INSERT OR UPDATE ON payments_account
    FOR EACH ROW EXECUTE FUNCTION payments_guard_account();

-- An entry sums to zero in each currency and has at least two legs, checked at the commit.
CREATE FUNCTION payments_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint := CASE TG_TABLE_NAME WHEN 'payments_entry' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'entry_id')::bigint END;
BEGIN
    IF (SELECT count(*) FROM payments_posting WHERE entry_id = checked) < 2 THEN
        RAISE EXCEPTION 'entry % has fewer than two legs', checked USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM payments_posting WHERE entry_id = checked GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'entry % does not sum to zero', checked USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_sums_to_zero AFTER INSERT ON payments_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_entry();
CREATE CONSTRAINT TRIGGER posting_sums_to_zero AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_entry();

-- Append-only.
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: reverse by a new entry', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON payments_entry
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER account_stays BEFORE DELETE ON payments_account
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
BACKWARD = """
DROP TRIGGER account_stays ON payments_account;
DROP TRIGGER posting_append_only ON payments_posting;
DROP TRIGGER entry_append_only ON payments_entry;
DROP TRIGGER posting_sums_to_zero ON payments_posting;
DROP TRIGGER entry_sums_to_zero ON payments_entry;
DROP TRIGGER account_guard ON payments_account;
DROP TRIGGER posting_apply ON payments_posting;
DROP TRIGGER posting_check ON payments_posting;
DROP TRIGGER entry_stamp ON payments_entry;
DROP FUNCTION payments_refuse_change();
DROP FUNCTION payments_check_entry();
DROP FUNCTION payments_guard_account();
DROP FUNCTION payments_apply_posting();
DROP FUNCTION payments_check_posting();
DROP FUNCTION payments_stamp_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
