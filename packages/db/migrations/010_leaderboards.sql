-- What the leaderboards need of the tables: who has left, and the ledger by time.
--
-- Partner: supabase/migrations/20250707070000_leaderboards.sql, where the materialized views are.

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "deactivated_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "points_ledger_created_at_idx" ON "points_ledger" USING BRIN ("created_at");
