-- What CHECK and UNIQUE cannot say about claims and bulk work; the same rules as on SQLite, under the same names.
CREATE TRIGGER "assignments_holder_fixed" BEFORE UPDATE ON "assignments" FOR EACH ROW
WHEN (NEW."ticket_id" <> OLD."ticket_id" OR NEW."agent_id" <> OLD."agent_id" OR NEW."claim_id" <> OLD."claim_id")
EXECUTE FUNCTION "refuse_write"('assignments_holder_fixed');
--> statement-breakpoint
CREATE TRIGGER "assignment_log_append_only" BEFORE UPDATE OR DELETE ON "assignment_log" FOR EACH ROW
EXECUTE FUNCTION "refuse_write"('assignment_log_append_only');
--> statement-breakpoint
CREATE TRIGGER "work_policies_immutable" BEFORE UPDATE OR DELETE ON "work_policies" FOR EACH ROW
EXECUTE FUNCTION "refuse_write"('work_policies_immutable');
--> statement-breakpoint
CREATE TRIGGER "bulk_items_verdict_final" BEFORE UPDATE ON "bulk_items" FOR EACH ROW
WHEN (OLD."state" <> 'pending')
EXECUTE FUNCTION "refuse_write"('bulk_items_verdict_final');
--> statement-breakpoint
CREATE TRIGGER "bulk_jobs_finished_for_good" BEFORE UPDATE ON "bulk_jobs" FOR EACH ROW
WHEN (OLD."state" <> 'running')
EXECUTE FUNCTION "refuse_write"('bulk_jobs_finished_for_good');
