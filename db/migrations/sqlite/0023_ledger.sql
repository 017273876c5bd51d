CREATE TABLE `breach_reasons` (
	`ticket_id` text NOT NULL,
	`target` text NOT NULL,
	`cycle` integer NOT NULL,
	`reason` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `target`, `cycle`),
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `ledger_acts` (
	`ticket_id` text NOT NULL,
	`seq` integer NOT NULL,
	`fact` text NOT NULL,
	`kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`office_id` text NOT NULL,
	`route` text NOT NULL,
	`policy` text NOT NULL,
	`at` integer NOT NULL,
	`day` text NOT NULL,
	PRIMARY KEY(`ticket_id`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `ledger_acts_work` ON `ledger_acts` (`kind`,`day`,`office_id`,`actor_id`,`at`,`ticket_id`);--> statement-breakpoint
CREATE INDEX `ledger_acts_objection` ON `ledger_acts` (`day`,`office_id`,`route`,`policy`,`at`) WHERE kind = 'objection';--> statement-breakpoint
CREATE TABLE `ledger_mark` (
	`id` integer PRIMARY KEY NOT NULL,
	`place` integer NOT NULL,
	CONSTRAINT "ledger_mark_single" CHECK("ledger_mark"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE `ledger_stays` (
	`ticket_id` text NOT NULL,
	`n` integer NOT NULL,
	`type` text NOT NULL,
	`policy` text NOT NULL,
	`office_id` text NOT NULL,
	`route` text NOT NULL,
	`began` text NOT NULL,
	`ended` text,
	`outcome` text,
	`opened_at` integer NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer,
	`from_day` text NOT NULL,
	`until_day` text,
	`handling_minutes` integer,
	PRIMARY KEY(`ticket_id`, `n`),
	CONSTRAINT "ledger_stays_ended_whole" CHECK(("ledger_stays"."ended" is null) = ("ledger_stays"."until_at" is null))
);
--> statement-breakpoint
CREATE INDEX `ledger_stays_from` ON `ledger_stays` (`from_day`,`office_id`,`route`,`policy`,`began`,`from_at`,`until_at`);--> statement-breakpoint
CREATE INDEX `ledger_stays_until` ON `ledger_stays` (`until_day`,`office_id`,`route`,`policy`,`ended`,`outcome`,`until_at`,`handling_minutes`);--> statement-breakpoint
CREATE INDEX `ledger_stays_open` ON `ledger_stays` (`until_at`,`from_at`,`office_id`,`route`,`policy`,`opened_at`);--> statement-breakpoint
CREATE TABLE `ledger_tickets` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sla_facts` (
	`ticket_id` text NOT NULL,
	`target` text NOT NULL,
	`cycle` integer NOT NULL,
	`type` text NOT NULL,
	`policy` text NOT NULL,
	`calendar` text NOT NULL,
	`office_id` text NOT NULL,
	`route` text NOT NULL,
	`promised_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`verdict` text,
	`verdict_at` integer,
	`verdict_day` text,
	`settled_at` integer,
	`ended` text,
	`paused_minutes` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `target`, `cycle`),
	CONSTRAINT "sla_facts_verdict_known" CHECK("sla_facts"."verdict" in ('met', 'late', 'void')),
	CONSTRAINT "sla_facts_verdict_whole" CHECK(("sla_facts"."verdict" is null) = ("sla_facts"."verdict_at" is null)),
	CONSTRAINT "sla_facts_ended_late" CHECK("sla_facts"."ended" is null or ("sla_facts"."verdict" = 'late' and "sla_facts"."settled_at" is not null))
);
--> statement-breakpoint
CREATE INDEX `sla_facts_attainment` ON `sla_facts` (`verdict_day`,`office_id`,`route`,`policy`,`target`,`verdict`,`ended`,`verdict_at`,`settled_at`);--> statement-breakpoint
CREATE TABLE `sla_pauses` (
	`ticket_id` text NOT NULL,
	`target` text NOT NULL,
	`cycle` integer NOT NULL,
	`n` integer NOT NULL,
	`cause` text NOT NULL,
	`office_id` text NOT NULL,
	`route` text NOT NULL,
	`policy` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`until_day` text NOT NULL,
	`minutes` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `target`, `cycle`, `n`)
);
--> statement-breakpoint
CREATE INDEX `sla_pauses_day` ON `sla_pauses` (`until_day`,`office_id`,`route`,`policy`,`target`,`cause`,`until_at`,`minutes`);--> statement-breakpoint
CREATE TABLE `staff_notice_reads` (
	`notice_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`read_at` integer NOT NULL,
	PRIMARY KEY(`notice_id`, `staff_id`),
	FOREIGN KEY (`notice_id`) REFERENCES `staff_notices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `staff_notices` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`kind` text NOT NULL,
	`target` text NOT NULL,
	`threshold` text NOT NULL,
	`role` text NOT NULL,
	`office_id` text NOT NULL,
	`agent_id` text,
	`at` integer NOT NULL,
	`visible_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "staff_notices_kind_known" CHECK("staff_notices"."kind" in ('warning', 'breached', 'escalated')),
	CONSTRAINT "staff_notices_role_known" CHECK("staff_notices"."role" in ('agent', 'supervisor', 'unitHead'))
);
--> statement-breakpoint
CREATE INDEX `staff_notices_place` ON `staff_notices` (`role`,`office_id`,`visible_at`,`id`);--> statement-breakpoint
CREATE INDEX `staff_notices_ticket` ON `staff_notices` (`ticket_id`);