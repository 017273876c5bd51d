CREATE TABLE `incident_tickets` (
	`incident_id` text NOT NULL,
	`ticket_id` text NOT NULL,
	`linked_by` text NOT NULL,
	`linked_at` integer NOT NULL,
	PRIMARY KEY(`incident_id`, `ticket_id`),
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`cause` text NOT NULL,
	`title` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer,
	`declared_by` text NOT NULL,
	`declared_at` integer NOT NULL,
	`announced_by` text,
	`announced_at` integer,
	`ended_by` text,
	`ended_at` integer,
	CONSTRAINT "incidents_forward" CHECK("incidents"."until_at" is null or "incidents"."from_at" < "incidents"."until_at"),
	CONSTRAINT "incidents_announced_matches" CHECK(("incidents"."announced_at" is null) = ("incidents"."announced_by" is null)),
	CONSTRAINT "incidents_ended_matches" CHECK(("incidents"."ended_at" is null) = ("incidents"."ended_by" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_key` ON `incidents` (`key`);--> statement-breakpoint
CREATE INDEX `incidents_running` ON `incidents` (`from_at`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `incidents_declared` ON `incidents` (`declared_at`,`id`);