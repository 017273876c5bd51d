-- Who was granted what stays readable: rows are never removed, and only their end is written, once.
CREATE TRIGGER "staff_kept" BEFORE DELETE OR TRUNCATE ON "staff" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('staff_kept');
--> statement-breakpoint
CREATE TRIGGER "staff_grants_kept" BEFORE DELETE OR TRUNCATE ON "staff_grants" FOR EACH STATEMENT
EXECUTE FUNCTION "refuse_write"('staff_grants_kept');
--> statement-breakpoint
CREATE TRIGGER "staff_grants_closed_once" BEFORE UPDATE ON "staff_grants" FOR EACH ROW
WHEN (OLD."revoked_at" IS NOT NULL OR NEW."id" <> OLD."id" OR NEW."staff_id" <> OLD."staff_id" OR NEW."role" <> OLD."role"
  OR NEW."office_id" <> OLD."office_id" OR NEW."granted_at" <> OLD."granted_at" OR NEW."granted_by" <> OLD."granted_by")
EXECUTE FUNCTION "refuse_write"('staff_grants_closed_once');
--> statement-breakpoint
-- A code once taken is never good again, and an ended session never opens.
CREATE TRIGGER "staff_recovery_codes_used_once" BEFORE UPDATE ON "staff_recovery_codes" FOR EACH ROW
WHEN (OLD."used_at" IS NOT NULL)
EXECUTE FUNCTION "refuse_write"('staff_recovery_codes_used_once');
--> statement-breakpoint
CREATE TRIGGER "staff_sessions_ended_once" BEFORE UPDATE ON "staff_sessions" FOR EACH ROW
WHEN (OLD."ended_at" IS NOT NULL)
EXECUTE FUNCTION "refuse_write"('staff_sessions_ended_once');
--> statement-breakpoint
CREATE TRIGGER "staff_totp_forward" BEFORE UPDATE OF "totp_step" ON "staff" FOR EACH ROW
WHEN (NEW."totp_step" < OLD."totp_step")
EXECUTE FUNCTION "refuse_write"('staff_totp_forward');
