CREATE TABLE "portal_drafts" (
	"hash" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "portal_drafts_pk" PRIMARY KEY("hash"),
	CONSTRAINT "portal_drafts_version_positive" CHECK ("portal_drafts"."version" >= 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "portal_drafts_ticket" ON "portal_drafts" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "portal_drafts_created" ON "portal_drafts" USING btree ("created_at");