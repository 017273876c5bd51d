CREATE TABLE "calendars" (
	"id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"spec" json NOT NULL,
	"published_at" bigint NOT NULL,
	CONSTRAINT "calendars_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" text COLLATE "C" NOT NULL,
	"queue" text COLLATE "C" NOT NULL,
	"job" json NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"failed_at" bigint NOT NULL,
	"attempts" integer NOT NULL,
	"replayed_at" bigint,
	CONSTRAINT "dead_letters_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"sink" text COLLATE "C" NOT NULL,
	"body" json NOT NULL,
	"delivered_at" bigint NOT NULL,
	CONSTRAINT "deliveries_pk" PRIMARY KEY("ticket_id","seq")
);
--> statement-breakpoint
CREATE TABLE "heartbeat" (
	"id" integer NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "heartbeat_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"key" text COLLATE "C" NOT NULL,
	"fingerprint" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"answer" json NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "idempotency_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "offices" (
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"unit_id" text COLLATE "C" NOT NULL,
	"calendar_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	CONSTRAINT "offices_pk" PRIMARY KEY("id"),
	CONSTRAINT "offices_kind_known" CHECK ("offices"."kind" in ('pusat', 'cabang'))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"body" json NOT NULL,
	"created_at" bigint NOT NULL,
	"relayed_at" bigint,
	"delivered_at" bigint,
	"attempts" integer NOT NULL,
	"trace" text COLLATE "C",
	CONSTRAINT "outbox_pk" PRIMARY KEY("ticket_id","seq"),
	CONSTRAINT "outbox_kind_known" CHECK ("outbox"."kind" in ('message', 'port')),
	CONSTRAINT "outbox_counts_positive" CHECK ("outbox"."seq" > 0 and "outbox"."attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"spec" json NOT NULL,
	"published_at" bigint NOT NULL,
	CONSTRAINT "policies_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "ticket_log" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	"fact" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"actor_role" text COLLATE "C" NOT NULL,
	"command_id" text COLLATE "C",
	"machine_version" integer NOT NULL,
	"policy_version" integer NOT NULL,
	"calendar" text COLLATE "C",
	"state" text COLLATE "C" NOT NULL,
	"revision" integer NOT NULL,
	"moves" json,
	"event" json NOT NULL,
	CONSTRAINT "ticket_log_pk" PRIMARY KEY("ticket_id","seq"),
	CONSTRAINT "ticket_log_seq_positive" CHECK ("ticket_log"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_number" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"machine_version" integer NOT NULL,
	"policy_id" text COLLATE "C" NOT NULL,
	"policy_version" integer NOT NULL,
	"revision" integer NOT NULL,
	"content_version" integer NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"standing" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"category" text COLLATE "C" NOT NULL,
	"cause" text COLLATE "C",
	"office_id" text COLLATE "C" NOT NULL,
	"participant_ref" text COLLATE "C" NOT NULL,
	"priority" integer NOT NULL,
	"released_at" bigint,
	"closed_at" bigint,
	"maker_id" text COLLATE "C",
	"checker_id" text COLLATE "C",
	"next_due_at" bigint,
	"next_timer_at" bigint,
	"log_seq" integer NOT NULL,
	"outbox_seq" integer NOT NULL,
	"filed_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"schedule" json NOT NULL,
	"snapshot" json NOT NULL,
	CONSTRAINT "tickets_pk" PRIMARY KEY("id"),
	CONSTRAINT "tickets_revision_positive" CHECK ("tickets"."revision" > 0),
	CONSTRAINT "tickets_content_version_positive" CHECK ("tickets"."content_version" >= 1),
	CONSTRAINT "tickets_standing_known" CHECK ("tickets"."standing" in ('waitingOnUs', 'waitingOnParticipant', 'terminal')),
	CONSTRAINT "tickets_four_eyes" CHECK ("tickets"."maker_id" <> "tickets"."checker_id"),
	CONSTRAINT "tickets_sequences_positive" CHECK ("tickets"."log_seq" >= 0 and "tickets"."outbox_seq" >= 0)
);
--> statement-breakpoint
CREATE TABLE "timers" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"family" text COLLATE "C" NOT NULL,
	"threshold" text COLLATE "C" NOT NULL,
	"generation" integer NOT NULL,
	"due_at" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"closed_at" bigint,
	CONSTRAINT "timers_pk" PRIMARY KEY("ticket_id","family","threshold","generation"),
	CONSTRAINT "timers_state_known" CHECK ("timers"."state" in ('pending', 'fired', 'superseded')),
	CONSTRAINT "timers_closed_at_matches" CHECK (("timers"."state" = 'pending') = ("timers"."closed_at" is null))
);
--> statement-breakpoint
CREATE TABLE "units" (
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	CONSTRAINT "units_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_outbox_fk" FOREIGN KEY ("ticket_id","seq") REFERENCES "public"."outbox"("ticket_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_log" ADD CONSTRAINT "ticket_log_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timers" ADD CONSTRAINT "timers_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_created" ON "idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outbox_unrelayed" ON "outbox" USING btree ("created_at") WHERE relayed_at is null;--> statement-breakpoint
CREATE INDEX "outbox_undelivered" ON "outbox" USING btree ("created_at") WHERE delivered_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_ticket_number_unique" ON "tickets" USING btree ("ticket_number");--> statement-breakpoint
CREATE INDEX "tickets_worklist" ON "tickets" USING btree ("standing","next_due_at","id");--> statement-breakpoint
CREATE INDEX "tickets_filed" ON "tickets" USING btree ("filed_at","id");--> statement-breakpoint
CREATE INDEX "tickets_participant" ON "tickets" USING btree ("participant_ref");--> statement-breakpoint
CREATE INDEX "timers_pending" ON "timers" USING btree ("due_at","ticket_id") WHERE state = 'pending';