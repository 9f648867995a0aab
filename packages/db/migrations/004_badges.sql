-- Badges, and who has earned which.
--
-- Partner: supabase/migrations/20250303154500_badges.sql, where row level security is added.

-- CreateTable
CREATE TABLE "badges" (
    "code" VARCHAR(40) NOT NULL,
    "name" VARCHAR(120) NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "icon_url" TEXT,
    "tier" SMALLINT NOT NULL DEFAULT 1,
    "points_threshold" INTEGER,
    "criteria" JSONB NOT NULL DEFAULT '{}',
    "is_secret" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "badges_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "earned_badges" (
    "user_id" TEXT NOT NULL,
    "badge_code" VARCHAR(40) NOT NULL,
    "earned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "awarded_by_id" TEXT,

    CONSTRAINT "earned_badges_pkey" PRIMARY KEY ("user_id","badge_code")
);

-- CreateIndex
CREATE INDEX "earned_badges_badge_code_idx" ON "earned_badges"("badge_code");

-- CreateIndex
CREATE INDEX "earned_badges_awarded_by_id_idx" ON "earned_badges"("awarded_by_id");

-- AddForeignKey
ALTER TABLE "earned_badges" ADD CONSTRAINT "earned_badges_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "earned_badges" ADD CONSTRAINT "earned_badges_badge_code_fkey" FOREIGN KEY ("badge_code") REFERENCES "badges"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "earned_badges" ADD CONSTRAINT "earned_badges_awarded_by_id_fkey" FOREIGN KEY ("awarded_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "badges"
    ADD CONSTRAINT "badges_tier_in_range" CHECK (tier BETWEEN 1 AND 5),
    ADD CONSTRAINT "badges_points_threshold_is_positive" CHECK (points_threshold > 0),
    ADD CONSTRAINT "badges_criteria_is_object" CHECK (jsonb_typeof(criteria) = 'object');

ALTER TABLE "earned_badges"
    ADD CONSTRAINT "earned_badges_not_awarded_to_oneself" CHECK (awarded_by_id <> user_id);

CREATE TRIGGER badges_touch_updated_at
    BEFORE UPDATE ON "badges"
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();
