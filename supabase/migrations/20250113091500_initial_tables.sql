-- Users, activities and submissions, and who may see and change them.
--
-- Partner: packages/db/migrations/001_initial_tables.sql, the same tables without roles and policies.
--
-- The platform's default privileges give the roles of the API everything on a new table. So each table says
-- what it takes back, and then what each role really needs: a command that has a policy, and no other.

-- The API serves "public" alone. What is in here can be used by policies and triggers, and not be called.
CREATE SCHEMA private;
GRANT USAGE ON SCHEMA private TO authenticated;

CREATE TYPE public.user_role AS ENUM ('PARTICIPANT', 'REVIEWER', 'ADMIN', 'SUPERADMIN');
CREATE TYPE public.user_type AS ENUM ('EDUCATOR', 'STUDENT', 'PARTNER');
CREATE TYPE public.visibility AS ENUM ('PRIVATE', 'PUBLIC');
CREATE TYPE public.submission_status AS ENUM ('DRAFT', 'PENDING', 'APPROVED', 'REJECTED');

-- Tables ------------------------------------------------------------------------------------------------

CREATE TABLE public.users (
    id           TEXT NOT NULL,
    handle       VARCHAR(40) NOT NULL,
    name         VARCHAR(120) NOT NULL,
    email        VARCHAR(320) NOT NULL,
    avatar_url   TEXT,
    bio          VARCHAR(500),
    school       VARCHAR(160),
    role         public.user_role NOT NULL DEFAULT 'PARTICIPANT',
    user_type    public.user_type NOT NULL DEFAULT 'EDUCATOR',
    visibility   public.visibility NOT NULL DEFAULT 'PRIVATE',
    timezone     VARCHAR(64) NOT NULL DEFAULT 'UTC',
    preferences  JSONB NOT NULL DEFAULT '{}',
    last_seen_at TIMESTAMPTZ(3),
    created_at   TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at   TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- A handle or an address that differs in case only would pass for another person's.
    CONSTRAINT users_handle_is_lower_case CHECK (handle = lower(handle)),
    CONSTRAINT users_email_is_lower_case CHECK (email = lower(email)),
    CONSTRAINT users_preferences_is_object CHECK (jsonb_typeof(preferences) = 'object')
);
CREATE UNIQUE INDEX users_handle_key ON public.users (handle);
CREATE UNIQUE INDEX users_email_key ON public.users (email);

CREATE TABLE public.activities (
    code           VARCHAR(16) NOT NULL,
    name           VARCHAR(120) NOT NULL,
    description    TEXT NOT NULL DEFAULT '',
    default_points INTEGER NOT NULL DEFAULT 10,
    is_active      BOOLEAN NOT NULL DEFAULT true,
    tags           TEXT[] DEFAULT ARRAY[]::TEXT[],
    guidance       JSONB NOT NULL DEFAULT '{"steps": []}',
    display_order  SMALLINT NOT NULL DEFAULT 0,
    created_at     TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at     TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT activities_pkey PRIMARY KEY (code),
    CONSTRAINT activities_code_is_upper_case CHECK (code = upper(code)),
    CONSTRAINT activities_default_points_in_range CHECK (default_points BETWEEN 0 AND 1000),
    CONSTRAINT activities_guidance_is_object CHECK (jsonb_typeof(guidance) = 'object')
);
CREATE INDEX activities_tags_idx ON public.activities USING GIN (tags);
-- 'simple' does no stemming: activities are named in several languages.
CREATE INDEX activities_search_idx
    ON public.activities
    USING GIN (to_tsvector('simple', name || ' ' || description));

CREATE TABLE public.submissions (
    id            UUID NOT NULL DEFAULT gen_random_uuid(),
    user_id       TEXT NOT NULL,
    activity_code VARCHAR(16) NOT NULL,
    title         VARCHAR(160) NOT NULL,
    payload       JSONB NOT NULL,
    status        public.submission_status NOT NULL DEFAULT 'DRAFT',
    visibility    public.visibility NOT NULL DEFAULT 'PRIVATE',
    submitted_at  TIMESTAMPTZ(3),
    created_at    TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at    TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT submissions_pkey PRIMARY KEY (id),
    CONSTRAINT submissions_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT submissions_activity_code_fkey
        FOREIGN KEY (activity_code) REFERENCES public.activities (code) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT submissions_payload_is_object CHECK (jsonb_typeof(payload) = 'object'),
    -- The queue is ordered by the time of handing in, so whatever is in it must have one.
    CONSTRAINT submissions_handed_in_has_time CHECK (status = 'DRAFT' OR submitted_at IS NOT NULL)
);
CREATE INDEX submissions_user_id_created_at_idx ON public.submissions (user_id, created_at DESC);
CREATE INDEX submissions_activity_code_status_idx ON public.submissions (activity_code, status);
CREATE INDEX submissions_queue_idx ON public.submissions (status, submitted_at);
-- The form saves as one types: two open tabs must end up in the same draft.
CREATE UNIQUE INDEX submissions_one_draft_per_activity
    ON public.submissions (user_id, activity_code)
    WHERE status = 'DRAFT';

-- Triggers ----------------------------------------------------------------------------------------------

-- Prisma sets "updated_at" in its own updates only; this one sees them all.
CREATE FUNCTION private.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION private.touch_updated_at() FROM PUBLIC;

CREATE TRIGGER users_touch_updated_at
    BEFORE UPDATE ON public.users
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

CREATE TRIGGER activities_touch_updated_at
    BEFORE UPDATE ON public.activities
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

CREATE TRIGGER submissions_touch_updated_at
    BEFORE UPDATE ON public.submissions
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

-- Holds for every writer, the application's server included: a decision cannot be taken back. The server may
-- approve a draft by itself, when a course provider vouches for it.
CREATE FUNCTION private.guard_submission_status() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('DRAFT', 'PENDING'),
        ('DRAFT', 'APPROVED'),
        ('PENDING', 'APPROVED'),
        ('PENDING', 'REJECTED')
    ) THEN
        RAISE EXCEPTION 'a submission cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status <> 'DRAFT' THEN
        NEW.submitted_at := coalesce(NEW.submitted_at, now());
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION private.guard_submission_status() FROM PUBLIC;

CREATE TRIGGER submissions_guard_status
    BEFORE INSERT OR UPDATE OF status ON public.submissions
    FOR EACH ROW EXECUTE FUNCTION private.guard_submission_status();

-- Who is asking -----------------------------------------------------------------------------------------
--
-- All of it comes from the token, so none of these needs to run as its owner. Policies call them as
-- (SELECT private.f()): once for each statement, not for each row.

-- Text, and not auth.uid(): the ids of the identity provider are no UUIDs, and the cast would raise.
CREATE FUNCTION private.get_user_id() RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT nullif(auth.jwt() ->> 'sub', '')
$$;

-- From "app_metadata", which only the identity provider writes; users edit their own "user_metadata". A
-- claim that is missing or unknown gives the least role rather than an error. A role that was taken away
-- lasts until the token expires.
CREATE FUNCTION private.get_user_role() RETURNS public.user_role
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT coalesce(
        (
            SELECT label
            FROM unnest(enum_range(NULL::public.user_role)) AS label
            WHERE label::text = (auth.jwt() -> 'app_metadata' ->> 'role')
        ),
        'PARTICIPANT'
    )
$$;

CREATE FUNCTION private.is_reviewer() RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT private.get_user_role() IN ('REVIEWER', 'ADMIN', 'SUPERADMIN')
$$;

CREATE FUNCTION private.is_admin() RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT private.get_user_role() IN ('ADMIN', 'SUPERADMIN')
$$;

REVOKE ALL ON FUNCTION
    private.get_user_id(), private.get_user_role(), private.is_reviewer(), private.is_admin()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    private.get_user_id(), private.get_user_role(), private.is_reviewer(), private.is_admin()
    TO authenticated;

-- Users -------------------------------------------------------------------------------------------------

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.users FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.users TO service_role;
GRANT SELECT ON TABLE public.users TO authenticated;
-- By column, because a policy cannot tell which columns an update touches: nobody promotes themselves, or
-- takes over an address. Accounts are made by the server when somebody first signs in.
GRANT UPDATE (handle, name, avatar_url, bio, school, visibility, timezone, preferences)
    ON TABLE public.users TO authenticated;

CREATE POLICY users_select ON public.users
    FOR SELECT TO authenticated
    USING (
        id = (SELECT private.get_user_id())
        OR visibility = 'PUBLIC'
        OR (SELECT private.is_reviewer())
    );

CREATE POLICY users_update_own ON public.users
    FOR UPDATE TO authenticated
    USING (id = (SELECT private.get_user_id()))
    WITH CHECK (id = (SELECT private.get_user_id()));

-- Activities --------------------------------------------------------------------------------------------

ALTER TABLE public.activities ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.activities FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.activities TO authenticated, service_role;

-- Everybody who is signed in: a token without a subject is nobody's.
CREATE POLICY activities_select ON public.activities
    FOR SELECT TO authenticated
    USING ((SELECT private.get_user_id()) IS NOT NULL);

CREATE POLICY activities_insert_admin ON public.activities
    FOR INSERT TO authenticated
    WITH CHECK ((SELECT private.is_admin()));

CREATE POLICY activities_update_admin ON public.activities
    FOR UPDATE TO authenticated
    USING ((SELECT private.is_admin()))
    WITH CHECK ((SELECT private.is_admin()));

CREATE POLICY activities_delete_admin ON public.activities
    FOR DELETE TO authenticated
    USING ((SELECT private.is_admin()));

-- Submissions -------------------------------------------------------------------------------------------

ALTER TABLE public.submissions ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.submissions FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.submissions TO service_role;
GRANT SELECT, DELETE ON TABLE public.submissions TO authenticated;
GRANT INSERT (user_id, activity_code, title, payload, status, visibility)
    ON TABLE public.submissions TO authenticated;
-- An author hands in by setting the status. Everything that a reviewer decides is out of reach.
GRANT UPDATE (title, payload, status, visibility) ON TABLE public.submissions TO authenticated;

CREATE POLICY submissions_select ON public.submissions
    FOR SELECT TO authenticated
    USING (
        user_id = (SELECT private.get_user_id())
        OR visibility = 'PUBLIC'
        OR (SELECT private.is_reviewer())
    );

CREATE POLICY submissions_insert_own ON public.submissions
    FOR INSERT TO authenticated
    WITH CHECK (user_id = (SELECT private.get_user_id()) AND status IN ('DRAFT', 'PENDING'));

-- What has been handed in is what the reviewers judge, so it stays as it is.
CREATE POLICY submissions_update_own ON public.submissions
    FOR UPDATE TO authenticated
    USING (user_id = (SELECT private.get_user_id()) AND status = 'DRAFT')
    WITH CHECK (user_id = (SELECT private.get_user_id()) AND status IN ('DRAFT', 'PENDING'));

CREATE POLICY submissions_delete_own ON public.submissions
    FOR DELETE TO authenticated
    USING (user_id = (SELECT private.get_user_id()) AND status = 'DRAFT');
