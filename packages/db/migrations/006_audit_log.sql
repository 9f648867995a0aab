-- The audit log, and the first thing that is always in it: changes of roles.
--
-- Partner: supabase/migrations/20250414120000_audit_log.sql, where row level security and `set_user_role`
-- are added.

-- CreateTable
CREATE TABLE "audit_log" (
    "id" BIGSERIAL NOT NULL,
    "actor_id" TEXT,
    "action" VARCHAR(80) NOT NULL,
    "entity" VARCHAR(63) NOT NULL,
    "entity_id" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',
    "ip_address" INET,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_log_actor_id_created_at_idx" ON "audit_log"("actor_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "audit_log_entity_entity_id_created_at_idx" ON "audit_log"("entity", "entity_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "audit_log"
    ADD CONSTRAINT "audit_log_details_is_object" CHECK (jsonb_typeof(details) = 'object');

CREATE TRIGGER audit_log_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
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

CREATE TRIGGER users_audit_role_change
    AFTER UPDATE OF role ON "users"
    FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role)
    EXECUTE FUNCTION private.audit_role_change();
