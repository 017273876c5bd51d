CREATE TABLE `service_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`secret_hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer,
	`revoked_by` text,
	CONSTRAINT "service_keys_expire" CHECK("service_keys"."expires_at" > "service_keys"."created_at"),
	CONSTRAINT "service_keys_revoked_whole" CHECK(("service_keys"."revoked_at" is null) = ("service_keys"."revoked_by" is null))
);
--> statement-breakpoint
CREATE TABLE `staff` (
	`id` text PRIMARY KEY NOT NULL,
	`staff_number` text NOT NULL,
	`username` text NOT NULL,
	`name` text NOT NULL,
	`issuer` text,
	`subject` text,
	`password_hash` text,
	`one_time` integer NOT NULL,
	`password_expires_at` integer,
	`totp_sealed` text,
	`totp_confirmed` integer NOT NULL,
	`totp_step` integer NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`disabled_at` integer,
	`disabled_by` text,
	CONSTRAINT "staff_subject_whole" CHECK(("staff"."issuer" is null) = ("staff"."subject" is null)),
	CONSTRAINT "staff_disabled_whole" CHECK(("staff"."disabled_at" is null) = ("staff"."disabled_by" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `staff_number_unique` ON `staff` (`staff_number`);--> statement-breakpoint
CREATE UNIQUE INDEX `staff_username_unique` ON `staff` (`username`);--> statement-breakpoint
CREATE UNIQUE INDEX `staff_subject_unique` ON `staff` (`issuer`,`subject`);--> statement-breakpoint
CREATE TABLE `staff_grants` (
	`id` text PRIMARY KEY NOT NULL,
	`staff_id` text NOT NULL,
	`role` text NOT NULL,
	`office_id` text NOT NULL,
	`granted_at` integer NOT NULL,
	`granted_by` text NOT NULL,
	`revoked_at` integer,
	`revoked_by` text,
	FOREIGN KEY (`staff_id`) REFERENCES `staff`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "staff_grants_role_known" CHECK("staff_grants"."role" in ('agent', 'checker', 'supervisor', 'admin', 'auditor')),
	CONSTRAINT "staff_grants_by_another" CHECK("staff_grants"."granted_by" <> "staff_grants"."staff_id"),
	CONSTRAINT "staff_grants_revoked_whole" CHECK(("staff_grants"."revoked_at" is null) = ("staff_grants"."revoked_by" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `staff_grants_once` ON `staff_grants` (`staff_id`,`role`,`office_id`) WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX `staff_grants_staff` ON `staff_grants` (`staff_id`);--> statement-breakpoint
CREATE TABLE `staff_oidc_flows` (
	`hash` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`nonce` text NOT NULL,
	`verifier` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `staff_oidc_flows_expiry` ON `staff_oidc_flows` (`expires_at`);--> statement-breakpoint
CREATE TABLE `staff_recovery_codes` (
	`staff_id` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`staff_id`, `hash`),
	FOREIGN KEY (`staff_id`) REFERENCES `staff`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `staff_sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`staff_id` text NOT NULL,
	`stage` text NOT NULL,
	`via` text NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`stepped_up_at` integer,
	`ended_at` integer,
	`ended_by` text,
	FOREIGN KEY (`staff_id`) REFERENCES `staff`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "staff_sessions_stage_known" CHECK("staff_sessions"."stage" in ('password', 'enrol', 'totp', 'open')),
	CONSTRAINT "staff_sessions_ended_whole" CHECK(("staff_sessions"."ended_at" is null) = ("staff_sessions"."ended_by" is null))
);
--> statement-breakpoint
CREATE INDEX `staff_sessions_staff` ON `staff_sessions` (`staff_id`);--> statement-breakpoint
CREATE INDEX `staff_sessions_expiry` ON `staff_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `staff_throttles` (
	`key` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`until_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `staff_throttles_updated` ON `staff_throttles` (`updated_at`);