CREATE TABLE `request_counts` (
	`key` text PRIMARY KEY NOT NULL,
	`points` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `request_counts_expires` ON `request_counts` (`expires_at`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_message_log` (
	`ref` text NOT NULL,
	`recipient` text NOT NULL,
	`ticket_id` text NOT NULL,
	`channel` text NOT NULL,
	`template` text NOT NULL,
	`template_version` integer NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`attempts` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`ref`, `recipient`, `channel`),
	CONSTRAINT "message_log_channel_known" CHECK("__new_message_log"."channel" in ('email', 'sms')),
	CONSTRAINT "message_log_outcome_known" CHECK("__new_message_log"."outcome" in ('sent', 'failed', 'skipped', 'deferred'))
);
--> statement-breakpoint
INSERT INTO `__new_message_log`("ref", "recipient", "ticket_id", "channel", "template", "template_version", "outcome", "reason", "attempts", "at") SELECT "ref", "recipient", "ticket_id", "channel", "template", "template_version", "outcome", "reason", "attempts", "at" FROM `message_log`;--> statement-breakpoint
DROP TABLE `message_log`;--> statement-breakpoint
ALTER TABLE `__new_message_log` RENAME TO `message_log`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `message_log_ticket` ON `message_log` (`ticket_id`,`at`);