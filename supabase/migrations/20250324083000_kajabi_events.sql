-- Webhook calls from Kajabi, and the course tags that follow from them.
--
-- Partner: packages/db/migrations/005_kajabi_events.sql, the same tables without roles and policies.

ALTER TABLE public.users ADD COLUMN kajabi_contact_id VARCHAR(64);
CREATE UNIQUE INDEX users_kajabi_contact_id_key ON public.users (kajabi_contact_id);

-- Prisma makes the ids of both tables: the server alone writes to them.
CREATE TABLE public.kajabi_events (
    id           UUID NOT NULL,
    event_id     VARCHAR(128) NOT NULL,
    event_type   VARCHAR(80) NOT NULL,
    payload      JSONB NOT NULL,
    user_id      TEXT,
    attempts     SMALLINT NOT NULL DEFAULT 0,
    last_error   TEXT,
    received_at  TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    processed_at TIMESTAMPTZ(6),

    CONSTRAINT kajabi_events_pkey PRIMARY KEY (id),
    CONSTRAINT kajabi_events_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT kajabi_events_payload_is_object CHECK (jsonb_typeof(payload) = 'object'),
    CONSTRAINT kajabi_events_attempts_is_not_negative CHECK (attempts >= 0)
);
CREATE UNIQUE INDEX kajabi_events_event_id_key ON public.kajabi_events (event_id);
CREATE INDEX kajabi_events_event_type_received_at_idx ON public.kajabi_events (event_type, received_at DESC);
CREATE INDEX kajabi_events_user_id_idx ON public.kajabi_events (user_id);
-- The worker asks for the oldest event it has not dealt with. Nearly all are dealt with, so this index
-- stays small while the table grows.
CREATE INDEX kajabi_events_unprocessed_idx
    ON public.kajabi_events (received_at)
    WHERE processed_at IS NULL;

CREATE TABLE public.learn_tag_grants (
    id              UUID NOT NULL,
    user_id         TEXT NOT NULL,
    tag_name        VARCHAR(80) NOT NULL,
    kajabi_event_id UUID,
    granted_at      TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT learn_tag_grants_pkey PRIMARY KEY (id),
    CONSTRAINT learn_tag_grants_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT learn_tag_grants_kajabi_event_id_fkey
        FOREIGN KEY (kajabi_event_id) REFERENCES public.kajabi_events (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX learn_tag_grants_user_id_tag_name_key ON public.learn_tag_grants (user_id, tag_name);
CREATE INDEX learn_tag_grants_kajabi_event_id_idx ON public.learn_tag_grants (kajabi_event_id);

-- What came from Kajabi is for the server only: it holds whatever the sender put there. Row level security
-- without a policy, and without a privilege that one could serve, says so twice.
ALTER TABLE public.kajabi_events ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.kajabi_events FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.kajabi_events TO service_role;

ALTER TABLE public.learn_tag_grants ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.learn_tag_grants FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.learn_tag_grants TO service_role;
GRANT SELECT ON TABLE public.learn_tag_grants TO authenticated;

CREATE POLICY learn_tag_grants_select ON public.learn_tag_grants
    FOR SELECT TO authenticated
    USING (user_id = (SELECT private.get_user_id()) OR (SELECT private.is_reviewer()));
