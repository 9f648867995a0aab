-- The ledger of points, which nobody can rewrite.
--
-- Partner: packages/db/migrations/003_points_ledger.sql, the same table without roles and policies.

CREATE TYPE public.ledger_source AS ENUM ('FORM', 'WEBHOOK', 'REFERRAL', 'MANUAL');

CREATE TABLE public.points_ledger (
    id                BIGSERIAL NOT NULL,
    user_id           TEXT NOT NULL,
    source            public.ledger_source NOT NULL,
    delta             INTEGER NOT NULL,
    activity_code     VARCHAR(16),
    submission_id     UUID,
    external_event_id VARCHAR(128),
    reverses_id       BIGINT,
    recorded_by_id    TEXT,
    note              VARCHAR(500),
    created_at        TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT points_ledger_pkey PRIMARY KEY (id),
    -- All of them restrict: a cascade would change or delete entries.
    CONSTRAINT points_ledger_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT points_ledger_recorded_by_id_fkey
        FOREIGN KEY (recorded_by_id) REFERENCES public.users (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT points_ledger_activity_code_fkey
        FOREIGN KEY (activity_code) REFERENCES public.activities (code) ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT points_ledger_submission_id_user_id_fkey
        FOREIGN KEY (submission_id, user_id) REFERENCES public.submissions (id, user_id)
        ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT points_ledger_reverses_id_fkey
        FOREIGN KEY (reverses_id) REFERENCES public.points_ledger (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT points_ledger_delta_is_not_zero CHECK (delta <> 0),
    CONSTRAINT points_ledger_reverses_another CHECK (reverses_id <> id)
);
CREATE UNIQUE INDEX points_ledger_reverses_id_key ON public.points_ledger (reverses_id);
CREATE INDEX points_ledger_user_id_created_at_idx ON public.points_ledger (user_id, created_at DESC);
CREATE INDEX points_ledger_submission_id_user_id_idx ON public.points_ledger (submission_id, user_id);
CREATE INDEX points_ledger_activity_code_idx ON public.points_ledger (activity_code);
CREATE INDEX points_ledger_recorded_by_id_idx ON public.points_ledger (recorded_by_id);
CREATE UNIQUE INDEX points_ledger_source_external_event_id_key
    ON public.points_ledger (source, external_event_id);
-- Two reviewers who approve at the same moment award the points once.
CREATE UNIQUE INDEX points_ledger_one_award_per_submission
    ON public.points_ledger (submission_id)
    WHERE source = 'FORM' AND reverses_id IS NULL;

-- Row level security does not bind the owner of a table, and privileges do not bind a superuser; a trigger
-- stops both.
CREATE FUNCTION private.forbid_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is not allowed', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION private.forbid_change() FROM PUBLIC;

CREATE TRIGGER points_ledger_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.points_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION private.forbid_change();

-- Users read. Entries are made by the server, and by functions that run as their owner.
ALTER TABLE public.points_ledger ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.points_ledger FROM anon, authenticated, service_role;
GRANT SELECT, INSERT ON TABLE public.points_ledger TO service_role;
GRANT SELECT ON TABLE public.points_ledger TO authenticated;

REVOKE ALL ON SEQUENCE public.points_ledger_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.points_ledger_id_seq TO service_role;

CREATE POLICY points_ledger_select ON public.points_ledger
    FOR SELECT TO authenticated
    USING (user_id = (SELECT private.get_user_id()) OR (SELECT private.is_reviewer()));
