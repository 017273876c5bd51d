-- What two officers approved, who may be the second of them, and links that act once; the same rules as on SQLite, under the same names.
CREATE TRIGGER "approvals_fixed" BEFORE UPDATE ON "approvals" FOR EACH ROW
WHEN (NEW."ticket_id" <> OLD."ticket_id" OR NEW."content_version" <> OLD."content_version" OR NEW."maker_id" <> OLD."maker_id"
  OR (OLD."checker_id" IS NOT NULL AND (NEW."mac" <> OLD."mac" OR NEW."maker_role" <> OLD."maker_role" OR NEW."office_id" <> OLD."office_id"
    OR NEW."checker_id" IS DISTINCT FROM OLD."checker_id" OR NEW."checker_role" IS DISTINCT FROM OLD."checker_role"
    OR NEW."confirmed_at" IS DISTINCT FROM OLD."confirmed_at"))
  OR (OLD."ended_at" IS NOT NULL AND (NEW."ended_at" IS DISTINCT FROM OLD."ended_at" OR NEW."void_code" IS DISTINCT FROM OLD."void_code"
    OR NEW."mac" <> OLD."mac")))
EXECUTE FUNCTION "refuse_write"('approvals_fixed');
--> statement-breakpoint
CREATE TRIGGER "approvals_kept" BEFORE DELETE OR TRUNCATE ON "approvals" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('approvals_kept');
--> statement-breakpoint
CREATE TRIGGER "hands_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "hands" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('hands_append_only');
--> statement-breakpoint
CREATE TRIGGER "objection_links_once" BEFORE UPDATE ON "objection_links" FOR EACH ROW
WHEN (OLD."used_at" IS NOT NULL OR NEW."hash" <> OLD."hash" OR NEW."ticket_id" <> OLD."ticket_id" OR NEW."cycle" <> OLD."cycle"
  OR NEW."generation" <> OLD."generation" OR NEW."recipient" <> OLD."recipient")
EXECUTE FUNCTION "refuse_write"('objection_links_once');
--> statement-breakpoint
CREATE TRIGGER "approval_reviews_once" BEFORE UPDATE ON "approval_reviews" FOR EACH ROW
WHEN (OLD."reviewed_at" IS NOT NULL OR NEW."ticket_id" <> OLD."ticket_id" OR NEW."cycle" <> OLD."cycle"
  OR NEW."maker_id" <> OLD."maker_id" OR NEW."checker_id" <> OLD."checker_id")
EXECUTE FUNCTION "refuse_write"('approval_reviews_once');
--> statement-breakpoint
CREATE TRIGGER "approval_reviews_kept" BEFORE DELETE OR TRUNCATE ON "approval_reviews" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('approval_reviews_kept');
--> statement-breakpoint
-- The second pair of eyes belongs to nobody who filed, typed, uploaded or edited (R-4E-1), from whichever side somebody comes.
CREATE FUNCTION "refuse_dependent_checker"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "hands" WHERE "ticket_id" = NEW."id" AND "actor_id" = NEW."checker_id")
    OR EXISTS (SELECT 1 FROM "documents" WHERE "ticket_id" = NEW."id" AND "uploader_id" = NEW."checker_id")
    OR (NEW."type" = 'pengaduan' AND EXISTS (SELECT 1 FROM "ticket_log" WHERE "ticket_id" = NEW."id" AND "actor_id" = NEW."checker_id"
      AND ("seq" = 1 OR "fact" = 'DocumentsUploaded')))
  THEN PERFORM "refuse"('tickets_checker_independent'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "tickets_checker_independent" BEFORE UPDATE OF "checker_id" ON "tickets" FOR EACH ROW
WHEN (NEW."checker_id" IS NOT NULL AND NEW."checker_id" IS DISTINCT FROM OLD."checker_id")
EXECUTE FUNCTION "refuse_dependent_checker"();
--> statement-breakpoint
CREATE TRIGGER "tickets_checker_independent_insert" BEFORE INSERT ON "tickets" FOR EACH ROW
WHEN (NEW."checker_id" IS NOT NULL)
EXECUTE FUNCTION "refuse_dependent_checker"();
--> statement-breakpoint
-- The ticket's row is held meanwhile, so that a confirmation and a hand cannot pass each other.
CREATE FUNCTION "refuse_hand_of_checker"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "actor" text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  PERFORM 1 FROM "tickets" WHERE "id" = NEW."ticket_id" FOR SHARE;
  IF EXISTS (SELECT 1 FROM "tickets" WHERE "id" = NEW."ticket_id" AND "checker_id" = "actor")
  THEN PERFORM "refuse"('tickets_checker_independent'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "hands_not_the_checker" BEFORE INSERT ON "hands" FOR EACH ROW
EXECUTE FUNCTION "refuse_hand_of_checker"('actor_id');
--> statement-breakpoint
CREATE TRIGGER "documents_not_the_checker" BEFORE INSERT ON "documents" FOR EACH ROW
EXECUTE FUNCTION "refuse_hand_of_checker"('uploader_id');
--> statement-breakpoint
CREATE FUNCTION "refuse_log_of_checker"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "tickets" WHERE "id" = NEW."ticket_id" AND "type" = 'pengaduan' AND "checker_id" = NEW."actor_id")
  THEN PERFORM "refuse"('tickets_checker_independent'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ticket_log_not_the_checker" BEFORE INSERT ON "ticket_log" FOR EACH ROW
WHEN (NEW."seq" = 1 OR NEW."fact" = 'DocumentsUploaded')
EXECUTE FUNCTION "refuse_log_of_checker"();
