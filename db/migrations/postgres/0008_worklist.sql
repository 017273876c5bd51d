CREATE TABLE "assignment_log" (
	"claim_id" text COLLATE "C" NOT NULL,
	"fact" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C" NOT NULL,
	"by_id" text COLLATE "C" NOT NULL,
	"how" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	CONSTRAINT "assignment_log_pk" PRIMARY KEY("claim_id","fact"),
	CONSTRAINT "assignment_log_fact_known" CHECK ("assignment_log"."fact" in ('claimed', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"claim_id" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"slot" integer NOT NULL,
	"how" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"by_id" text COLLATE "C" NOT NULL,
	"claimed_at" bigint NOT NULL,
	"heartbeat_at" bigint NOT NULL,
	"lease_until" bigint NOT NULL,
	"draft" boolean NOT NULL,
	CONSTRAINT "assignments_pk" PRIMARY KEY("ticket_id"),
	CONSTRAINT "assignments_how_known" CHECK ("assignments"."how" in ('next', 'manual', 'assigned')),
	CONSTRAINT "assignments_reason_said" CHECK ("assignments"."how" <> 'manual' or "assignments"."reason" is not null),
	CONSTRAINT "assignments_slot_positive" CHECK ("assignments"."slot" >= 0)
);
--> statement-breakpoint
CREATE TABLE "bulk_items" (
	"job_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"ticket_number" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"content_version" integer NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C",
	"at" bigint,
	CONSTRAINT "bulk_items_pk" PRIMARY KEY("job_id","seq"),
	CONSTRAINT "bulk_items_state_known" CHECK ("bulk_items"."state" in ('pending', 'done', 'refused', 'skipped')),
	CONSTRAINT "bulk_items_verdict_matches" CHECK (("bulk_items"."state" = 'pending') = ("bulk_items"."at" is null))
);
--> statement-breakpoint
CREATE TABLE "bulk_jobs" (
	"id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"fingerprint" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"payload" json NOT NULL,
	"dry_run" boolean NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"actor_role" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"total" integer NOT NULL,
	"created_at" bigint NOT NULL,
	"finished_at" bigint,
	"leased_until" bigint,
	CONSTRAINT "bulk_jobs_pk" PRIMARY KEY("id"),
	CONSTRAINT "bulk_jobs_state_known" CHECK ("bulk_jobs"."state" in ('running', 'done', 'cancelled')),
	CONSTRAINT "bulk_jobs_finished_matches" CHECK (("bulk_jobs"."state" = 'running') = ("bulk_jobs"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "release_windows" (
	"id" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "release_windows_pk" PRIMARY KEY("id"),
	CONSTRAINT "release_windows_forward" CHECK ("release_windows"."from_at" < "release_windows"."until_at")
);
--> statement-breakpoint
CREATE TABLE "work_drafts" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "work_drafts_pk" PRIMARY KEY("ticket_id","agent_id"),
	CONSTRAINT "work_drafts_version_positive" CHECK ("work_drafts"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "work_policies" (
	"version" integer NOT NULL,
	"spec" json NOT NULL,
	"published_at" bigint NOT NULL,
	"published_by" text COLLATE "C" NOT NULL,
	CONSTRAINT "work_policies_pk" PRIMARY KEY("version"),
	CONSTRAINT "work_policies_version_positive" CHECK ("work_policies"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "work_profiles" (
	"agent_id" text COLLATE "C" NOT NULL,
	"skills" json NOT NULL,
	"offices" json,
	"wip_limit" integer,
	"updated_at" bigint NOT NULL,
	"updated_by" text COLLATE "C" NOT NULL,
	CONSTRAINT "work_profiles_pk" PRIMARY KEY("agent_id"),
	CONSTRAINT "work_profiles_limit" CHECK ("work_profiles"."wip_limit" between 0 and 100)
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_job_fk" FOREIGN KEY ("job_id") REFERENCES "public"."bulk_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignment_log_ticket" ON "assignment_log" USING btree ("ticket_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_slot" ON "assignments" USING btree ("agent_id","slot");--> statement-breakpoint
CREATE INDEX "assignments_expiry" ON "assignments" USING btree ("lease_until");--> statement-breakpoint
CREATE INDEX "bulk_items_pending" ON "bulk_items" USING btree ("job_id","seq") WHERE state = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "bulk_jobs_key" ON "bulk_jobs" USING btree ("key");--> statement-breakpoint
CREATE INDEX "bulk_jobs_running" ON "bulk_jobs" USING btree ("created_at") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "release_windows_until" ON "release_windows" USING btree ("until_at");