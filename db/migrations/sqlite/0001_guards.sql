-- What CHECK and UNIQUE cannot say. The message of each RAISE is the constraint's name in a refused change.
CREATE TRIGGER `ticket_log_append_only_update` BEFORE UPDATE ON `ticket_log`
BEGIN SELECT RAISE(ABORT, 'ticket_log_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `ticket_log_append_only_delete` BEFORE DELETE ON `ticket_log`
BEGIN SELECT RAISE(ABORT, 'ticket_log_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `tickets_forward_only` BEFORE UPDATE ON `tickets`
WHEN NEW.`revision` <= OLD.`revision` OR NEW.`content_version` < OLD.`content_version`
  OR NEW.`log_seq` < OLD.`log_seq` OR NEW.`outbox_seq` < OLD.`outbox_seq`
BEGIN SELECT RAISE(ABORT, 'tickets_forward_only'); END;
--> statement-breakpoint
CREATE TRIGGER `timers_closed_for_good` BEFORE UPDATE ON `timers` WHEN OLD.`state` <> 'pending'
BEGIN SELECT RAISE(ABORT, 'timers_closed_for_good'); END;
--> statement-breakpoint
CREATE TRIGGER `timers_none_after_terminal` BEFORE INSERT ON `timers`
WHEN NEW.`state` = 'pending' AND (SELECT `standing` FROM `tickets` WHERE `id` = NEW.`ticket_id`) = 'terminal'
BEGIN SELECT RAISE(ABORT, 'timers_none_after_terminal'); END;
--> statement-breakpoint
CREATE TRIGGER `outbox_delivered_once` BEFORE UPDATE OF `delivered_at` ON `outbox` WHEN OLD.`delivered_at` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'outbox_delivered_once'); END;
--> statement-breakpoint
CREATE TRIGGER `calendars_immutable_update` BEFORE UPDATE ON `calendars`
BEGIN SELECT RAISE(ABORT, 'calendars_immutable'); END;
--> statement-breakpoint
CREATE TRIGGER `calendars_immutable_delete` BEFORE DELETE ON `calendars`
BEGIN SELECT RAISE(ABORT, 'calendars_immutable'); END;
--> statement-breakpoint
CREATE TRIGGER `policies_immutable_update` BEFORE UPDATE ON `policies`
BEGIN SELECT RAISE(ABORT, 'policies_immutable'); END;
--> statement-breakpoint
CREATE TRIGGER `policies_immutable_delete` BEFORE DELETE ON `policies`
BEGIN SELECT RAISE(ABORT, 'policies_immutable'); END;
