-- Files that belong to a submission, and how many of them it may have.
--
-- Partner: supabase/migrations/20250127143000_submission_attachments.sql, where the storage bucket and
-- its policies are added.

-- AlterTable
ALTER TABLE "activities" ADD COLUMN     "max_attachments" SMALLINT NOT NULL DEFAULT 5;

-- CreateTable
CREATE TABLE "submission_attachments" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "submission_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "path" VARCHAR(1024) NOT NULL,
    "file_name" VARCHAR(255) NOT NULL,
    "content_type" VARCHAR(127) NOT NULL DEFAULT 'application/octet-stream',
    "size_bytes" BIGINT NOT NULL,
    "sha256" BYTEA,
    "caption" VARCHAR(280),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submission_attachments_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "submission_attachments_path_key" ON "submission_attachments"("path");

-- CreateIndex
CREATE INDEX "submission_attachments_submission_id_owner_id_idx" ON "submission_attachments"("submission_id", "owner_id");

-- CreateIndex
CREATE INDEX "submission_attachments_owner_id_created_at_idx" ON "submission_attachments"("owner_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "submissions_id_user_id_key" ON "submissions"("id", "user_id");

-- AddForeignKey
ALTER TABLE "submission_attachments" ADD CONSTRAINT "submission_attachments_submission_id_owner_id_fkey" FOREIGN KEY ("submission_id", "owner_id") REFERENCES "submissions"("id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "activities"
    ADD CONSTRAINT "activities_max_attachments_in_range" CHECK (max_attachments BETWEEN 0 AND 50);

-- Access to a file is decided by the folder it is in, so a row must not point into somebody else's.
ALTER TABLE "submission_attachments"
    ADD CONSTRAINT "submission_attachments_path_in_own_folder"
        CHECK (starts_with(path, owner_id || '/' || submission_id::text || '/')),
    ADD CONSTRAINT "submission_attachments_size_bytes_in_range" CHECK (size_bytes BETWEEN 1 AND 10485760),
    ADD CONSTRAINT "submission_attachments_sha256_is_whole" CHECK (octet_length(sha256) = 32);

-- Counts every attachment of the submission, also those that the writer may not see: that is why it runs
-- as its owner.
CREATE FUNCTION private.check_attachment_quota() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    quota integer;
    others integer;
BEGIN
    -- Two uploads at once count one after the other: the second waits here for the first to commit.
    SELECT activity.max_attachments INTO quota
    FROM public.submissions AS submission
    JOIN public.activities AS activity ON activity.code = submission.activity_code
    WHERE submission.id = NEW.submission_id
    FOR NO KEY UPDATE OF submission;

    SELECT count(*) INTO others
    FROM public.submission_attachments AS attachment
    WHERE attachment.submission_id = NEW.submission_id
      AND attachment.id <> NEW.id;

    IF others >= quota THEN
        RAISE EXCEPTION 'the submission has % of % attachments already', others, quota
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_attachments_quota';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER submission_attachments_check_quota
    BEFORE INSERT OR UPDATE OF submission_id ON "submission_attachments"
    FOR EACH ROW EXECUTE FUNCTION private.check_attachment_quota();
