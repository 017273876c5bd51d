-- What CHECK and UNIQUE cannot say about personal data, proofs and documents; the same rules as on SQLite, under the same names.
CREATE TRIGGER "ticket_keys_destroyed_for_good" BEFORE UPDATE ON "ticket_keys" FOR EACH ROW
WHEN (OLD."destroyed_at" IS NOT NULL)
EXECUTE FUNCTION "refuse_write"('ticket_keys_destroyed_for_good');
--> statement-breakpoint
CREATE TRIGGER "ticket_keys_kept" BEFORE DELETE ON "ticket_keys" FOR EACH ROW
EXECUTE FUNCTION "refuse_write"('ticket_keys_kept');
--> statement-breakpoint
CREATE TRIGGER "tombstones_append_only" BEFORE UPDATE OR DELETE ON "tombstones" FOR EACH ROW
EXECUTE FUNCTION "refuse_write"('tombstones_append_only');
--> statement-breakpoint
CREATE TRIGGER "contacts_forward_only" BEFORE UPDATE ON "contacts" FOR EACH ROW
WHEN (NEW."generation" < OLD."generation")
EXECUTE FUNCTION "refuse_write"('contacts_forward_only');
--> statement-breakpoint
CREATE TRIGGER "challenges_tries_only_grow" BEFORE UPDATE ON "challenges" FOR EACH ROW
WHEN (NEW."tries" < OLD."tries")
EXECUTE FUNCTION "refuse_write"('challenges_tries_only_grow');
--> statement-breakpoint
CREATE TRIGGER "challenges_consumed_once" BEFORE UPDATE ON "challenges" FOR EACH ROW
WHEN (OLD."consumed_at" IS NOT NULL AND NEW."consumed_at" IS DISTINCT FROM OLD."consumed_at")
EXECUTE FUNCTION "refuse_write"('challenges_consumed_once');
--> statement-breakpoint
CREATE TRIGGER "challenges_address_fixed" BEFORE UPDATE ON "challenges" FOR EACH ROW
WHEN (NEW."ticket_id" <> OLD."ticket_id" OR NEW."channel" <> OLD."channel" OR NEW."purpose" <> OLD."purpose"
  OR NEW."generation" <> OLD."generation" OR NEW."address_index" <> OLD."address_index")
EXECUTE FUNCTION "refuse_write"('challenges_address_fixed');
--> statement-breakpoint
CREATE TRIGGER "access_tokens_revoked_for_good" BEFORE UPDATE ON "access_tokens" FOR EACH ROW
WHEN (OLD."revoked_at" IS NOT NULL AND NEW."revoked_at" IS DISTINCT FROM OLD."revoked_at"
  OR NEW."ticket_id" <> OLD."ticket_id" OR NEW."purpose" <> OLD."purpose" OR NEW."expires_at" > OLD."expires_at")
EXECUTE FUNCTION "refuse_write"('access_tokens_revoked_for_good');
--> statement-breakpoint
CREATE TRIGGER "documents_final" BEFORE UPDATE ON "documents" FOR EACH ROW
WHEN (OLD."state" IN ('refused', 'erased') AND NEW."state" <> OLD."state" AND NEW."state" <> 'erased')
EXECUTE FUNCTION "refuse_write"('documents_final');
--> statement-breakpoint
CREATE TRIGGER "documents_evidence_fixed" BEFORE UPDATE ON "documents" FOR EACH ROW
WHEN (NEW."ticket_id" <> OLD."ticket_id" OR NEW."sha256" <> OLD."sha256" OR NEW."kind" <> OLD."kind" OR NEW."uploader_id" <> OLD."uploader_id")
EXECUTE FUNCTION "refuse_write"('documents_evidence_fixed');
--> statement-breakpoint
CREATE TRIGGER "dir_replacements_append_only" BEFORE UPDATE ON "dir_replacements" FOR EACH ROW
EXECUTE FUNCTION "refuse_write"('dir_replacements_append_only');
--> statement-breakpoint
CREATE TRIGGER "tasks_finished_for_good" BEFORE UPDATE ON "tasks" FOR EACH ROW
WHEN (OLD."state" = 'done')
EXECUTE FUNCTION "refuse_write"('tasks_finished_for_good');
--> statement-breakpoint
CREATE FUNCTION "refuse_under_legal_hold"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "legal_holds" WHERE "ticket_id" = NEW."ticket_id" AND "lifted_at" IS NULL)
  THEN PERFORM "refuse"('ticket_keys_legal_hold'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ticket_keys_legal_hold" BEFORE UPDATE OF "wrapped" ON "ticket_keys" FOR EACH ROW
WHEN (NEW."wrapped" IS NULL) EXECUTE FUNCTION "refuse_under_legal_hold"();
--> statement-breakpoint
-- What an approval rests on stays as the officers saw it, from the proposal until the account is changed (D32): only a proof may be taken back, and erasure passes.
-- The ticket's row is held meanwhile, so that an approval and a change cannot pass each other.
CREATE FUNCTION "refuse_under_approval"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "tickets" WHERE "id" = NEW."ticket_id" FOR SHARE;
  IF EXISTS (SELECT 1 FROM "tickets" WHERE "id" = NEW."ticket_id" AND ("maker_id" IS NOT NULL OR "checker_id" IS NOT NULL))
  THEN PERFORM "refuse"(TG_ARGV[0]); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "contacts_fixed_by_approval" BEFORE UPDATE ON "contacts" FOR EACH ROW
WHEN (NEW."sealed" IS NOT NULL
  AND (NEW."generation" <> OLD."generation" OR NEW."sealed" IS DISTINCT FROM OLD."sealed"
    OR (NEW."proven_generation" IS NOT NULL AND NEW."proven_generation" IS DISTINCT FROM OLD."proven_generation")))
EXECUTE FUNCTION "refuse_under_approval"('contacts_fixed_by_approval');
--> statement-breakpoint
CREATE TRIGGER "identities_fixed_by_approval" BEFORE UPDATE ON "identities" FOR EACH ROW
WHEN (NEW."sealed" IS NOT NULL AND (NEW."version" <> OLD."version" OR NEW."sealed" IS DISTINCT FROM OLD."sealed"))
EXECUTE FUNCTION "refuse_under_approval"('identities_fixed_by_approval');
--> statement-breakpoint
CREATE TRIGGER "matches_fixed_by_approval" BEFORE UPDATE ON "matches" FOR EACH ROW
WHEN (NEW."participant_id" IS DISTINCT FROM OLD."participant_id" OR NEW."identity_version" <> OLD."identity_version")
EXECUTE FUNCTION "refuse_under_approval"('matches_fixed_by_approval');
