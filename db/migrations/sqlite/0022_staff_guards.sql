-- Who was granted what stays readable: rows are never removed, and only their end is written, once.
CREATE TRIGGER `staff_kept` BEFORE DELETE ON `staff`
BEGIN SELECT RAISE(ABORT, 'staff_kept'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_grants_kept` BEFORE DELETE ON `staff_grants`
BEGIN SELECT RAISE(ABORT, 'staff_grants_kept'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_grants_closed_once` BEFORE UPDATE ON `staff_grants`
WHEN OLD.`revoked_at` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`staff_id` <> OLD.`staff_id` OR NEW.`role` <> OLD.`role`
  OR NEW.`office_id` <> OLD.`office_id` OR NEW.`granted_at` <> OLD.`granted_at` OR NEW.`granted_by` <> OLD.`granted_by`
BEGIN SELECT RAISE(ABORT, 'staff_grants_closed_once'); END;
--> statement-breakpoint
-- A code once taken is never good again, and an ended session never opens.
CREATE TRIGGER `staff_recovery_codes_used_once` BEFORE UPDATE ON `staff_recovery_codes`
WHEN OLD.`used_at` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'staff_recovery_codes_used_once'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_sessions_ended_once` BEFORE UPDATE ON `staff_sessions`
WHEN OLD.`ended_at` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'staff_sessions_ended_once'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_totp_forward` BEFORE UPDATE OF `totp_step` ON `staff`
WHEN NEW.`totp_step` < OLD.`totp_step`
BEGIN SELECT RAISE(ABORT, 'staff_totp_forward'); END;
