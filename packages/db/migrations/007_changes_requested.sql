-- A submission can be returned to its author for changes.
--
-- Partner: supabase/migrations/20250512093000_changes_requested.sql
-- The label has a migration of its own: one that was added cannot be used before it is committed.

-- AlterEnum
-- Before the decisions, where lists sorted by status should show it; Prisma would put it last.
ALTER TYPE "submission_status" ADD VALUE 'CHANGES_REQUESTED' AFTER 'PENDING';
