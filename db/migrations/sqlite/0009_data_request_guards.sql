-- What was asked, and until when, is fixed; an answer is given once; nothing is taken out of the register.
CREATE TRIGGER `data_requests_answered_for_good` BEFORE UPDATE ON `data_requests` WHEN OLD.`answered_at` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'data_requests_answered_for_good'); END;
--> statement-breakpoint
CREATE TRIGGER `data_requests_fixed` BEFORE UPDATE ON `data_requests`
WHEN NEW.`id` <> OLD.`id` OR NEW.`kind` <> OLD.`kind` OR NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`received_at` <> OLD.`received_at`
  OR NEW.`due_at` <> OLD.`due_at` OR NEW.`opened_by` <> OLD.`opened_by` OR NEW.`opened_at` <> OLD.`opened_at`
  OR NEW.`breach` IS NOT OLD.`breach`
BEGIN SELECT RAISE(ABORT, 'data_requests_fixed'); END;
--> statement-breakpoint
CREATE TRIGGER `data_requests_kept` BEFORE DELETE ON `data_requests`
BEGIN SELECT RAISE(ABORT, 'data_requests_kept'); END;
