CREATE TABLE "data_requests" (
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"received_at" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"opened_by" text COLLATE "C" NOT NULL,
	"opened_at" bigint NOT NULL,
	"breach" json,
	"answered_at" bigint,
	"outcome" text COLLATE "C",
	"reason" text COLLATE "C",
	"answered_by" text COLLATE "C",
	"told_persons_at" bigint,
	"told_authority_at" bigint,
	CONSTRAINT "data_requests_pk" PRIMARY KEY("id"),
	CONSTRAINT "data_requests_kind_known" CHECK ("data_requests"."kind" in ('access', 'correction', 'consentWithdrawal', 'objectionToProcessing', 'erasure', 'breach')),
	CONSTRAINT "data_requests_due_by_wall" CHECK ("data_requests"."due_at" = "data_requests"."received_at" + 259200000),
	CONSTRAINT "data_requests_breach_matches" CHECK (("data_requests"."kind" = 'breach') = ("data_requests"."breach" is not null)),
	CONSTRAINT "data_requests_outcome_known" CHECK ("data_requests"."outcome" in ('done', 'refused')),
	CONSTRAINT "data_requests_answered_matches" CHECK (("data_requests"."answered_at" is null) = ("data_requests"."outcome" is null) and ("data_requests"."answered_at" is null) = ("data_requests"."reason" is null) and ("data_requests"."answered_at" is null) = ("data_requests"."answered_by" is null)),
	CONSTRAINT "data_requests_breach_told" CHECK ("data_requests"."kind" <> 'breach' or "data_requests"."outcome" is null or "data_requests"."outcome" = 'refused' or ("data_requests"."told_persons_at" is not null and "data_requests"."told_authority_at" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "data_requests_once" ON "data_requests" USING btree ("kind","ticket_id","received_at");--> statement-breakpoint
CREATE INDEX "data_requests_open" ON "data_requests" USING btree ("due_at") WHERE answered_at is null;--> statement-breakpoint
CREATE INDEX "data_requests_received" ON "data_requests" USING btree ("received_at","id");