-- The audit log, and the one way in which users change the role of another.
--
-- Partner: packages/db/migrations/006_audit_log.sql, the same table and trigger without roles and policies.

CREATE TABLE public.audit_log (
    id         BIGSERIAL NOT NULL,
    actor_id   TEXT,
    action     VARCHAR(80) NOT NULL,
    entity     VARCHAR(63) NOT NULL,
    entity_id  TEXT NOT NULL,
    details    JSONB NOT NULL DEFAULT '{}',
    ip_address INET,
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT audit_log_pkey PRIMARY KEY (id),
    CONSTRAINT audit_log_actor_id_fkey
        FOREIGN KEY (actor_id) REFERENCES public.users (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT audit_log_details_is_object CHECK (jsonb_typeof(details) = 'object')
);
CREATE INDEX audit_log_actor_id_created_at_idx ON public.audit_log (actor_id, created_at DESC);
CREATE INDEX audit_log_entity_entity_id_created_at_idx
    ON public.audit_log (entity, entity_id, created_at DESC);

CREATE TRIGGER audit_log_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION private.forbid_change();

-- A trigger, so that no way of changing a role goes unrecorded. It runs as its owner because the one who
-- changes the role may not write the log.
CREATE FUNCTION private.audit_role_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    -- The API sets it for each request, and the application's server does the same; a job has none.
    claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
BEGIN
    INSERT INTO public.audit_log (actor_id, action, entity, entity_id, details)
    VALUES (
        (SELECT actor.id FROM public.users AS actor WHERE actor.id = claims ->> 'sub'),
        'user.role_changed',
        'users',
        NEW.id,
        jsonb_build_object('from', OLD.role, 'to', NEW.role)
    );
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION private.audit_role_change() FROM PUBLIC;

CREATE TRIGGER users_audit_role_change
    AFTER UPDATE OF role ON public.users
    FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role)
    EXECUTE FUNCTION private.audit_role_change();

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.audit_log FROM anon, authenticated, service_role;
GRANT SELECT, INSERT ON TABLE public.audit_log TO service_role;
GRANT SELECT ON TABLE public.audit_log TO authenticated;

REVOKE ALL ON SEQUENCE public.audit_log_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.audit_log_id_seq TO service_role;

CREATE POLICY audit_log_select_admin ON public.audit_log
    FOR SELECT TO authenticated
    USING ((SELECT private.is_admin()));

-- Changing a role ---------------------------------------------------------------------------------------
--
-- "private" has the function that may do it, and checks; "public" has the one that the API can call. So
-- that nothing the API serves runs as its owner.

CREATE FUNCTION private.set_user_role(target_id text, new_role public.user_role) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    me text := private.get_user_id();
    my_role public.user_role;
    old_role public.user_role;
BEGIN
    -- Not from the token: admins who were dismissed could make others admin until it expires.
    SELECT actor.role INTO my_role FROM public.users AS actor WHERE actor.id = me;
    IF my_role IS NULL OR my_role NOT IN ('ADMIN', 'SUPERADMIN') THEN
        RAISE EXCEPTION 'only admins change roles' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF target_id = me THEN
        RAISE EXCEPTION 'nobody changes their own role' USING ERRCODE = 'insufficient_privilege';
    END IF;

    SELECT target.role INTO old_role
    FROM public.users AS target
    WHERE target.id = target_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no user %', target_id USING ERRCODE = 'no_data_found';
    END IF;

    -- Admins appoint reviewers. If they could appoint admins, one of them could make a dozen.
    IF my_role <> 'SUPERADMIN'
        AND (old_role IN ('ADMIN', 'SUPERADMIN') OR new_role IN ('ADMIN', 'SUPERADMIN'))
    THEN
        RAISE EXCEPTION 'only superadmins appoint and dismiss admins' USING ERRCODE = 'insufficient_privilege';
    END IF;

    UPDATE public.users SET role = new_role WHERE id = target_id;
END
$$;
REVOKE ALL ON FUNCTION private.set_user_role(text, public.user_role) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION private.set_user_role(text, public.user_role) TO authenticated;

CREATE FUNCTION public.set_user_role(user_id text, new_role public.user_role) RETURNS void
LANGUAGE sql SET search_path = ''
AS $$
    SELECT private.set_user_role(user_id, new_role)
$$;
REVOKE ALL ON FUNCTION public.set_user_role(text, public.user_role)
    FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.set_user_role(text, public.user_role) TO authenticated;
