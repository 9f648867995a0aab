-- The ledger of points, which nobody can rewrite.
--
-- Partner: supabase/migrations/20250210101200_points_ledger.sql, where row level security is added.

-- CreateEnum
CREATE TYPE "ledger_source" AS ENUM ('FORM', 'WEBHOOK', 'REFERRAL', 'MANUAL');

-- CreateTable
CREATE TABLE "points_ledger" (
    "id" BIGSERIAL NOT NULL,
    "user_id" TEXT NOT NULL,
    "source" "ledger_source" NOT NULL,
    "delta" INTEGER NOT NULL,
    "activity_code" VARCHAR(16),
    "submission_id" UUID,
    "external_event_id" VARCHAR(128),
    "reverses_id" BIGINT,
    "recorded_by_id" TEXT,
    "note" VARCHAR(500),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "points_ledger_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "points_ledger_reverses_id_key" ON "points_ledger"("reverses_id");

-- CreateIndex
CREATE INDEX "points_ledger_user_id_created_at_idx" ON "points_ledger"("user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "points_ledger_submission_id_user_id_idx" ON "points_ledger"("submission_id", "user_id");

-- CreateIndex
CREATE INDEX "points_ledger_activity_code_idx" ON "points_ledger"("activity_code");

-- CreateIndex
CREATE INDEX "points_ledger_recorded_by_id_idx" ON "points_ledger"("recorded_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "points_ledger_source_external_event_id_key" ON "points_ledger"("source", "external_event_id");

-- AddForeignKey
ALTER TABLE "points_ledger" ADD CONSTRAINT "points_ledger_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "points_ledger" ADD CONSTRAINT "points_ledger_recorded_by_id_fkey" FOREIGN KEY ("recorded_by_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "points_ledger" ADD CONSTRAINT "points_ledger_activity_code_fkey" FOREIGN KEY ("activity_code") REFERENCES "activities"("code") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "points_ledger" ADD CONSTRAINT "points_ledger_submission_id_user_id_fkey" FOREIGN KEY ("submission_id", "user_id") REFERENCES "submissions"("id", "user_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "points_ledger" ADD CONSTRAINT "points_ledger_reverses_id_fkey" FOREIGN KEY ("reverses_id") REFERENCES "points_ledger"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "points_ledger"
    ADD CONSTRAINT "points_ledger_delta_is_not_zero" CHECK (delta <> 0),
    ADD CONSTRAINT "points_ledger_reverses_another" CHECK (reverses_id <> id);

-- Two reviewers who approve at the same moment award the points once.
CREATE UNIQUE INDEX "points_ledger_one_award_per_submission"
    ON "points_ledger" (submission_id)
    WHERE source = 'FORM' AND reverses_id IS NULL;

-- Row level security does not bind the owner of a table, and privileges do not bind a superuser; a trigger
-- stops both.
CREATE FUNCTION private.forbid_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is not allowed', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER points_ledger_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON "points_ledger"
    FOR EACH STATEMENT EXECUTE FUNCTION private.forbid_change();
