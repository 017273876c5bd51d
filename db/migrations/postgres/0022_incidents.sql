CREATE TABLE "incident_tickets" (
	"incident_id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"linked_by" text COLLATE "C" NOT NULL,
	"linked_at" bigint NOT NULL,
	CONSTRAINT "incident_tickets_pk" PRIMARY KEY("incident_id","ticket_id")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"fingerprint" text COLLATE "C" NOT NULL,
	"cause" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint,
	"declared_by" text COLLATE "C" NOT NULL,
	"declared_at" bigint NOT NULL,
	"announced_by" text COLLATE "C",
	"announced_at" bigint,
	"ended_by" text COLLATE "C",
	"ended_at" bigint,
	CONSTRAINT "incidents_pk" PRIMARY KEY("id"),
	CONSTRAINT "incidents_forward" CHECK ("incidents"."until_at" is null or "incidents"."from_at" < "incidents"."until_at"),
	CONSTRAINT "incidents_announced_matches" CHECK (("incidents"."announced_at" is null) = ("incidents"."announced_by" is null)),
	CONSTRAINT "incidents_ended_matches" CHECK (("incidents"."ended_at" is null) = ("incidents"."ended_by" is null))
);
--> statement-breakpoint
ALTER TABLE "incident_tickets" ADD CONSTRAINT "incident_tickets_incident_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_tickets" ADD CONSTRAINT "incident_tickets_ticket_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_key" ON "incidents" USING btree ("key");--> statement-breakpoint
CREATE INDEX "incidents_running" ON "incidents" USING btree ("from_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "incidents_declared" ON "incidents" USING btree ("declared_at","id");