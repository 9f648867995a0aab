-- Webhook calls from Kajabi, and the course tags that follow from them.
--
-- Partner: supabase/migrations/20250324083000_kajabi_events.sql, where row level security is added.

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "kajabi_contact_id" VARCHAR(64);

-- CreateTable
CREATE TABLE "kajabi_events" (
    "id" UUID NOT NULL,
    "event_id" VARCHAR(128) NOT NULL,
    "event_type" VARCHAR(80) NOT NULL,
    "payload" JSONB NOT NULL,
    "user_id" TEXT,
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(6),

    CONSTRAINT "kajabi_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "learn_tag_grants" (
    "id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "tag_name" VARCHAR(80) NOT NULL,
    "kajabi_event_id" UUID,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "learn_tag_grants_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "kajabi_events_event_id_key" ON "kajabi_events"("event_id");

-- CreateIndex
CREATE INDEX "kajabi_events_event_type_received_at_idx" ON "kajabi_events"("event_type", "received_at" DESC);

-- CreateIndex
CREATE INDEX "kajabi_events_user_id_idx" ON "kajabi_events"("user_id");

-- CreateIndex
CREATE INDEX "learn_tag_grants_kajabi_event_id_idx" ON "learn_tag_grants"("kajabi_event_id");

-- CreateIndex
CREATE UNIQUE INDEX "learn_tag_grants_user_id_tag_name_key" ON "learn_tag_grants"("user_id", "tag_name");

-- CreateIndex
CREATE UNIQUE INDEX "users_kajabi_contact_id_key" ON "users"("kajabi_contact_id");

-- AddForeignKey
ALTER TABLE "kajabi_events" ADD CONSTRAINT "kajabi_events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learn_tag_grants" ADD CONSTRAINT "learn_tag_grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learn_tag_grants" ADD CONSTRAINT "learn_tag_grants_kajabi_event_id_fkey" FOREIGN KEY ("kajabi_event_id") REFERENCES "kajabi_events"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "kajabi_events"
    ADD CONSTRAINT "kajabi_events_payload_is_object" CHECK (jsonb_typeof(payload) = 'object'),
    ADD CONSTRAINT "kajabi_events_attempts_is_not_negative" CHECK (attempts >= 0);

-- The worker asks for the oldest event it has not dealt with. Nearly all are dealt with, so this index
-- stays small while the table grows.
CREATE INDEX "kajabi_events_unprocessed_idx"
    ON "kajabi_events" (received_at)
    WHERE processed_at IS NULL;
