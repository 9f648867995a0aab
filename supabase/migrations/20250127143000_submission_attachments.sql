-- Files that belong to a submission, how many of them it may have, and the bucket they are kept in.
--
-- Partner: packages/db/migrations/002_submission_attachments.sql, the same table without roles, policies
-- and storage.

ALTER TABLE public.activities
    ADD COLUMN max_attachments SMALLINT NOT NULL DEFAULT 5,
    ADD CONSTRAINT activities_max_attachments_in_range CHECK (max_attachments BETWEEN 0 AND 50);

-- What the foreign key of attachments refers to.
CREATE UNIQUE INDEX submissions_id_user_id_key ON public.submissions (id, user_id);

CREATE TABLE public.submission_attachments (
    id            UUID NOT NULL DEFAULT gen_random_uuid(),
    submission_id UUID NOT NULL,
    owner_id      TEXT NOT NULL,
    path          VARCHAR(1024) NOT NULL,
    file_name     VARCHAR(255) NOT NULL,
    content_type  VARCHAR(127) NOT NULL DEFAULT 'application/octet-stream',
    size_bytes    BIGINT NOT NULL,
    sha256        BYTEA,
    caption       VARCHAR(280),
    created_at    TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT submission_attachments_pkey PRIMARY KEY (id),
    CONSTRAINT submission_attachments_submission_id_owner_id_fkey
        FOREIGN KEY (submission_id, owner_id) REFERENCES public.submissions (id, user_id)
        ON DELETE CASCADE ON UPDATE CASCADE,
    -- Access to a file is decided by the folder it is in, so a row must not point into somebody else's.
    CONSTRAINT submission_attachments_path_in_own_folder
        CHECK (starts_with(path, owner_id || '/' || submission_id::text || '/')),
    CONSTRAINT submission_attachments_size_bytes_in_range CHECK (size_bytes BETWEEN 1 AND 10485760),
    CONSTRAINT submission_attachments_sha256_is_whole CHECK (octet_length(sha256) = 32)
);
CREATE UNIQUE INDEX submission_attachments_path_key ON public.submission_attachments (path);
CREATE INDEX submission_attachments_submission_id_owner_id_idx
    ON public.submission_attachments (submission_id, owner_id);
CREATE INDEX submission_attachments_owner_id_created_at_idx
    ON public.submission_attachments (owner_id, created_at DESC);

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
REVOKE ALL ON FUNCTION private.check_attachment_quota() FROM PUBLIC;

CREATE TRIGGER submission_attachments_check_quota
    BEFORE INSERT OR UPDATE OF submission_id ON public.submission_attachments
    FOR EACH ROW EXECUTE FUNCTION private.check_attachment_quota();

ALTER TABLE public.submission_attachments ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.submission_attachments FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.submission_attachments TO service_role;
GRANT SELECT, DELETE ON TABLE public.submission_attachments TO authenticated;
-- The checksum is the scanner's to write.
GRANT INSERT (id, submission_id, owner_id, path, file_name, content_type, size_bytes, caption)
    ON TABLE public.submission_attachments TO authenticated;
GRANT UPDATE (caption) ON TABLE public.submission_attachments TO authenticated;

-- Who sees a submission sees what belongs to it: the policies of "submissions" apply in here.
CREATE POLICY submission_attachments_select ON public.submission_attachments
    FOR SELECT TO authenticated
    USING (
        EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
        )
    );

-- Like the submission itself, its attachments stay as they are once it has been handed in.
CREATE POLICY submission_attachments_insert_own ON public.submission_attachments
    FOR INSERT TO authenticated
    WITH CHECK (
        owner_id = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
              AND submission.status = 'DRAFT'
        )
    );

CREATE POLICY submission_attachments_update_own ON public.submission_attachments
    FOR UPDATE TO authenticated
    USING (
        owner_id = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
              AND submission.status = 'DRAFT'
        )
    )
    WITH CHECK (owner_id = (SELECT private.get_user_id()));

CREATE POLICY submission_attachments_delete_own ON public.submission_attachments
    FOR DELETE TO authenticated
    USING (
        owner_id = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
              AND submission.status = 'DRAFT'
        )
    );

-- Storage -----------------------------------------------------------------------------------------------

-- A bucket that somebody made by hand is brought in line, above all made private.
INSERT INTO storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
VALUES (
    'submission-attachments',
    'submission-attachments',
    false,
    10485760,
    ARRAY['application/pdf', 'image/jpeg', 'image/png', 'image/webp', 'text/plain']
)
ON CONFLICT (id) DO UPDATE
SET public = excluded.public,
    file_size_limit = excluded.file_size_limit,
    allowed_mime_types = excluded.allowed_mime_types;

-- The first folder of a file's name is the id of its owner.
CREATE POLICY submission_attachments_select ON storage.objects
    FOR SELECT TO authenticated
    USING (
        bucket_id = 'submission-attachments'
        AND (
            (storage.foldername(name))[1] = (SELECT private.get_user_id())
            OR (SELECT private.is_reviewer())
        )
    );

-- There is no policy for updates: a file is never overwritten, so what a reviewer saw is what was there.
CREATE POLICY submission_attachments_insert_own ON storage.objects
    FOR INSERT TO authenticated
    WITH CHECK (
        bucket_id = 'submission-attachments'
        AND (storage.foldername(name))[1] = (SELECT private.get_user_id())
    );

CREATE POLICY submission_attachments_delete_own ON storage.objects
    FOR DELETE TO authenticated
    USING (
        bucket_id = 'submission-attachments'
        AND (storage.foldername(name))[1] = (SELECT private.get_user_id())
    );
