CREATE TABLE "service_keys" (
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"secret_hash" text COLLATE "C" NOT NULL,
	"scopes" json NOT NULL,
	"created_at" bigint NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	"last_used_at" bigint,
	"revoked_at" bigint,
	"revoked_by" text COLLATE "C",
	CONSTRAINT "service_keys_pk" PRIMARY KEY("id"),
	CONSTRAINT "service_keys_expire" CHECK ("service_keys"."expires_at" > "service_keys"."created_at"),
	CONSTRAINT "service_keys_revoked_whole" CHECK (("service_keys"."revoked_at" is null) = ("service_keys"."revoked_by" is null))
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text COLLATE "C" NOT NULL,
	"staff_number" text COLLATE "C" NOT NULL,
	"username" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"issuer" text COLLATE "C",
	"subject" text COLLATE "C",
	"password_hash" text COLLATE "C",
	"one_time" boolean NOT NULL,
	"password_expires_at" bigint,
	"totp_sealed" text COLLATE "C",
	"totp_confirmed" boolean NOT NULL,
	"totp_step" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"disabled_at" bigint,
	"disabled_by" text COLLATE "C",
	CONSTRAINT "staff_pk" PRIMARY KEY("id"),
	CONSTRAINT "staff_subject_whole" CHECK (("staff"."issuer" is null) = ("staff"."subject" is null)),
	CONSTRAINT "staff_disabled_whole" CHECK (("staff"."disabled_at" is null) = ("staff"."disabled_by" is null))
);
--> statement-breakpoint
CREATE TABLE "staff_grants" (
	"id" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"office_id" text COLLATE "C" NOT NULL,
	"granted_at" bigint NOT NULL,
	"granted_by" text COLLATE "C" NOT NULL,
	"revoked_at" bigint,
	"revoked_by" text COLLATE "C",
	CONSTRAINT "staff_grants_pk" PRIMARY KEY("id"),
	CONSTRAINT "staff_grants_role_known" CHECK ("staff_grants"."role" in ('agent', 'checker', 'supervisor', 'admin', 'auditor')),
	CONSTRAINT "staff_grants_by_another" CHECK ("staff_grants"."granted_by" <> "staff_grants"."staff_id"),
	CONSTRAINT "staff_grants_revoked_whole" CHECK (("staff_grants"."revoked_at" is null) = ("staff_grants"."revoked_by" is null))
);
--> statement-breakpoint
CREATE TABLE "staff_oidc_flows" (
	"hash" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"nonce" text COLLATE "C" NOT NULL,
	"verifier" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "staff_oidc_flows_pk" PRIMARY KEY("hash")
);
--> statement-breakpoint
CREATE TABLE "staff_recovery_codes" (
	"staff_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"used_at" bigint,
	CONSTRAINT "staff_recovery_codes_pk" PRIMARY KEY("staff_id","hash")
);
--> statement-breakpoint
CREATE TABLE "staff_sessions" (
	"hash" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C" NOT NULL,
	"stage" text COLLATE "C" NOT NULL,
	"via" text COLLATE "C" NOT NULL,
	"started_at" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"stepped_up_at" bigint,
	"ended_at" bigint,
	"ended_by" text COLLATE "C",
	CONSTRAINT "staff_sessions_pk" PRIMARY KEY("hash"),
	CONSTRAINT "staff_sessions_stage_known" CHECK ("staff_sessions"."stage" in ('password', 'enrol', 'totp', 'open')),
	CONSTRAINT "staff_sessions_ended_whole" CHECK (("staff_sessions"."ended_at" is null) = ("staff_sessions"."ended_by" is null))
);
--> statement-breakpoint
CREATE TABLE "staff_throttles" (
	"key" text COLLATE "C" NOT NULL,
	"failures" integer NOT NULL,
	"until_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "staff_throttles_pk" PRIMARY KEY("key")
);
--> statement-breakpoint
ALTER TABLE "staff_grants" ADD CONSTRAINT "staff_grants_staff_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_recovery_codes" ADD CONSTRAINT "staff_recovery_codes_staff_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_staff_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "staff_number_unique" ON "staff" USING btree ("staff_number");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_username_unique" ON "staff" USING btree ("username");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_subject_unique" ON "staff" USING btree ("issuer","subject");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_grants_once" ON "staff_grants" USING btree ("staff_id","role","office_id") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "staff_grants_staff" ON "staff_grants" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "staff_oidc_flows_expiry" ON "staff_oidc_flows" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "staff_sessions_staff" ON "staff_sessions" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "staff_sessions_expiry" ON "staff_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "staff_throttles_updated" ON "staff_throttles" USING btree ("updated_at");