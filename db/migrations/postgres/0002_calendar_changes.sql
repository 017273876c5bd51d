CREATE TABLE "calendar_changes" (
	"calendar_id" text COLLATE "C" NOT NULL,
	"to_version" integer NOT NULL,
	"from_version" integer NOT NULL,
	"reason" json NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"actor_role" text COLLATE "C" NOT NULL,
	"started_at" bigint NOT NULL,
	"finished_at" bigint,
	"leased_until" bigint,
	"progress" json NOT NULL,
	CONSTRAINT "calendar_changes_pk" PRIMARY KEY("calendar_id","to_version"),
	CONSTRAINT "calendar_changes_forward" CHECK ("calendar_changes"."from_version" < "calendar_changes"."to_version")
);
