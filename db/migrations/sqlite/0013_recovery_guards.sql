-- What two officers approved, who may be the second of them, and links that act once. The message of each RAISE is the constraint's name.
CREATE TRIGGER `approvals_fixed` BEFORE UPDATE ON `approvals`
WHEN NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`content_version` <> OLD.`content_version` OR NEW.`maker_id` <> OLD.`maker_id`
  OR (OLD.`checker_id` IS NOT NULL AND (NEW.`mac` <> OLD.`mac` OR NEW.`maker_role` <> OLD.`maker_role` OR NEW.`office_id` <> OLD.`office_id`
    OR NEW.`checker_id` IS NOT OLD.`checker_id` OR NEW.`checker_role` IS NOT OLD.`checker_role` OR NEW.`confirmed_at` IS NOT OLD.`confirmed_at`))
  OR (OLD.`ended_at` IS NOT NULL AND (NEW.`ended_at` IS NOT OLD.`ended_at` OR NEW.`void_code` IS NOT OLD.`void_code` OR NEW.`mac` <> OLD.`mac`))
BEGIN SELECT RAISE(ABORT, 'approvals_fixed'); END;
--> statement-breakpoint
CREATE TRIGGER `approvals_kept` BEFORE DELETE ON `approvals`
BEGIN SELECT RAISE(ABORT, 'approvals_kept'); END;
--> statement-breakpoint
CREATE TRIGGER `hands_append_only_update` BEFORE UPDATE ON `hands`
BEGIN SELECT RAISE(ABORT, 'hands_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `hands_append_only_delete` BEFORE DELETE ON `hands`
BEGIN SELECT RAISE(ABORT, 'hands_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `objection_links_once` BEFORE UPDATE ON `objection_links`
WHEN OLD.`used_at` IS NOT NULL OR NEW.`hash` <> OLD.`hash` OR NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`cycle` <> OLD.`cycle`
  OR NEW.`generation` <> OLD.`generation` OR NEW.`recipient` <> OLD.`recipient`
BEGIN SELECT RAISE(ABORT, 'objection_links_once'); END;
--> statement-breakpoint
CREATE TRIGGER `approval_reviews_once` BEFORE UPDATE ON `approval_reviews`
WHEN OLD.`reviewed_at` IS NOT NULL OR NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`cycle` <> OLD.`cycle`
  OR NEW.`maker_id` <> OLD.`maker_id` OR NEW.`checker_id` <> OLD.`checker_id`
BEGIN SELECT RAISE(ABORT, 'approval_reviews_once'); END;
--> statement-breakpoint
CREATE TRIGGER `approval_reviews_kept` BEFORE DELETE ON `approval_reviews`
BEGIN SELECT RAISE(ABORT, 'approval_reviews_kept'); END;
--> statement-breakpoint
-- The second pair of eyes belongs to nobody who filed, typed, uploaded or edited (R-4E-1), from whichever side somebody comes.
CREATE TRIGGER `tickets_checker_independent` BEFORE UPDATE OF `checker_id` ON `tickets`
WHEN NEW.`checker_id` IS NOT NULL AND NEW.`checker_id` IS NOT OLD.`checker_id` AND (
  EXISTS (SELECT 1 FROM `hands` WHERE `ticket_id` = NEW.`id` AND `actor_id` = NEW.`checker_id`)
  OR EXISTS (SELECT 1 FROM `documents` WHERE `ticket_id` = NEW.`id` AND `uploader_id` = NEW.`checker_id`)
  OR (NEW.`type` = 'pengaduan' AND EXISTS (SELECT 1 FROM `ticket_log` WHERE `ticket_id` = NEW.`id` AND `actor_id` = NEW.`checker_id`
    AND (`seq` = 1 OR `fact` = 'DocumentsUploaded'))))
BEGIN SELECT RAISE(ABORT, 'tickets_checker_independent'); END;
--> statement-breakpoint
CREATE TRIGGER `tickets_checker_independent_insert` BEFORE INSERT ON `tickets`
WHEN NEW.`checker_id` IS NOT NULL AND (
  EXISTS (SELECT 1 FROM `hands` WHERE `ticket_id` = NEW.`id` AND `actor_id` = NEW.`checker_id`)
  OR EXISTS (SELECT 1 FROM `documents` WHERE `ticket_id` = NEW.`id` AND `uploader_id` = NEW.`checker_id`))
BEGIN SELECT RAISE(ABORT, 'tickets_checker_independent'); END;
--> statement-breakpoint
CREATE TRIGGER `hands_not_the_checker` BEFORE INSERT ON `hands`
WHEN EXISTS (SELECT 1 FROM `tickets` WHERE `id` = NEW.`ticket_id` AND `checker_id` = NEW.`actor_id`)
BEGIN SELECT RAISE(ABORT, 'tickets_checker_independent'); END;
--> statement-breakpoint
CREATE TRIGGER `documents_not_the_checker` BEFORE INSERT ON `documents`
WHEN EXISTS (SELECT 1 FROM `tickets` WHERE `id` = NEW.`ticket_id` AND `checker_id` = NEW.`uploader_id`)
BEGIN SELECT RAISE(ABORT, 'tickets_checker_independent'); END;
--> statement-breakpoint
CREATE TRIGGER `ticket_log_not_the_checker` BEFORE INSERT ON `ticket_log`
WHEN (NEW.`seq` = 1 OR NEW.`fact` = 'DocumentsUploaded')
  AND EXISTS (SELECT 1 FROM `tickets` WHERE `id` = NEW.`ticket_id` AND `type` = 'pengaduan' AND `checker_id` = NEW.`actor_id`)
BEGIN SELECT RAISE(ABORT, 'tickets_checker_independent'); END;
