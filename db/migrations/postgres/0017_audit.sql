CREATE TABLE "audit_checkpoints" (
	"position" integer NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"key_id" text COLLATE "C" NOT NULL,
	"signature" text COLLATE "C" NOT NULL,
	CONSTRAINT "audit_checkpoints_pk" PRIMARY KEY("position")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"position" integer NOT NULL,
	"at" bigint NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"actor_role" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C",
	"subject" text COLLATE "C",
	"detail" json NOT NULL,
	"prev_hash" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "audit_entries_pk" PRIMARY KEY("position"),
	CONSTRAINT "audit_entries_position_positive" CHECK ("audit_entries"."position" >= 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "audit_entries_hash_unique" ON "audit_entries" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "audit_entries_action" ON "audit_entries" USING btree ("action","position");--> statement-breakpoint
CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("actor_id","position");--> statement-breakpoint
CREATE INDEX "audit_entries_ticket" ON "audit_entries" USING btree ("ticket_id","position") WHERE ticket_id is not null;