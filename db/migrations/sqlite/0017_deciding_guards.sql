-- Who filed for whom and what was traced is written once. The message of each RAISE is the constraint's name.
CREATE TRIGGER `assisted_filings_append_only_update` BEFORE UPDATE ON `assisted_filings`
BEGIN SELECT RAISE(ABORT, 'assisted_filings_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `assisted_filings_append_only_delete` BEFORE DELETE ON `assisted_filings`
BEGIN SELECT RAISE(ABORT, 'assisted_filings_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `kpj_traces_append_only_update` BEFORE UPDATE ON `kpj_traces`
BEGIN SELECT RAISE(ABORT, 'kpj_traces_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `kpj_traces_append_only_delete` BEFORE DELETE ON `kpj_traces`
BEGIN SELECT RAISE(ABORT, 'kpj_traces_append_only'); END;
--> statement-breakpoint
-- Whoever typed a case for somebody is never the second pair of eyes on it (D28), whatever the machine was told.
CREATE TRIGGER `tickets_checker_not_assistant` BEFORE UPDATE OF `checker_id` ON `tickets`
WHEN NEW.`checker_id` IS NOT NULL AND EXISTS (SELECT 1 FROM `assisted_filings` WHERE `ticket_id` = NEW.`id` AND `actor_id` = NEW.`checker_id`)
BEGIN SELECT RAISE(ABORT, 'tickets_checker_independent'); END;
