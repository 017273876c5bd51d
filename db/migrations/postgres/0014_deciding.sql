CREATE TABLE "assisted_filings" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"steps" json NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "assisted_filings_pk" PRIMARY KEY("ticket_id"),
	CONSTRAINT "assisted_filings_channel_known" CHECK ("assisted_filings"."channel" in ('walk_in', 'telepon_175', 'email_care'))
);
--> statement-breakpoint
CREATE TABLE "kpj_traces" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"result" text COLLATE "C" NOT NULL,
	"cards" integer NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "kpj_traces_pk" PRIMARY KEY("id"),
	CONSTRAINT "kpj_traces_result_known" CHECK ("kpj_traces"."result" in ('FOUND', 'SEVERAL', 'NONE', 'NOT_REGISTERED')),
	CONSTRAINT "kpj_traces_cards_match" CHECK (("kpj_traces"."cards" > 0) = ("kpj_traces"."result" in ('FOUND', 'SEVERAL')))
);
--> statement-breakpoint
CREATE TABLE "ticket_notes" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "ticket_notes_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
ALTER TABLE "assisted_filings" ADD CONSTRAINT "assisted_filings_key_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."ticket_keys"("ticket_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_notes" ADD CONSTRAINT "ticket_notes_key_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."ticket_keys"("ticket_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "kpj_traces_ticket" ON "kpj_traces" USING btree ("ticket_id","at");--> statement-breakpoint
CREATE INDEX "ticket_notes_ticket" ON "ticket_notes" USING btree ("ticket_id","at");