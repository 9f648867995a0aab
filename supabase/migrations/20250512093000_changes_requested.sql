-- A submission can be returned to its author for changes.
--
-- Partner: packages/db/migrations/007_changes_requested.sql
-- The label has a migration of its own: one that was added cannot be used before it is committed.

-- Before the decisions, where lists sorted by status should show it.
ALTER TYPE public.submission_status ADD VALUE 'CHANGES_REQUESTED' AFTER 'PENDING';
