CREATE TABLE `portal_drafts` (
	`hash` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`version` integer NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "portal_drafts_version_positive" CHECK("portal_drafts"."version" >= 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `portal_drafts_ticket` ON `portal_drafts` (`ticket_id`);--> statement-breakpoint
CREATE INDEX `portal_drafts_created` ON `portal_drafts` (`created_at`);