CREATE TABLE `calendars` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`spec` text NOT NULL,
	`published_at` integer NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`job` text NOT NULL,
	`reason` text NOT NULL,
	`failed_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`replayed_at` integer
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`ticket_id` text NOT NULL,
	`seq` integer NOT NULL,
	`sink` text NOT NULL,
	`body` text NOT NULL,
	`delivered_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `seq`),
	FOREIGN KEY (`ticket_id`,`seq`) REFERENCES `outbox`(`ticket_id`,`seq`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `heartbeat` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`ticket_id` text NOT NULL,
	`answer` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_created` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `offices` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`unit_id` text NOT NULL,
	`calendar_id` text NOT NULL,
	`kind` text NOT NULL,
	CONSTRAINT "offices_kind_known" CHECK("offices"."kind" in ('pusat', 'cabang'))
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`ticket_id` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL,
	`relayed_at` integer,
	`delivered_at` integer,
	`attempts` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `seq`),
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outbox_kind_known" CHECK("outbox"."kind" in ('message', 'port')),
	CONSTRAINT "outbox_counts_positive" CHECK("outbox"."seq" > 0 and "outbox"."attempts" >= 0)
);
--> statement-breakpoint
CREATE INDEX `outbox_unrelayed` ON `outbox` (`created_at`) WHERE relayed_at is null;--> statement-breakpoint
CREATE INDEX `outbox_undelivered` ON `outbox` (`created_at`) WHERE delivered_at is null;--> statement-breakpoint
CREATE TABLE `policies` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`spec` text NOT NULL,
	`published_at` integer NOT NULL,
	PRIMARY KEY(`id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `ticket_log` (
	`ticket_id` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`fact` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_role` text NOT NULL,
	`command_id` text,
	`machine_version` integer NOT NULL,
	`policy_version` integer NOT NULL,
	`calendar` text,
	`state` text NOT NULL,
	`revision` integer NOT NULL,
	`moves` text,
	`event` text NOT NULL,
	PRIMARY KEY(`ticket_id`, `seq`),
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ticket_log_seq_positive" CHECK("ticket_log"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_number` text NOT NULL,
	`type` text NOT NULL,
	`machine_version` integer NOT NULL,
	`policy_id` text NOT NULL,
	`policy_version` integer NOT NULL,
	`revision` integer NOT NULL,
	`content_version` integer NOT NULL,
	`state` text NOT NULL,
	`standing` text NOT NULL,
	`route` text NOT NULL,
	`category` text NOT NULL,
	`cause` text,
	`office_id` text NOT NULL,
	`participant_ref` text NOT NULL,
	`priority` integer NOT NULL,
	`released_at` integer,
	`closed_at` integer,
	`maker_id` text,
	`checker_id` text,
	`next_due_at` integer,
	`next_timer_at` integer,
	`log_seq` integer NOT NULL,
	`outbox_seq` integer NOT NULL,
	`filed_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`schedule` text NOT NULL,
	`snapshot` text NOT NULL,
	CONSTRAINT "tickets_revision_positive" CHECK("tickets"."revision" > 0),
	CONSTRAINT "tickets_content_version_positive" CHECK("tickets"."content_version" >= 1),
	CONSTRAINT "tickets_standing_known" CHECK("tickets"."standing" in ('waitingOnUs', 'waitingOnParticipant', 'terminal')),
	CONSTRAINT "tickets_four_eyes" CHECK("tickets"."maker_id" <> "tickets"."checker_id"),
	CONSTRAINT "tickets_sequences_positive" CHECK("tickets"."log_seq" >= 0 and "tickets"."outbox_seq" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_ticket_number_unique` ON `tickets` (`ticket_number`);--> statement-breakpoint
CREATE INDEX `tickets_worklist` ON `tickets` (`standing`,`next_due_at`,`id`);--> statement-breakpoint
CREATE INDEX `tickets_filed` ON `tickets` (`filed_at`,`id`);--> statement-breakpoint
CREATE INDEX `tickets_participant` ON `tickets` (`participant_ref`);--> statement-breakpoint
CREATE TABLE `timers` (
	`ticket_id` text NOT NULL,
	`family` text NOT NULL,
	`threshold` text NOT NULL,
	`generation` integer NOT NULL,
	`due_at` integer NOT NULL,
	`state` text NOT NULL,
	`closed_at` integer,
	PRIMARY KEY(`ticket_id`, `family`, `threshold`, `generation`),
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "timers_state_known" CHECK("timers"."state" in ('pending', 'fired', 'superseded')),
	CONSTRAINT "timers_closed_at_matches" CHECK(("timers"."state" = 'pending') = ("timers"."closed_at" is null))
);
--> statement-breakpoint
CREATE INDEX `timers_pending` ON `timers` (`due_at`,`ticket_id`) WHERE state = 'pending';