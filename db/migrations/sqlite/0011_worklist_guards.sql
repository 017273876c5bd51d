-- What CHECK and UNIQUE cannot say about claims and bulk work. The message of each RAISE is the constraint's name.
CREATE TRIGGER `assignments_holder_fixed` BEFORE UPDATE ON `assignments`
WHEN NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`agent_id` <> OLD.`agent_id` OR NEW.`claim_id` <> OLD.`claim_id`
BEGIN SELECT RAISE(ABORT, 'assignments_holder_fixed'); END;
--> statement-breakpoint
CREATE TRIGGER `assignment_log_append_only_update` BEFORE UPDATE ON `assignment_log`
BEGIN SELECT RAISE(ABORT, 'assignment_log_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `assignment_log_append_only_delete` BEFORE DELETE ON `assignment_log`
BEGIN SELECT RAISE(ABORT, 'assignment_log_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `work_policies_immutable_update` BEFORE UPDATE ON `work_policies`
BEGIN SELECT RAISE(ABORT, 'work_policies_immutable'); END;
--> statement-breakpoint
CREATE TRIGGER `work_policies_immutable_delete` BEFORE DELETE ON `work_policies`
BEGIN SELECT RAISE(ABORT, 'work_policies_immutable'); END;
--> statement-breakpoint
CREATE TRIGGER `bulk_items_verdict_final` BEFORE UPDATE ON `bulk_items` WHEN OLD.`state` <> 'pending'
BEGIN SELECT RAISE(ABORT, 'bulk_items_verdict_final'); END;
--> statement-breakpoint
CREATE TRIGGER `bulk_jobs_finished_for_good` BEFORE UPDATE ON `bulk_jobs` WHEN OLD.`state` <> 'running'
BEGIN SELECT RAISE(ABORT, 'bulk_jobs_finished_for_good'); END;
