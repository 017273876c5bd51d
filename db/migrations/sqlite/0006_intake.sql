CREATE TABLE `access_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`purpose` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	CONSTRAINT "access_tokens_purpose_known" CHECK("access_tokens"."purpose" in ('status', 'objection'))
);
--> statement-breakpoint
CREATE INDEX `access_tokens_ticket` ON `access_tokens` (`ticket_id`);--> statement-breakpoint
CREATE TABLE `blind_indexes` (
	`ticket_id` text NOT NULL,
	`kind` text NOT NULL,
	`key_id` text NOT NULL,
	`value` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `kind`, `key_id`, `value`)
);
--> statement-breakpoint
CREATE INDEX `blind_indexes_value` ON `blind_indexes` (`kind`,`value`,`created_at`);--> statement-breakpoint
CREATE TABLE `challenges` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`purpose` text NOT NULL,
	`channel` text NOT NULL,
	`generation` integer NOT NULL,
	`address_index` text NOT NULL,
	`person_index` text,
	`device_index` text,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	`expires_at` integer,
	`code_mac` text,
	`tries` integer NOT NULL,
	`consumed_at` integer,
	`superseded_at` integer,
	FOREIGN KEY (`ticket_id`) REFERENCES `ticket_keys`(`ticket_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "challenges_channel_known" CHECK("challenges"."channel" in ('email', 'phone')),
	CONSTRAINT "challenges_purpose_known" CHECK("challenges"."purpose" in ('prove', 'access')),
	CONSTRAINT "challenges_tries_bounded" CHECK("challenges"."tries" between 0 and 1000),
	CONSTRAINT "challenges_sent_matches" CHECK(("challenges"."sent_at" is null) = ("challenges"."code_mac" is null) and ("challenges"."sent_at" is null) = ("challenges"."expires_at" is null)),
	CONSTRAINT "challenges_consumed_was_sent" CHECK("challenges"."consumed_at" is null or "challenges"."sent_at" is not null)
);
--> statement-breakpoint
CREATE INDEX `challenges_ticket` ON `challenges` (`ticket_id`,`channel`,`created_at`);--> statement-breakpoint
CREATE INDEX `challenges_address` ON `challenges` (`address_index`,`created_at`);--> statement-breakpoint
CREATE INDEX `challenges_person` ON `challenges` (`person_index`,`created_at`);--> statement-breakpoint
CREATE INDEX `challenges_device` ON `challenges` (`device_index`,`created_at`);--> statement-breakpoint
CREATE INDEX `challenges_created` ON `challenges` (`created_at`);--> statement-breakpoint
CREATE TABLE `competing_cases` (
	`ticket_id` text NOT NULL,
	`other_id` text NOT NULL,
	`linked_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `other_id`),
	CONSTRAINT "competing_cases_ordered" CHECK("competing_cases"."ticket_id" < "competing_cases"."other_id")
);
--> statement-breakpoint
CREATE INDEX `competing_cases_other` ON `competing_cases` (`other_id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`ticket_id` text NOT NULL,
	`channel` text NOT NULL,
	`generation` integer NOT NULL,
	`sealed` text,
	`proven_generation` integer,
	`proven_at` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `channel`),
	FOREIGN KEY (`ticket_id`) REFERENCES `ticket_keys`(`ticket_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "contacts_channel_known" CHECK("contacts"."channel" in ('email', 'phone')),
	CONSTRAINT "contacts_generation_positive" CHECK("contacts"."generation" >= 1),
	CONSTRAINT "contacts_proven_matches" CHECK(("contacts"."proven_generation" is null) = ("contacts"."proven_at" is null)),
	CONSTRAINT "contacts_proven_known" CHECK("contacts"."proven_generation" <= "contacts"."generation")
);
--> statement-breakpoint
CREATE TABLE `dir_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`participant_id` text NOT NULL,
	`nik_index` text NOT NULL,
	`state` text NOT NULL,
	`version` integer NOT NULL,
	`sealed` text NOT NULL,
	`sessions_revoked_at` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`participant_id`) REFERENCES `dir_participants`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "dir_accounts_state_known" CHECK("dir_accounts"."state" in ('active', 'disabled'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dir_accounts_one_active` ON `dir_accounts` (`nik_index`) WHERE state = 'active';--> statement-breakpoint
CREATE INDEX `dir_accounts_participant` ON `dir_accounts` (`participant_id`);--> statement-breakpoint
CREATE TABLE `dir_cards` (
	`kpj_index` text PRIMARY KEY NOT NULL,
	`participant_id` text NOT NULL,
	FOREIGN KEY (`participant_id`) REFERENCES `dir_participants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `dir_participants` (
	`id` text PRIMARY KEY NOT NULL,
	`nik_index` text NOT NULL,
	`sealed` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dir_participants_nik` ON `dir_participants` (`nik_index`);--> statement-breakpoint
CREATE TABLE `dir_replacements` (
	`key` text PRIMARY KEY NOT NULL,
	`request_index` text NOT NULL,
	`account_id` text NOT NULL,
	`account_version` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `dir_accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `document_pages` (
	`document_id` text NOT NULL,
	`page` integer NOT NULL,
	`file_ref` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` integer NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	PRIMARY KEY(`document_id`, `page`),
	FOREIGN KEY (`document_id`) REFERENCES `documents`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "document_pages_page_positive" CHECK("document_pages"."page" >= 1)
);
--> statement-breakpoint
CREATE TABLE `documents` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`code` text,
	`name_sealed` text,
	`media` text NOT NULL,
	`bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	`content_index` text NOT NULL,
	`perceptual_hash` text,
	`pages` integer NOT NULL,
	`original_ref` text,
	`uploader_id` text NOT NULL,
	`received_at` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`ticket_id`) REFERENCES `ticket_keys`(`ticket_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "documents_state_known" CHECK("documents"."state" in ('pending', 'accepted', 'refused', 'erased')),
	CONSTRAINT "documents_refused_says_why" CHECK(("documents"."state" = 'refused') = ("documents"."code" is not null)),
	CONSTRAINT "documents_accepted_has_pages" CHECK("documents"."state" <> 'accepted' or "documents"."pages" > 0)
);
--> statement-breakpoint
CREATE INDEX `documents_ticket` ON `documents` (`ticket_id`,`received_at`);--> statement-breakpoint
CREATE INDEX `documents_content` ON `documents` (`content_index`);--> statement-breakpoint
CREATE INDEX `documents_perceptual` ON `documents` (`perceptual_hash`);--> statement-breakpoint
CREATE TABLE `email_domains` (
	`domain` text PRIMARY KEY NOT NULL,
	`verdict` text NOT NULL,
	`reason` text NOT NULL,
	`actor_id` text NOT NULL,
	`decided_at` integer NOT NULL,
	CONSTRAINT "email_domains_verdict_known" CHECK("email_domains"."verdict" in ('block', 'allow'))
);
--> statement-breakpoint
CREATE TABLE `filing_replies` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`ticket_id` text NOT NULL,
	`sealed` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `filing_replies_created` ON `filing_replies` (`created_at`);--> statement-breakpoint
CREATE TABLE `identities` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`sealed` text,
	`notice_version` text NOT NULL,
	`purpose` text NOT NULL,
	`legal_basis` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `ticket_keys`(`ticket_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "identities_version_positive" CHECK("identities"."version" >= 1)
);
--> statement-breakpoint
CREATE TABLE `legal_holds` (
	`ticket_id` text NOT NULL,
	`reason` text NOT NULL,
	`actor_id` text NOT NULL,
	`placed_at` integer NOT NULL,
	`lifted_at` integer,
	PRIMARY KEY(`ticket_id`, `placed_at`)
);
--> statement-breakpoint
CREATE TABLE `local_mail` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_id` text,
	`channel` text NOT NULL,
	`template` text NOT NULL,
	`sealed` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `local_mail_at` ON `local_mail` (`at`);--> statement-breakpoint
CREATE TABLE `matches` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`identity_version` integer NOT NULL,
	`outcome` text NOT NULL,
	`participant_id` text,
	`findings` text NOT NULL,
	`old_contacts` text,
	`matched_at` integer NOT NULL,
	CONSTRAINT "matches_outcome_known" CHECK("matches"."outcome" in ('found', 'notFound')),
	CONSTRAINT "matches_participant_matches" CHECK(("matches"."outcome" = 'found') = ("matches"."participant_id" is not null))
);
--> statement-breakpoint
CREATE TABLE `message_log` (
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
	CONSTRAINT "message_log_channel_known" CHECK("message_log"."channel" in ('email', 'sms')),
	CONSTRAINT "message_log_outcome_known" CHECK("message_log"."outcome" in ('sent', 'failed', 'skipped'))
);
--> statement-breakpoint
CREATE INDEX `message_log_ticket` ON `message_log` (`ticket_id`,`at`);--> statement-breakpoint
CREATE TABLE `retention_runs` (
	`duty` text PRIMARY KEY NOT NULL,
	`ran_at` integer NOT NULL,
	`removed` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `risk_flags` (
	`ticket_id` text NOT NULL,
	`code` text NOT NULL,
	`detail` text NOT NULL,
	`raised_at` integer NOT NULL,
	PRIMARY KEY(`ticket_id`, `code`)
);
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`ticket_id` text NOT NULL,
	`ref` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer NOT NULL,
	`leased_until` integer,
	`attempts` integer NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	CONSTRAINT "tasks_state_known" CHECK("tasks"."state" in ('pending', 'done', 'failed')),
	CONSTRAINT "tasks_finished_matches" CHECK(("tasks"."state" = 'pending') = ("tasks"."finished_at" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_once` ON `tasks` (`kind`,`ticket_id`,`ref`);--> statement-breakpoint
CREATE INDEX `tasks_due` ON `tasks` (`due_at`) WHERE state = 'pending';--> statement-breakpoint
CREATE TABLE `ticket_keys` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`wrapped` text,
	`created_at` integer NOT NULL,
	`destroyed_at` integer,
	CONSTRAINT "ticket_keys_destroyed_matches" CHECK(("ticket_keys"."wrapped" is null) = ("ticket_keys"."destroyed_at" is not null))
);
--> statement-breakpoint
CREATE INDEX `ticket_keys_key` ON `ticket_keys` (`key_id`);--> statement-breakpoint
CREATE TABLE `tombstones` (
	`ticket_id` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`erased_at` integer NOT NULL
);
