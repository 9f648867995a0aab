-- Users, activities and submissions.
--
-- Partner: supabase/migrations/20250113091500_initial_tables.sql, where row level security is added.
-- What stands under Prisma's headings is as Prisma writes it; the rest is what Prisma cannot express.

-- Functions live apart from the tables, so that an API that serves "public" does not serve them.
CREATE SCHEMA private;

-- CreateEnum
CREATE TYPE "user_role" AS ENUM ('PARTICIPANT', 'REVIEWER', 'ADMIN', 'SUPERADMIN');

-- CreateEnum
CREATE TYPE "user_type" AS ENUM ('EDUCATOR', 'STUDENT', 'PARTNER');

-- CreateEnum
CREATE TYPE "visibility" AS ENUM ('PRIVATE', 'PUBLIC');

-- CreateEnum
CREATE TYPE "submission_status" AS ENUM ('DRAFT', 'PENDING', 'APPROVED', 'REJECTED');

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "handle" VARCHAR(40) NOT NULL,
    "name" VARCHAR(120) NOT NULL,
    "email" VARCHAR(320) NOT NULL,
    "avatar_url" TEXT,
    "bio" VARCHAR(500),
    "school" VARCHAR(160),
    "role" "user_role" NOT NULL DEFAULT 'PARTICIPANT',
    "user_type" "user_type" NOT NULL DEFAULT 'EDUCATOR',
    "visibility" "visibility" NOT NULL DEFAULT 'PRIVATE',
    "timezone" VARCHAR(64) NOT NULL DEFAULT 'UTC',
    "preferences" JSONB NOT NULL DEFAULT '{}',
    "last_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activities" (
    "code" VARCHAR(16) NOT NULL,
    "name" VARCHAR(120) NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "default_points" INTEGER NOT NULL DEFAULT 10,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "guidance" JSONB NOT NULL DEFAULT '{"steps": []}',
    "display_order" SMALLINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "activities_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "submissions" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" TEXT NOT NULL,
    "activity_code" VARCHAR(16) NOT NULL,
    "title" VARCHAR(160) NOT NULL,
    "payload" JSONB NOT NULL,
    "status" "submission_status" NOT NULL DEFAULT 'DRAFT',
    "visibility" "visibility" NOT NULL DEFAULT 'PRIVATE',
    "submitted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_handle_key" ON "users"("handle");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "activities_tags_idx" ON "activities" USING GIN ("tags");

-- CreateIndex
CREATE INDEX "submissions_user_id_created_at_idx" ON "submissions"("user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "submissions_activity_code_status_idx" ON "submissions"("activity_code", "status");

-- CreateIndex
CREATE INDEX "submissions_queue_idx" ON "submissions"("status", "submitted_at");

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_activity_code_fkey" FOREIGN KEY ("activity_code") REFERENCES "activities"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A handle or an address that differs in case only would pass for another person's.
ALTER TABLE "users"
    ADD CONSTRAINT "users_handle_is_lower_case" CHECK (handle = lower(handle)),
    ADD CONSTRAINT "users_email_is_lower_case" CHECK (email = lower(email)),
    ADD CONSTRAINT "users_preferences_is_object" CHECK (jsonb_typeof(preferences) = 'object');

ALTER TABLE "activities"
    ADD CONSTRAINT "activities_code_is_upper_case" CHECK (code = upper(code)),
    ADD CONSTRAINT "activities_default_points_in_range" CHECK (default_points BETWEEN 0 AND 1000),
    ADD CONSTRAINT "activities_guidance_is_object" CHECK (jsonb_typeof(guidance) = 'object');

-- The queue is ordered by the time of handing in, so whatever is in it must have one.
ALTER TABLE "submissions"
    ADD CONSTRAINT "submissions_payload_is_object" CHECK (jsonb_typeof(payload) = 'object'),
    ADD CONSTRAINT "submissions_handed_in_has_time" CHECK (status = 'DRAFT' OR submitted_at IS NOT NULL);

-- The form saves as one types: two open tabs must end up in the same draft.
CREATE UNIQUE INDEX "submissions_one_draft_per_activity"
    ON "submissions" (user_id, activity_code)
    WHERE status = 'DRAFT';

-- 'simple' does no stemming: activities are named in several languages.
CREATE INDEX "activities_search_idx"
    ON "activities"
    USING GIN (to_tsvector('simple', name || ' ' || description));

-- Prisma sets "updated_at" in its own updates only; this one sees them all.
CREATE FUNCTION private.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER users_touch_updated_at
    BEFORE UPDATE ON "users"
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

CREATE TRIGGER activities_touch_updated_at
    BEFORE UPDATE ON "activities"
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

CREATE TRIGGER submissions_touch_updated_at
    BEFORE UPDATE ON "submissions"
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

-- Holds for every writer, the application's server included: a decision cannot be taken back. The server may
-- approve a draft by itself, when a course provider vouches for it.
CREATE FUNCTION private.guard_submission_status() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('DRAFT', 'PENDING'),
        ('DRAFT', 'APPROVED'),
        ('PENDING', 'APPROVED'),
        ('PENDING', 'REJECTED')
    ) THEN
        RAISE EXCEPTION 'a submission cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status <> 'DRAFT' THEN
        NEW.submitted_at := coalesce(NEW.submitted_at, now());
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER submissions_guard_status
    BEFORE INSERT OR UPDATE OF status ON "submissions"
    FOR EACH ROW EXECUTE FUNCTION private.guard_submission_status();
