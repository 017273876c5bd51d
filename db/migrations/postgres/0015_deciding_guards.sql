-- Who filed for whom and what was traced is written once; the same rules as on SQLite, under the same names.
CREATE TRIGGER "assisted_filings_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "assisted_filings" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('assisted_filings_append_only');
--> statement-breakpoint
CREATE TRIGGER "kpj_traces_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "kpj_traces" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('kpj_traces_append_only');
--> statement-breakpoint
-- Whoever typed a case for somebody is never the second pair of eyes on it (D28), whatever the machine was told.
CREATE FUNCTION "refuse_checker_assistant"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "assisted_filings" WHERE "ticket_id" = NEW."id" AND "actor_id" = NEW."checker_id")
  THEN PERFORM "refuse"('tickets_checker_independent'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "tickets_checker_not_assistant" BEFORE UPDATE OF "checker_id" ON "tickets" FOR EACH ROW
WHEN (NEW."checker_id" IS NOT NULL)
EXECUTE FUNCTION "refuse_checker_assistant"();
