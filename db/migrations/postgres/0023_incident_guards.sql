-- An outage is declared, announced and ended once; the same rules as on SQLite, under the same names.
CREATE TRIGGER "incidents_fixed" BEFORE UPDATE ON "incidents" FOR EACH ROW
WHEN (OLD."ended_at" IS NOT NULL OR NEW."id" <> OLD."id" OR NEW."key" <> OLD."key" OR NEW."cause" <> OLD."cause" OR NEW."title" <> OLD."title"
  OR NEW."from_at" <> OLD."from_at" OR NEW."until_at" IS DISTINCT FROM OLD."until_at" OR NEW."declared_by" <> OLD."declared_by"
  OR NEW."declared_at" <> OLD."declared_at" OR (OLD."announced_at" IS NOT NULL AND NEW."announced_at" IS DISTINCT FROM OLD."announced_at"))
EXECUTE FUNCTION "refuse_write"('incidents_fixed');
--> statement-breakpoint
CREATE TRIGGER "incidents_kept" BEFORE DELETE OR TRUNCATE ON "incidents" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('incidents_kept');
--> statement-breakpoint
CREATE TRIGGER "incident_tickets_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "incident_tickets" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('incident_tickets_append_only');
