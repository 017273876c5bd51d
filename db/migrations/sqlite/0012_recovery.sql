CREATE TABLE `approval_reviews` (
	`ticket_id` text NOT NULL,
	`cycle` integer NOT NULL,
	`office_id` text NOT NULL,
	`maker_id` text NOT NULL,
	`checker_id` text NOT NULL,
	`chosen_at` integer NOT NULL,
	`reviewer_id` text,
	`verdict` text,
	`reason` text,
	`reviewed_at` integer,
	PRIMARY KEY(`ticket_id`, `cycle`),
	CONSTRAINT "approval_reviews_independent" CHECK("approval_reviews"."reviewer_id" <> "approval_reviews"."maker_id" and "approval_reviews"."reviewer_id" <> "approval_reviews"."checker_id"),
	CONSTRAINT "approval_reviews_verdict_known" CHECK("approval_reviews"."verdict" in ('sound', 'doubtful')),
	CONSTRAINT "approval_reviews_reviewed_matches" CHECK(("approval_reviews"."reviewer_id" is null) = ("approval_reviews"."reviewed_at" is null) and ("approval_reviews"."verdict" is null) = ("approval_reviews"."reviewed_at" is null))
);
--> statement-breakpoint
CREATE INDEX `approval_reviews_open` ON `approval_reviews` (`chosen_at`,`ticket_id`) WHERE reviewed_at is null;--> statement-breakpoint
CREATE TABLE `approvals` (
	`ticket_id` text NOT NULL,
	`content_version` integer NOT NULL,
	`maker_id` text NOT NULL,
	`maker_role` text NOT NULL,
	`office_id` text NOT NULL,
	`mac` text NOT NULL,
	`bound_at` integer NOT NULL,
	`checker_id` text,
	`checker_role` text,
	`confirmed_at` integer,
	`void_code` text,
	`ended_at` integer,
	PRIMARY KEY(`ticket_id`, `content_version`, `maker_id`),
	CONSTRAINT "approvals_four_eyes" CHECK("approvals"."maker_id" <> "approvals"."checker_id"),
	CONSTRAINT "approvals_confirmed_matches" CHECK(("approvals"."checker_id" is null) = ("approvals"."confirmed_at" is null) and ("approvals"."checker_id" is null) = ("approvals"."checker_role" is null)),
	CONSTRAINT "approvals_ended_matches" CHECK("approvals"."void_code" is null or "approvals"."ended_at" is not null)
);
--> statement-breakpoint
CREATE INDEX `approvals_confirmed` ON `approvals` (`confirmed_at`);--> statement-breakpoint
CREATE TABLE `hands` (
	`ticket_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`hand` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `actor_id`, `hand`),
	CONSTRAINT "hands_known" CHECK("hands"."hand" in ('filed', 'typed', 'uploaded', 'edited'))
);
--> statement-breakpoint
CREATE TABLE `objection_links` (
	`hash` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`cycle` integer NOT NULL,
	`generation` integer NOT NULL,
	`recipient` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `objection_links_ticket` ON `objection_links` (`ticket_id`);