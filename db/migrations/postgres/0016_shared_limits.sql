CREATE TABLE "request_counts" (
	"key" text COLLATE "C" NOT NULL,
	"points" integer NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "request_counts_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
ALTER TABLE "message_log" DROP CONSTRAINT "message_log_outcome_known";--> statement-breakpoint
CREATE INDEX "request_counts_expires" ON "request_counts" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "message_log" ADD CONSTRAINT "message_log_outcome_known" CHECK ("message_log"."outcome" in ('sent', 'failed', 'skipped', 'deferred'));