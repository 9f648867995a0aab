-- Who brought whom to the programme.
--
-- Partner: supabase/migrations/20250609110000_referrals.sql, where row level security is added.

-- AlterTable
-- Everybody needs a code, also those who are here already: first the column, then the codes, then NOT NULL.
ALTER TABLE "users" ADD COLUMN     "referral_code" VARCHAR(21),
ADD COLUMN     "referred_by_id" TEXT;

UPDATE "users" SET "referral_code" = left(replace(gen_random_uuid()::text, '-', ''), 12);

ALTER TABLE "users" ALTER COLUMN "referral_code" SET NOT NULL;

-- CreateTable
CREATE TABLE "referral_events" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "referrer_id" TEXT NOT NULL,
    "referee_id" TEXT,
    "event_type" VARCHAR(32) NOT NULL DEFAULT 'CLICKED',
    "external_event_id" VARCHAR(128),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "referral_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "referral_events_external_event_id_key" ON "referral_events"("external_event_id");

-- CreateIndex
CREATE INDEX "referral_events_referee_id_idx" ON "referral_events"("referee_id");

-- CreateIndex
CREATE UNIQUE INDEX "referral_events_referrer_id_referee_id_event_type_key" ON "referral_events"("referrer_id", "referee_id", "event_type");

-- CreateIndex
CREATE UNIQUE INDEX "users_referral_code_key" ON "users"("referral_code");

-- CreateIndex
CREATE INDEX "users_referred_by_id_idx" ON "users"("referred_by_id");

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_referred_by_id_fkey" FOREIGN KEY ("referred_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_events" ADD CONSTRAINT "referral_events_referrer_id_fkey" FOREIGN KEY ("referrer_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_events" ADD CONSTRAINT "referral_events_referee_id_fkey" FOREIGN KEY ("referee_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "users"
    ADD CONSTRAINT "users_not_referred_by_oneself" CHECK (referred_by_id <> id);

ALTER TABLE "referral_events"
    ADD CONSTRAINT "referral_events_event_type_is_known" CHECK (event_type IN ('CLICKED', 'SIGNED_UP', 'ACTIVATED')),
    ADD CONSTRAINT "referral_events_referee_is_another" CHECK (referee_id <> referrer_id),
    ADD CONSTRAINT "referral_events_metadata_is_object" CHECK (jsonb_typeof(metadata) = 'object');
