CREATE TABLE `assignment_log` (
	`claim_id` text NOT NULL,
	`fact` text NOT NULL,
	`ticket_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`by_id` text NOT NULL,
	`how` text NOT NULL,
	`reason` text,
	`at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`claim_id`, `fact`),
	CONSTRAINT "assignment_log_fact_known" CHECK("assignment_log"."fact" in ('claimed', 'ended'))
);
--> statement-breakpoint
CREATE INDEX `assignment_log_ticket` ON `assignment_log` (`ticket_id`,`at`);--> statement-breakpoint
CREATE TABLE `assignments` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`claim_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`office_id` text NOT NULL,
	`slot` integer NOT NULL,
	`how` text NOT NULL,
	`reason` text,
	`by_id` text NOT NULL,
	`claimed_at` integer NOT NULL,
	`heartbeat_at` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`draft` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "assignments_how_known" CHECK("assignments"."how" in ('next', 'manual', 'assigned')),
	CONSTRAINT "assignments_reason_said" CHECK("assignments"."how" <> 'manual' or "assignments"."reason" is not null),
	CONSTRAINT "assignments_slot_positive" CHECK("assignments"."slot" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `assignments_slot` ON `assignments` (`agent_id`,`slot`);--> statement-breakpoint
CREATE INDEX `assignments_expiry` ON `assignments` (`lease_until`);--> statement-breakpoint
CREATE TABLE `bulk_items` (
	`job_id` text NOT NULL,
	`seq` integer NOT NULL,
	`ticket_id` text NOT NULL,
	`ticket_number` text NOT NULL,
	`office_id` text NOT NULL,
	`content_version` integer NOT NULL,
	`state` text NOT NULL,
	`code` text,
	`at` integer,
	PRIMARY KEY(`job_id`, `seq`),
	FOREIGN KEY (`job_id`) REFERENCES `bulk_jobs`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "bulk_items_state_known" CHECK("bulk_items"."state" in ('pending', 'done', 'refused', 'skipped')),
	CONSTRAINT "bulk_items_verdict_matches" CHECK(("bulk_items"."state" = 'pending') = ("bulk_items"."at" is null))
);
--> statement-breakpoint
CREATE INDEX `bulk_items_pending` ON `bulk_items` (`job_id`,`seq`) WHERE state = 'pending';--> statement-breakpoint
CREATE TABLE `bulk_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`action` text NOT NULL,
	`payload` text NOT NULL,
	`dry_run` integer NOT NULL,
	`actor_id` text NOT NULL,
	`actor_role` text NOT NULL,
	`state` text NOT NULL,
	`total` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	`leased_until` integer,
	CONSTRAINT "bulk_jobs_state_known" CHECK("bulk_jobs"."state" in ('running', 'done', 'cancelled')),
	CONSTRAINT "bulk_jobs_finished_matches" CHECK(("bulk_jobs"."state" = 'running') = ("bulk_jobs"."finished_at" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bulk_jobs_key` ON `bulk_jobs` (`key`);--> statement-breakpoint
CREATE INDEX `bulk_jobs_running` ON `bulk_jobs` (`created_at`) WHERE state = 'running';--> statement-breakpoint
CREATE TABLE `release_windows` (
	`id` text PRIMARY KEY NOT NULL,
	`office_id` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`reason` text NOT NULL,
	`actor_id` text NOT NULL,
	CONSTRAINT "release_windows_forward" CHECK("release_windows"."from_at" < "release_windows"."until_at")
);
--> statement-breakpoint
CREATE INDEX `release_windows_until` ON `release_windows` (`until_at`);--> statement-breakpoint
CREATE TABLE `work_drafts` (
	`ticket_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`version` integer NOT NULL,
	`sealed` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `agent_id`),
	CONSTRAINT "work_drafts_version_positive" CHECK("work_drafts"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE `work_policies` (
	`version` integer PRIMARY KEY NOT NULL,
	`spec` text NOT NULL,
	`published_at` integer NOT NULL,
	`published_by` text NOT NULL,
	CONSTRAINT "work_policies_version_positive" CHECK("work_policies"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE `work_profiles` (
	`agent_id` text PRIMARY KEY NOT NULL,
	`skills` text NOT NULL,
	`offices` text,
	`wip_limit` integer,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	CONSTRAINT "work_profiles_limit" CHECK("work_profiles"."wip_limit" between 0 and 100)
);
