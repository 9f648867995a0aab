-- version: 0.3.1
-- schema: vault
-- always
-- Secrets are kept as they are: there is nobody to hide them from, and no key.

CREATE FUNCTION _crypto_aead_det_noncegen() RETURNS bytea LANGUAGE sql VOLATILE
AS $$ SELECT uuid_send(gen_random_uuid()) $$;

CREATE TABLE secrets (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text,
    description text NOT NULL DEFAULT '',
    secret      text NOT NULL,
    key_id      uuid,
    nonce       bytea DEFAULT _crypto_aead_det_noncegen(),
    created_at  timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at  timestamptz NOT NULL DEFAULT current_timestamp
);
CREATE UNIQUE INDEX secrets_name_idx ON secrets (name) WHERE name IS NOT NULL;

CREATE VIEW decrypted_secrets AS
SELECT id, name, description, secret, secret AS decrypted_secret, key_id, nonce, created_at, updated_at
FROM secrets;

CREATE FUNCTION create_secret(
    new_secret text,
    new_name text DEFAULT NULL,
    new_description text DEFAULT '',
    new_key_id uuid DEFAULT NULL
) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = ''
AS $$
    INSERT INTO vault.secrets (secret, name, description) VALUES (new_secret, new_name, new_description)
    RETURNING id
$$;

CREATE FUNCTION update_secret(
    secret_id uuid,
    new_secret text DEFAULT NULL,
    new_name text DEFAULT NULL,
    new_description text DEFAULT NULL,
    new_key_id uuid DEFAULT NULL
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ''
AS $$
    UPDATE vault.secrets
    SET secret = coalesce(new_secret, secret),
        name = coalesce(new_name, name),
        description = coalesce(new_description, description),
        updated_at = now()
    WHERE id = secret_id
$$;

REVOKE ALL ON FUNCTION create_secret(text, text, text, uuid), update_secret(uuid, text, text, text, uuid) FROM PUBLIC;
DO $stub$
BEGIN
    IF to_regrole('service_role') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA vault TO postgres WITH GRANT OPTION;
        GRANT USAGE ON SCHEMA vault TO service_role;
        GRANT SELECT, DELETE ON vault.secrets, vault.decrypted_secrets TO postgres WITH GRANT OPTION;
        GRANT SELECT, DELETE ON vault.secrets, vault.decrypted_secrets TO service_role;
        GRANT EXECUTE ON FUNCTION vault.create_secret(text, text, text, uuid),
            vault.update_secret(uuid, text, text, text, uuid), vault._crypto_aead_det_noncegen()
            TO postgres WITH GRANT OPTION;
        GRANT EXECUTE ON FUNCTION vault.create_secret(text, text, text, uuid),
            vault.update_secret(uuid, text, text, text, uuid) TO service_role;
    END IF;
END
$stub$;
