-- An outage is declared, announced and ended once; what was said of it stays, and so do the tickets linked to it.
CREATE TRIGGER `incidents_fixed` BEFORE UPDATE ON `incidents`
WHEN OLD.`ended_at` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`key` <> OLD.`key` OR NEW.`cause` <> OLD.`cause` OR NEW.`title` <> OLD.`title`
  OR NEW.`from_at` <> OLD.`from_at` OR NEW.`until_at` IS NOT OLD.`until_at` OR NEW.`declared_by` <> OLD.`declared_by`
  OR NEW.`declared_at` <> OLD.`declared_at` OR (OLD.`announced_at` IS NOT NULL AND NEW.`announced_at` IS NOT OLD.`announced_at`)
BEGIN SELECT RAISE(ABORT, 'incidents_fixed'); END;
--> statement-breakpoint
CREATE TRIGGER `incidents_kept` BEFORE DELETE ON `incidents`
BEGIN SELECT RAISE(ABORT, 'incidents_kept'); END;
--> statement-breakpoint
CREATE TRIGGER `incident_tickets_append_only_update` BEFORE UPDATE ON `incident_tickets`
BEGIN SELECT RAISE(ABORT, 'incident_tickets_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `incident_tickets_append_only_delete` BEFORE DELETE ON `incident_tickets`
BEGIN SELECT RAISE(ABORT, 'incident_tickets_append_only'); END;
