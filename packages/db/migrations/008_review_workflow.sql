-- Who decided on a submission, when, with what comment and for how many points.
--
-- Partner: supabase/migrations/20250512101500_review_workflow.sql, where `review_submission` is added.

-- AlterTable
ALTER TABLE "submissions" ADD COLUMN     "points_awarded" INTEGER,
ADD COLUMN     "review_comment" VARCHAR(2000),
ADD COLUMN     "reviewed_at" TIMESTAMPTZ(3),
ADD COLUMN     "reviewer_id" TEXT;

-- CreateIndex
CREATE INDEX "submissions_reviewer_id_idx" ON "submissions"("reviewer_id");

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_reviewer_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- RenameIndex
-- It was named by hand. By the name that Prisma gives it, it needs no "map" in the schema.
ALTER INDEX "submissions_queue_idx" RENAME TO "submissions_status_submitted_at_idx";

ALTER TABLE "submissions"
    ADD CONSTRAINT "submissions_reviewer_is_not_author" CHECK (reviewer_id <> user_id),
    ADD CONSTRAINT "submissions_points_awarded_in_range" CHECK (points_awarded BETWEEN 0 AND 1000),
    ADD CONSTRAINT "submissions_points_awarded_on_approval" CHECK (points_awarded IS NULL OR status = 'APPROVED');

-- As before, and work can be returned. When it comes back it joins the end of the queue.
CREATE OR REPLACE FUNCTION private.guard_submission_status() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('DRAFT', 'PENDING'),
        ('DRAFT', 'APPROVED'),
        ('PENDING', 'CHANGES_REQUESTED'),
        ('PENDING', 'APPROVED'),
        ('PENDING', 'REJECTED'),
        ('CHANGES_REQUESTED', 'PENDING')
    ) THEN
        RAISE EXCEPTION 'a submission cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status THEN
        IF NEW.status = 'PENDING' THEN
            NEW.submitted_at := now();
        ELSE
            NEW.reviewed_at := now();
        END IF;
    END IF;
    IF NEW.status <> 'DRAFT' THEN
        NEW.submitted_at := coalesce(NEW.submitted_at, now());
    END IF;
    RETURN NEW;
END
$$;
