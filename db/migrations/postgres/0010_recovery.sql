CREATE TABLE "approval_reviews" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"cycle" integer NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"maker_id" text COLLATE "C" NOT NULL,
	"checker_id" text COLLATE "C" NOT NULL,
	"chosen_at" bigint NOT NULL,
	"reviewer_id" text COLLATE "C",
	"verdict" text COLLATE "C",
	"reason" text COLLATE "C",
	"reviewed_at" bigint,
	CONSTRAINT "approval_reviews_pk" PRIMARY KEY("ticket_id","cycle"),
	CONSTRAINT "approval_reviews_independent" CHECK ("approval_reviews"."reviewer_id" <> "approval_reviews"."maker_id" and "approval_reviews"."reviewer_id" <> "approval_reviews"."checker_id"),
	CONSTRAINT "approval_reviews_verdict_known" CHECK ("approval_reviews"."verdict" in ('sound', 'doubtful')),
	CONSTRAINT "approval_reviews_reviewed_matches" CHECK (("approval_reviews"."reviewer_id" is null) = ("approval_reviews"."reviewed_at" is null) and ("approval_reviews"."verdict" is null) = ("approval_reviews"."reviewed_at" is null))
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"content_version" integer NOT NULL,
	"maker_id" text COLLATE "C" NOT NULL,
	"maker_role" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"mac" text COLLATE "C" NOT NULL,
	"bound_at" bigint NOT NULL,
	"checker_id" text COLLATE "C",
	"checker_role" text COLLATE "C",
	"confirmed_at" bigint,
	"void_code" text COLLATE "C",
	"ended_at" bigint,
	CONSTRAINT "approvals_pk" PRIMARY KEY("ticket_id","content_version","maker_id"),
	CONSTRAINT "approvals_four_eyes" CHECK ("approvals"."maker_id" <> "approvals"."checker_id"),
	CONSTRAINT "approvals_confirmed_matches" CHECK (("approvals"."checker_id" is null) = ("approvals"."confirmed_at" is null) and ("approvals"."checker_id" is null) = ("approvals"."checker_role" is null)),
	CONSTRAINT "approvals_ended_matches" CHECK ("approvals"."void_code" is null or "approvals"."ended_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "hands" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"hand" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "hands_pk" PRIMARY KEY("ticket_id","actor_id","hand"),
	CONSTRAINT "hands_known" CHECK ("hands"."hand" in ('filed', 'typed', 'uploaded', 'edited'))
);
--> statement-breakpoint
CREATE TABLE "objection_links" (
	"hash" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"cycle" integer NOT NULL,
	"generation" integer NOT NULL,
	"recipient" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"used_at" bigint,
	CONSTRAINT "objection_links_pk" PRIMARY KEY("hash")
);
--> statement-breakpoint
CREATE INDEX "approval_reviews_open" ON "approval_reviews" USING btree ("chosen_at","ticket_id") WHERE reviewed_at is null;--> statement-breakpoint
CREATE INDEX "approvals_confirmed" ON "approvals" USING btree ("confirmed_at");--> statement-breakpoint
CREATE INDEX "objection_links_ticket" ON "objection_links" USING btree ("ticket_id");