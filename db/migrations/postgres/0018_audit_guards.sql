-- What CHECK and UNIQUE cannot say about the audit chain; the same rules as on SQLite, under the same names.
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_write"('audit_entries_append_only');
--> statement-breakpoint
CREATE TRIGGER "audit_checkpoints_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_checkpoints"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_write"('audit_checkpoints_append_only');
--> statement-breakpoint
-- A row is added behind the last one and on its hash, or not at all. Rows of the same statement are seen one after the other.
CREATE FUNCTION "refuse_broken_chain"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE "last" record;
BEGIN
  SELECT "position", "hash" INTO "last" FROM "audit_entries" ORDER BY "position" DESC LIMIT 1;
  IF NEW."position" <> 1 + coalesce("last"."position", 0) OR NEW."prev_hash" <> coalesce("last"."hash", repeat('0', 64))
  THEN PERFORM "refuse"('audit_entries_one_chain'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "audit_entries_one_chain" BEFORE INSERT ON "audit_entries"
FOR EACH ROW EXECUTE FUNCTION "refuse_broken_chain"();
--> statement-breakpoint
-- What was logged since a moment, for the seal: some kilobytes in all, and next to nothing on the hot path.
CREATE INDEX "ticket_log_recorded" ON "ticket_log" USING brin ("recorded_at") WITH (pages_per_range = 16);
