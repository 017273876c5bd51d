-- What was asked, and until when, is fixed; an answer is given once; nothing is taken out of the register.
CREATE TRIGGER "data_requests_answered_for_good" BEFORE UPDATE ON "data_requests" FOR EACH ROW
WHEN (OLD."answered_at" IS NOT NULL)
EXECUTE FUNCTION "refuse_write"('data_requests_answered_for_good');
--> statement-breakpoint
CREATE TRIGGER "data_requests_fixed" BEFORE UPDATE ON "data_requests" FOR EACH ROW
WHEN (NEW."id" <> OLD."id" OR NEW."kind" <> OLD."kind" OR NEW."ticket_id" <> OLD."ticket_id" OR NEW."received_at" <> OLD."received_at"
  OR NEW."due_at" <> OLD."due_at" OR NEW."opened_by" <> OLD."opened_by" OR NEW."opened_at" <> OLD."opened_at"
  OR NEW."breach"::text IS DISTINCT FROM OLD."breach"::text)
EXECUTE FUNCTION "refuse_write"('data_requests_fixed');
--> statement-breakpoint
CREATE TRIGGER "data_requests_kept" BEFORE DELETE ON "data_requests" FOR EACH ROW
EXECUTE FUNCTION "refuse_write"('data_requests_kept');
