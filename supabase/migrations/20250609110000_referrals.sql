-- Who brought whom to the programme.
--
-- Partner: packages/db/migrations/009_referrals.sql, the same table without roles and policies.

-- Everybody needs a code, also those who are here already: first the column, then the codes, then NOT NULL.
ALTER TABLE public.users
    ADD COLUMN referral_code VARCHAR(21),
    ADD COLUMN referred_by_id TEXT,
    ADD CONSTRAINT users_referred_by_id_fkey
        FOREIGN KEY (referred_by_id) REFERENCES public.users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    ADD CONSTRAINT users_not_referred_by_oneself CHECK (referred_by_id <> id);

UPDATE public.users SET referral_code = left(replace(gen_random_uuid()::text, '-', ''), 12);

ALTER TABLE public.users ALTER COLUMN referral_code SET NOT NULL;
CREATE UNIQUE INDEX users_referral_code_key ON public.users (referral_code);
CREATE INDEX users_referred_by_id_idx ON public.users (referred_by_id);

CREATE TABLE public.referral_events (
    id                UUID NOT NULL DEFAULT gen_random_uuid(),
    referrer_id       TEXT NOT NULL,
    referee_id        TEXT,
    event_type        VARCHAR(32) NOT NULL DEFAULT 'CLICKED',
    external_event_id VARCHAR(128),
    metadata          JSONB NOT NULL DEFAULT '{}',
    created_at        TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT referral_events_pkey PRIMARY KEY (id),
    CONSTRAINT referral_events_referrer_id_fkey
        FOREIGN KEY (referrer_id) REFERENCES public.users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT referral_events_referee_id_fkey
        FOREIGN KEY (referee_id) REFERENCES public.users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT referral_events_event_type_is_known CHECK (event_type IN ('CLICKED', 'SIGNED_UP', 'ACTIVATED')),
    CONSTRAINT referral_events_referee_is_another CHECK (referee_id <> referrer_id),
    CONSTRAINT referral_events_metadata_is_object CHECK (jsonb_typeof(metadata) = 'object')
);
CREATE UNIQUE INDEX referral_events_external_event_id_key ON public.referral_events (external_event_id);
CREATE INDEX referral_events_referee_id_idx ON public.referral_events (referee_id);
CREATE UNIQUE INDEX referral_events_referrer_id_referee_id_event_type_key
    ON public.referral_events (referrer_id, referee_id, event_type);

-- The server follows the links and writes the events. Both sides may know that they are connected.
ALTER TABLE public.referral_events ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.referral_events FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.referral_events TO service_role;
GRANT SELECT ON TABLE public.referral_events TO authenticated;

CREATE POLICY referral_events_select ON public.referral_events
    FOR SELECT TO authenticated
    USING (
        referrer_id = (SELECT private.get_user_id())
        OR referee_id = (SELECT private.get_user_id())
        OR (SELECT private.is_admin())
    );
