-- version: 3.1.9
-- schema: pgsodium
-- always
-- Keys are listed; every cipher raises an error when called.

CREATE TYPE key_status AS ENUM ('default', 'valid', 'invalid', 'expired');
CREATE TYPE key_type AS ENUM ('aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash',
    'generichash', 'kdf', 'secretbox', 'secretstream', 'stream_xchacha20');
CREATE SEQUENCE key_key_id_seq;
CREATE TABLE key (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    status          key_status DEFAULT 'valid',
    created         timestamptz NOT NULL DEFAULT current_timestamp,
    expires         timestamptz,
    key_type        key_type DEFAULT 'aead-det',
    key_id          bigint DEFAULT nextval('pgsodium.key_key_id_seq'),
    key_context     bytea DEFAULT '\x7067736f6469756d',
    name            text UNIQUE,
    associated_data text DEFAULT 'associated',
    raw_key         bytea,
    raw_key_nonce   bytea,
    parent_key      uuid,
    comment         text,
    user_data       text
);
CREATE VIEW valid_key AS
SELECT id, name, status, key_type, key_id, key_context, created, expires, associated_data
FROM key WHERE status IN ('valid', 'default') AND (expires IS NULL OR expires > now());

CREATE FUNCTION create_key(
    key_type key_type DEFAULT 'aead-det',
    name text DEFAULT NULL,
    raw_key bytea DEFAULT NULL,
    raw_key_nonce bytea DEFAULT NULL,
    parent_key uuid DEFAULT NULL,
    key_context bytea DEFAULT '\x7067736f6469756d',
    expires timestamptz DEFAULT NULL,
    associated_data text DEFAULT ''
) RETURNS valid_key
LANGUAGE sql SECURITY DEFINER
AS $$
    INSERT INTO pgsodium.key (key_type, name, key_context, expires, associated_data)
    VALUES ($1, $2, $6, $7, $8)
    RETURNING id, name, status, key_type, key_id, key_context, created, expires, associated_data
$$;
CREATE FUNCTION randombytes_buf(size integer) RETURNS bytea LANGUAGE sql VOLATILE
AS $$
    SELECT substring(string_agg(sha256(uuid_send(gen_random_uuid())), ''::bytea) FROM 1 FOR size)
    FROM generate_series(0, size / 32)
$$;
CREATE FUNCTION crypto_aead_det_noncegen() RETURNS bytea LANGUAGE sql VOLATILE
AS $$ SELECT uuid_send(gen_random_uuid()) $$;
DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL)',
        'crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL)',
        'crypto_secretbox(message bytea, nonce bytea, key bytea)',
        'crypto_secretbox_open(ciphertext bytea, nonce bytea, key bytea)'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %s RETURNS bytea LANGUAGE plpgsql
            AS $body$ BEGIN RAISE EXCEPTION 'pgsodium is stood in for: this function cannot be called here'
                USING ERRCODE = 'feature_not_supported'; END $body$
        $make$, it);
    END LOOP;
    FOREACH it IN ARRAY ARRAY['pgsodium_keyiduser', 'pgsodium_keyholder', 'pgsodium_keymaker'] LOOP
        IF to_regrole(it) IS NULL THEN
            EXECUTE format('CREATE ROLE %I', it);
        END IF;
    END LOOP;
END
$stub$;
GRANT USAGE ON SCHEMA pgsodium TO PUBLIC;
