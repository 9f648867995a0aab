-- What a review of access found: addresses of public profiles, files of public submissions, and what the
-- next table would have started with.
--
-- Partner: packages/db/migrations/011_access_hardening.sql, the same constraint and indexes without roles
-- and policies.

-- From here on a table, sequence or function is closed until a migration opens it. PUBLIC's privilege to
-- execute is no schema's, so that one is taken back everywhere.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;

CREATE INDEX users_visibility_name_idx ON public.users (visibility, name);
CREATE INDEX submissions_visibility_created_at_idx ON public.submissions (visibility, created_at DESC);

-- The id is the name of the user's folder in storage. With a slash in it, it would name a folder inside
-- somebody else's.
ALTER TABLE public.users
    ADD CONSTRAINT users_id_is_a_folder_name CHECK (id <> '' AND strpos(id, '/') = 0);

-- Profiles ----------------------------------------------------------------------------------------------
--
-- Policies hide rows, not columns: whoever saw a public profile saw its address, too. What is left is what
-- a profile shows; the rest one gets of oneself only.

REVOKE SELECT ON TABLE public.users FROM authenticated;
GRANT SELECT (id, handle, name, avatar_url, bio, school, role, user_type, visibility, created_at, updated_at)
    ON TABLE public.users TO authenticated;

CREATE FUNCTION private.get_my_account() RETURNS SETOF public.users
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT account.* FROM public.users AS account WHERE account.id = private.get_user_id()
$$;
GRANT EXECUTE ON FUNCTION private.get_my_account() TO authenticated;

CREATE FUNCTION public.get_my_account() RETURNS SETOF public.users
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT * FROM private.get_my_account()
$$;
GRANT EXECUTE ON FUNCTION public.get_my_account() TO authenticated;

-- Files -------------------------------------------------------------------------------------------------

-- Who sees the attachment sees the file, so that the file of a public submission is public as well. A file
-- that was just uploaded has no attachment yet: its owner needs the folder.
ALTER POLICY submission_attachments_select ON storage.objects
    USING (
        bucket_id = 'submission-attachments'
        AND (
            (storage.foldername(name))[1] = (SELECT private.get_user_id())
            OR EXISTS (
                SELECT
                FROM public.submission_attachments AS attachment
                WHERE attachment.path = objects.name
            )
        )
    );

-- The second folder is the submission. After it was handed in nothing joins it, so that storage does not
-- fill up with files that belong to nothing.
ALTER POLICY submission_attachments_insert_own ON storage.objects
    WITH CHECK (
        bucket_id = 'submission-attachments'
        AND (storage.foldername(name))[1] = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id::text = (storage.foldername(objects.name))[2]
              AND submission.user_id = (SELECT private.get_user_id())
              AND submission.status IN ('DRAFT', 'CHANGES_REQUESTED')
        )
    );

-- As long as there is an attachment its file stays; who may delete the attachment is decided there.
ALTER POLICY submission_attachments_delete_own ON storage.objects
    USING (
        bucket_id = 'submission-attachments'
        AND (storage.foldername(name))[1] = (SELECT private.get_user_id())
        AND NOT EXISTS (
            SELECT
            FROM public.submission_attachments AS attachment
            WHERE attachment.path = objects.name
        )
    );
