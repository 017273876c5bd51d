CREATE TABLE "staff_alert_reads" (
	"alert_id" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C" NOT NULL,
	"read_at" bigint NOT NULL,
	CONSTRAINT "staff_alert_reads_pk" PRIMARY KEY("alert_id","staff_id")
);
--> statement-breakpoint
CREATE TABLE "staff_alerts" (
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"about_id" text COLLATE "C" NOT NULL,
	"opened" integer NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C",
	"at" bigint NOT NULL,
	CONSTRAINT "staff_alerts_pk" PRIMARY KEY("id"),
	CONSTRAINT "staff_alerts_kind_known" CHECK ("staff_alerts"."kind" in ('reveals', 'cases', 'unassigned')),
	CONSTRAINT "staff_alerts_role_known" CHECK ("staff_alerts"."role" in ('supervisor', 'auditor'))
);
--> statement-breakpoint
ALTER TABLE "staff_alert_reads" ADD CONSTRAINT "staff_alert_reads_alert_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."staff_alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "staff_alerts_place" ON "staff_alerts" USING btree ("role","at","id");