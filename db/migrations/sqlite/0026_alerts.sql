CREATE TABLE `staff_alert_reads` (
	`alert_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`read_at` integer NOT NULL,
	PRIMARY KEY(`alert_id`, `staff_id`),
	FOREIGN KEY (`alert_id`) REFERENCES `staff_alerts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `staff_alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`about_id` text NOT NULL,
	`opened` integer NOT NULL,
	`role` text NOT NULL,
	`office_id` text,
	`at` integer NOT NULL,
	CONSTRAINT "staff_alerts_kind_known" CHECK("staff_alerts"."kind" in ('reveals', 'cases', 'unassigned')),
	CONSTRAINT "staff_alerts_role_known" CHECK("staff_alerts"."role" in ('supervisor', 'auditor'))
);
--> statement-breakpoint
CREATE INDEX `staff_alerts_place` ON `staff_alerts` (`role`,`at`,`id`);