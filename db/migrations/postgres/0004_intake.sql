CREATE TABLE "access_tokens" (
	"hash" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"revoked_at" bigint,
	CONSTRAINT "access_tokens_pk" PRIMARY KEY("hash"),
	CONSTRAINT "access_tokens_purpose_known" CHECK ("access_tokens"."purpose" in ('status', 'objection'))
);
--> statement-breakpoint
CREATE TABLE "blind_indexes" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"key_id" text COLLATE "C" NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "blind_indexes_pk" PRIMARY KEY("ticket_id","kind","key_id","value")
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"generation" integer NOT NULL,
	"address_index" text COLLATE "C" NOT NULL,
	"person_index" text COLLATE "C",
	"device_index" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"sent_at" bigint,
	"expires_at" bigint,
	"code_mac" text COLLATE "C",
	"tries" integer NOT NULL,
	"consumed_at" bigint,
	"superseded_at" bigint,
	CONSTRAINT "challenges_pk" PRIMARY KEY("id"),
	CONSTRAINT "challenges_channel_known" CHECK ("challenges"."channel" in ('email', 'phone')),
	CONSTRAINT "challenges_purpose_known" CHECK ("challenges"."purpose" in ('prove', 'access')),
	CONSTRAINT "challenges_tries_bounded" CHECK ("challenges"."tries" between 0 and 1000),
	CONSTRAINT "challenges_sent_matches" CHECK (("challenges"."sent_at" is null) = ("challenges"."code_mac" is null) and ("challenges"."sent_at" is null) = ("challenges"."expires_at" is null)),
	CONSTRAINT "challenges_consumed_was_sent" CHECK ("challenges"."consumed_at" is null or "challenges"."sent_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "competing_cases" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"other_id" text COLLATE "C" NOT NULL,
	"linked_at" bigint NOT NULL,
	CONSTRAINT "competing_cases_pk" PRIMARY KEY("ticket_id","other_id"),
	CONSTRAINT "competing_cases_ordered" CHECK ("competing_cases"."ticket_id" < "competing_cases"."other_id")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"generation" integer NOT NULL,
	"sealed" text COLLATE "C",
	"proven_generation" integer,
	"proven_at" bigint,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "contacts_pk" PRIMARY KEY("ticket_id","channel"),
	CONSTRAINT "contacts_channel_known" CHECK ("contacts"."channel" in ('email', 'phone')),
	CONSTRAINT "contacts_generation_positive" CHECK ("contacts"."generation" >= 1),
	CONSTRAINT "contacts_proven_matches" CHECK (("contacts"."proven_generation" is null) = ("contacts"."proven_at" is null)),
	CONSTRAINT "contacts_proven_known" CHECK ("contacts"."proven_generation" <= "contacts"."generation")
);
--> statement-breakpoint
CREATE TABLE "dir_accounts" (
	"id" text COLLATE "C" NOT NULL,
	"participant_id" text COLLATE "C" NOT NULL,
	"nik_index" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"sessions_revoked_at" bigint,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "dir_accounts_pk" PRIMARY KEY("id"),
	CONSTRAINT "dir_accounts_state_known" CHECK ("dir_accounts"."state" in ('active', 'disabled'))
);
--> statement-breakpoint
CREATE TABLE "dir_cards" (
	"kpj_index" text COLLATE "C" NOT NULL,
	"participant_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "dir_cards_pk" PRIMARY KEY("kpj_index")
);
--> statement-breakpoint
CREATE TABLE "dir_participants" (
	"id" text COLLATE "C" NOT NULL,
	"nik_index" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	CONSTRAINT "dir_participants_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE TABLE "dir_replacements" (
	"key" text COLLATE "C" NOT NULL,
	"request_index" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"account_version" integer NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "dir_replacements_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "document_pages" (
	"document_id" text COLLATE "C" NOT NULL,
	"page" integer NOT NULL,
	"file_ref" text COLLATE "C" NOT NULL,
	"sha256" text COLLATE "C" NOT NULL,
	"bytes" integer NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	CONSTRAINT "document_pages_pk" PRIMARY KEY("document_id","page"),
	CONSTRAINT "document_pages_page_positive" CHECK ("document_pages"."page" >= 1)
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C",
	"name_sealed" text COLLATE "C",
	"media" text COLLATE "C" NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text COLLATE "C" NOT NULL,
	"content_index" text COLLATE "C" NOT NULL,
	"perceptual_hash" text COLLATE "C",
	"pages" integer NOT NULL,
	"original_ref" text COLLATE "C",
	"uploader_id" text COLLATE "C" NOT NULL,
	"received_at" bigint NOT NULL,
	"decided_at" bigint,
	CONSTRAINT "documents_pk" PRIMARY KEY("id"),
	CONSTRAINT "documents_state_known" CHECK ("documents"."state" in ('pending', 'accepted', 'refused', 'erased')),
	CONSTRAINT "documents_refused_says_why" CHECK (("documents"."state" = 'refused') = ("documents"."code" is not null)),
	CONSTRAINT "documents_accepted_has_pages" CHECK ("documents"."state" <> 'accepted' or "documents"."pages" > 0)
);
--> statement-breakpoint
CREATE TABLE "email_domains" (
	"domain" text COLLATE "C" NOT NULL,
	"verdict" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"decided_at" bigint NOT NULL,
	CONSTRAINT "email_domains_pk" PRIMARY KEY("domain"),
	CONSTRAINT "email_domains_verdict_known" CHECK ("email_domains"."verdict" in ('block', 'allow'))
);
--> statement-breakpoint
CREATE TABLE "filing_replies" (
	"key" text COLLATE "C" NOT NULL,
	"fingerprint" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C",
	"created_at" bigint NOT NULL,
	CONSTRAINT "filing_replies_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"sealed" text COLLATE "C",
	"notice_version" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"legal_basis" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "identities_pk" PRIMARY KEY("ticket_id"),
	CONSTRAINT "identities_version_positive" CHECK ("identities"."version" >= 1)
);
--> statement-breakpoint
CREATE TABLE "legal_holds" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"placed_at" bigint NOT NULL,
	"lifted_at" bigint,
	CONSTRAINT "legal_holds_pk" PRIMARY KEY("ticket_id","placed_at")
);
--> statement-breakpoint
CREATE TABLE "local_mail" (
	"id" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C",
	"channel" text COLLATE "C" NOT NULL,
	"template" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "local_mail_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE TABLE "matches" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"identity_version" integer NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"participant_id" text COLLATE "C",
	"findings" json NOT NULL,
	"old_contacts" text COLLATE "C",
	"matched_at" bigint NOT NULL,
	CONSTRAINT "matches_pk" PRIMARY KEY("ticket_id"),
	CONSTRAINT "matches_outcome_known" CHECK ("matches"."outcome" in ('found', 'notFound')),
	CONSTRAINT "matches_participant_matches" CHECK (("matches"."outcome" = 'found') = ("matches"."participant_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "message_log" (
	"ref" text COLLATE "C" NOT NULL,
	"recipient" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"template" text COLLATE "C" NOT NULL,
	"template_version" integer NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"attempts" integer NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "message_log_pk" PRIMARY KEY("ref","recipient","channel"),
	CONSTRAINT "message_log_channel_known" CHECK ("message_log"."channel" in ('email', 'sms')),
	CONSTRAINT "message_log_outcome_known" CHECK ("message_log"."outcome" in ('sent', 'failed', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"duty" text COLLATE "C" NOT NULL,
	"ran_at" bigint NOT NULL,
	"removed" integer NOT NULL,
	CONSTRAINT "retention_runs_pk" PRIMARY KEY("duty")
);
--> statement-breakpoint
CREATE TABLE "risk_flags" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C" NOT NULL,
	"detail" json NOT NULL,
	"raised_at" bigint NOT NULL,
	CONSTRAINT "risk_flags_pk" PRIMARY KEY("ticket_id","code")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"ticket_id" text COLLATE "C" NOT NULL,
	"ref" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"due_at" bigint NOT NULL,
	"leased_until" bigint,
	"attempts" integer NOT NULL,
	"reason" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"finished_at" bigint,
	CONSTRAINT "tasks_pk" PRIMARY KEY("id"),
	CONSTRAINT "tasks_state_known" CHECK ("tasks"."state" in ('pending', 'done', 'failed')),
	CONSTRAINT "tasks_finished_matches" CHECK (("tasks"."state" = 'pending') = ("tasks"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "ticket_keys" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"key_id" text COLLATE "C" NOT NULL,
	"wrapped" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"destroyed_at" bigint,
	CONSTRAINT "ticket_keys_pk" PRIMARY KEY("ticket_id"),
	CONSTRAINT "ticket_keys_destroyed_matches" CHECK (("ticket_keys"."wrapped" is null) = ("ticket_keys"."destroyed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"ticket_id" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"erased_at" bigint NOT NULL,
	CONSTRAINT "tombstones_pk" PRIMARY KEY("ticket_id")
);
--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_key_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."ticket_keys"("ticket_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_key_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."ticket_keys"("ticket_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dir_accounts" ADD CONSTRAINT "dir_accounts_participant_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."dir_participants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dir_cards" ADD CONSTRAINT "dir_cards_participant_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."dir_participants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dir_replacements" ADD CONSTRAINT "dir_replacements_account_fk" FOREIGN KEY ("account_id") REFERENCES "public"."dir_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_pages" ADD CONSTRAINT "document_pages_document_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_key_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."ticket_keys"("ticket_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_key_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."ticket_keys"("ticket_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_tokens_ticket" ON "access_tokens" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "blind_indexes_value" ON "blind_indexes" USING btree ("kind","value","created_at");--> statement-breakpoint
CREATE INDEX "challenges_ticket" ON "challenges" USING btree ("ticket_id","channel","created_at");--> statement-breakpoint
CREATE INDEX "challenges_address" ON "challenges" USING btree ("address_index","created_at");--> statement-breakpoint
CREATE INDEX "challenges_person" ON "challenges" USING btree ("person_index","created_at");--> statement-breakpoint
CREATE INDEX "challenges_device" ON "challenges" USING btree ("device_index","created_at");--> statement-breakpoint
CREATE INDEX "challenges_created" ON "challenges" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "competing_cases_other" ON "competing_cases" USING btree ("other_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dir_accounts_one_active" ON "dir_accounts" USING btree ("nik_index") WHERE state = 'active';--> statement-breakpoint
CREATE INDEX "dir_accounts_participant" ON "dir_accounts" USING btree ("participant_id");--> statement-breakpoint
CREATE INDEX "dir_participants_nik" ON "dir_participants" USING btree ("nik_index");--> statement-breakpoint
CREATE INDEX "documents_ticket" ON "documents" USING btree ("ticket_id","received_at");--> statement-breakpoint
CREATE INDEX "documents_content" ON "documents" USING btree ("content_index");--> statement-breakpoint
CREATE INDEX "documents_perceptual" ON "documents" USING btree ("perceptual_hash");--> statement-breakpoint
CREATE INDEX "filing_replies_created" ON "filing_replies" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "local_mail_at" ON "local_mail" USING btree ("at");--> statement-breakpoint
CREATE INDEX "message_log_ticket" ON "message_log" USING btree ("ticket_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_once" ON "tasks" USING btree ("kind","ticket_id","ref");--> statement-breakpoint
CREATE INDEX "tasks_due" ON "tasks" USING btree ("due_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "ticket_keys_key" ON "ticket_keys" USING btree ("key_id");