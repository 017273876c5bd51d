CREATE TABLE `calendar_changes` (
	`calendar_id` text NOT NULL,
	`to_version` integer NOT NULL,
	`from_version` integer NOT NULL,
	`reason` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_role` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`leased_until` integer,
	`progress` text NOT NULL,
	PRIMARY KEY(`calendar_id`, `to_version`),
	CONSTRAINT "calendar_changes_forward" CHECK("calendar_changes"."from_version" < "calendar_changes"."to_version")
);
