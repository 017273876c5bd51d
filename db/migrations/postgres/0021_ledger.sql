CREATE TABLE "breach_reasons" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"target" text COLLATE "C" NOT NULL,
	"cycle" integer NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "breach_reasons_pk" PRIMARY KEY("ticket_id","target","cycle")
);
--> statement-breakpoint
CREATE TABLE "ledger_acts" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"fact" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"policy" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"day" text COLLATE "C" NOT NULL,
	CONSTRAINT "ledger_acts_pk" PRIMARY KEY("ticket_id","seq")
);
--> statement-breakpoint
CREATE TABLE "ledger_mark" (
	"id" integer NOT NULL,
	"place" bigint NOT NULL,
	CONSTRAINT "ledger_mark_pk" PRIMARY KEY("id"),
	CONSTRAINT "ledger_mark_single" CHECK ("ledger_mark"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "ledger_stays" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"n" integer NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"policy" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"began" text COLLATE "C" NOT NULL,
	"ended" text COLLATE "C",
	"outcome" text COLLATE "C",
	"opened_at" bigint NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint,
	"from_day" text COLLATE "C" NOT NULL,
	"until_day" text COLLATE "C",
	"handling_minutes" integer,
	CONSTRAINT "ledger_stays_pk" PRIMARY KEY("ticket_id","n"),
	CONSTRAINT "ledger_stays_ended_whole" CHECK (("ledger_stays"."ended" is null) = ("ledger_stays"."until_at" is null))
);
--> statement-breakpoint
CREATE TABLE "ledger_tickets" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	CONSTRAINT "ledger_tickets_pk" PRIMARY KEY("ticket_id")
);
--> statement-breakpoint
CREATE TABLE "sla_facts" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"target" text COLLATE "C" NOT NULL,
	"cycle" integer NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"policy" text COLLATE "C" NOT NULL,
	"calendar" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"promised_at" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"verdict" text COLLATE "C",
	"verdict_at" bigint,
	"verdict_day" text COLLATE "C",
	"settled_at" bigint,
	"ended" text COLLATE "C",
	"paused_minutes" integer NOT NULL,
	CONSTRAINT "sla_facts_pk" PRIMARY KEY("ticket_id","target","cycle"),
	CONSTRAINT "sla_facts_verdict_known" CHECK ("sla_facts"."verdict" in ('met', 'late', 'void')),
	CONSTRAINT "sla_facts_verdict_whole" CHECK (("sla_facts"."verdict" is null) = ("sla_facts"."verdict_at" is null)),
	CONSTRAINT "sla_facts_ended_late" CHECK ("sla_facts"."ended" is null or ("sla_facts"."verdict" = 'late' and "sla_facts"."settled_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "sla_pauses" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"target" text COLLATE "C" NOT NULL,
	"cycle" integer NOT NULL,
	"n" integer NOT NULL,
	"cause" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"route" text COLLATE "C" NOT NULL,
	"policy" text COLLATE "C" NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint NOT NULL,
	"until_day" text COLLATE "C" NOT NULL,
	"minutes" integer NOT NULL,
	CONSTRAINT "sla_pauses_pk" PRIMARY KEY("ticket_id","target","cycle","n")
);
--> statement-breakpoint
CREATE TABLE "staff_notice_reads" (
	"notice_id" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C" NOT NULL,
	"read_at" bigint NOT NULL,
	CONSTRAINT "staff_notice_reads_pk" PRIMARY KEY("notice_id","staff_id")
);
--> statement-breakpoint
CREATE TABLE "staff_notices" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"target" text COLLATE "C" NOT NULL,
	"threshold" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"agent_id" text COLLATE "C",
	"at" bigint NOT NULL,
	"visible_at" bigint NOT NULL,
	CONSTRAINT "staff_notices_pk" PRIMARY KEY("id"),
	CONSTRAINT "staff_notices_kind_known" CHECK ("staff_notices"."kind" in ('warning', 'breached', 'escalated')),
	CONSTRAINT "staff_notices_role_known" CHECK ("staff_notices"."role" in ('agent', 'supervisor', 'unitHead'))
);
--> statement-breakpoint
ALTER TABLE "breach_reasons" ADD CONSTRAINT "breach_reasons_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_notice_reads" ADD CONSTRAINT "staff_notice_reads_notice_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."staff_notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_notices" ADD CONSTRAINT "staff_notices_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ledger_acts_work" ON "ledger_acts" USING btree ("kind","day","office_id","actor_id","at","ticket_id");--> statement-breakpoint
CREATE INDEX "ledger_acts_objection" ON "ledger_acts" USING btree ("day","office_id","route","policy","at") WHERE kind = 'objection';--> statement-breakpoint
CREATE INDEX "ledger_stays_from" ON "ledger_stays" USING btree ("from_day","office_id","route","policy","began","from_at","until_at");--> statement-breakpoint
CREATE INDEX "ledger_stays_until" ON "ledger_stays" USING btree ("until_day","office_id","route","policy","ended","outcome","until_at","handling_minutes");--> statement-breakpoint
CREATE INDEX "ledger_stays_open" ON "ledger_stays" USING btree ("until_at","from_at","office_id","route","policy","opened_at");--> statement-breakpoint
CREATE INDEX "sla_facts_attainment" ON "sla_facts" USING btree ("verdict_day","office_id","route","policy","target","verdict","ended","verdict_at","settled_at");--> statement-breakpoint
CREATE INDEX "sla_pauses_day" ON "sla_pauses" USING btree ("until_day","office_id","route","policy","target","cause","until_at","minutes");--> statement-breakpoint
CREATE INDEX "staff_notices_place" ON "staff_notices" USING btree ("role","office_id","visible_at","id");--> statement-breakpoint
CREATE INDEX "staff_notices_ticket" ON "staff_notices" USING btree ("ticket_id");