-- What CHECK and UNIQUE cannot say; the same rules as on SQLite, under the same names. The name travels in CONSTRAINT.
CREATE FUNCTION "refuse"("rule" text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = "rule", CONSTRAINT = "rule";
END $$;
--> statement-breakpoint
CREATE FUNCTION "refuse_write"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "refuse"(TG_ARGV[0]);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ticket_log_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ticket_log"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_write"('ticket_log_append_only');
--> statement-breakpoint
CREATE TRIGGER "tickets_forward_only" BEFORE UPDATE ON "tickets" FOR EACH ROW
WHEN (NEW."revision" <= OLD."revision" OR NEW."content_version" < OLD."content_version"
  OR NEW."log_seq" < OLD."log_seq" OR NEW."outbox_seq" < OLD."outbox_seq")
EXECUTE FUNCTION "refuse_write"('tickets_forward_only');
--> statement-breakpoint
CREATE TRIGGER "timers_closed_for_good" BEFORE UPDATE ON "timers" FOR EACH ROW WHEN (OLD."state" <> 'pending')
EXECUTE FUNCTION "refuse_write"('timers_closed_for_good');
--> statement-breakpoint
-- Asked after the statement, when all that a commit closes is closed and all that it adds is there.
CREATE FUNCTION "refuse_timer_after_terminal"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "born" JOIN "tickets" ON "tickets"."id" = "born"."ticket_id"
    WHERE "born"."state" = 'pending' AND "tickets"."standing" = 'terminal')
  THEN PERFORM "refuse"('timers_none_after_terminal'); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "timers_none_after_terminal" AFTER INSERT ON "timers" REFERENCING NEW TABLE AS "born"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_timer_after_terminal"();
--> statement-breakpoint
CREATE FUNCTION "refuse_terminal_with_timers"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- By its primary key: `"state" = 'pending'` alone would let the planner walk the whole index of pending timers.
  IF EXISTS (SELECT 1 FROM "timers" WHERE "ticket_id" = NEW."id" AND "state" || '' = 'pending')
  THEN PERFORM "refuse"('timers_none_after_terminal'); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "tickets_terminal_without_timers" AFTER INSERT OR UPDATE ON "tickets" FOR EACH ROW
WHEN (NEW."standing" = 'terminal') EXECUTE FUNCTION "refuse_terminal_with_timers"();
--> statement-breakpoint
CREATE TRIGGER "outbox_delivered_once" BEFORE UPDATE OF "delivered_at" ON "outbox" FOR EACH ROW
WHEN (OLD."delivered_at" IS NOT NULL) EXECUTE FUNCTION "refuse_write"('outbox_delivered_once');
--> statement-breakpoint
CREATE TRIGGER "calendars_immutable" BEFORE UPDATE OR DELETE OR TRUNCATE ON "calendars"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_write"('calendars_immutable');
--> statement-breakpoint
CREATE TRIGGER "policies_immutable" BEFORE UPDATE OR DELETE OR TRUNCATE ON "policies"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_write"('policies_immutable');
--> statement-breakpoint
-- Several relays and sweepers share the rows: until this instant a row belongs to the one who took it.
-- Only this database has the column (SQLite has one process), so it is no part of schema.ts.
ALTER TABLE "outbox" ADD COLUMN "claimed_until" bigint;
--> statement-breakpoint
-- Rows that change often leave room beside themselves, and are swept before their dead versions slow the partial indexes down.
ALTER TABLE "tickets" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
--> statement-breakpoint
ALTER TABLE "timers" SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE "outbox" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
