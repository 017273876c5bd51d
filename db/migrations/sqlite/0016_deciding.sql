CREATE TABLE `assisted_filings` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`actor_id` text NOT NULL,
	`office_id` text NOT NULL,
	`steps` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `ticket_keys`(`ticket_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "assisted_filings_channel_known" CHECK("assisted_filings"."channel" in ('walk_in', 'telepon_175', 'email_care'))
);
--> statement-breakpoint
CREATE TABLE `kpj_traces` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`result` text NOT NULL,
	`cards` integer NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	CONSTRAINT "kpj_traces_result_known" CHECK("kpj_traces"."result" in ('FOUND', 'SEVERAL', 'NONE', 'NOT_REGISTERED')),
	CONSTRAINT "kpj_traces_cards_match" CHECK(("kpj_traces"."cards" > 0) = ("kpj_traces"."result" in ('FOUND', 'SEVERAL')))
);
--> statement-breakpoint
CREATE INDEX `kpj_traces_ticket` ON `kpj_traces` (`ticket_id`,`at`);--> statement-breakpoint
CREATE TABLE `ticket_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`sealed` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `ticket_keys`(`ticket_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ticket_notes_ticket` ON `ticket_notes` (`ticket_id`,`at`);