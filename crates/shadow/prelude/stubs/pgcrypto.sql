-- version: 1.3
-- relocatable
-- Digests and random bytes are real. Ciphers and PGP raise an error when called.

CREATE FUNCTION digest(bytea, text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    message bytea;
    h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
    w bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
    modulus CONSTANT bigint := 4294967296;
BEGIN
    CASE lower($2)
        WHEN 'md5' THEN RETURN decode(md5($1), 'hex');
        WHEN 'sha224' THEN RETURN sha224($1);
        WHEN 'sha256' THEN RETURN sha256($1);
        WHEN 'sha384' THEN RETURN sha384($1);
        WHEN 'sha512' THEN RETURN sha512($1);
        WHEN 'sha1' THEN NULL;
        ELSE RAISE EXCEPTION 'Cannot use "%": No such hash algorithm', $2 USING ERRCODE = '22023';
    END CASE;
    -- SHA-1 is not among the server's own: FIPS 180-4, section 6.1.
    message := $1 || '\x80'::bytea
        || decode(repeat('00', (119 - length($1) % 64) % 64), 'hex')
        || int8send(length($1)::bigint * 8);
    FOR block IN 0 .. length(message) / 64 - 1 LOOP
        w := '{}';
        FOR i IN 0 .. 79 LOOP
            IF i < 16 THEN
                t := block * 64 + i * 4;
                w[i] := (get_byte(message, t::int)::bigint << 24) | (get_byte(message, t::int + 1) << 16)
                    | (get_byte(message, t::int + 2) << 8) | get_byte(message, t::int + 3);
            ELSE
                t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
                w[i] := ((t << 1) | (t >> 31)) % modulus;
            END IF;
        END LOOP;
        a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
        FOR i IN 0 .. 79 LOOP
            IF i < 20 THEN
                f := (b & c) | ((modulus - 1 - b) & d); k := 1518500249;
            ELSIF i < 40 THEN
                f := b # c # d; k := 1859775393;
            ELSIF i < 60 THEN
                f := (b & c) | (b & d) | (c & d); k := 2400959708;
            ELSE
                f := b # c # d; k := 3395469782;
            END IF;
            t := (((a << 5) | (a >> 27)) % modulus + f + e + k + w[i]) % modulus;
            e := d; d := c; c := ((b << 30) | (b >> 2)) % modulus; b := a; a := t;
        END LOOP;
        h := ARRAY[(h[1] + a) % modulus, (h[2] + b) % modulus, (h[3] + c) % modulus,
                   (h[4] + d) % modulus, (h[5] + e) % modulus];
    END LOOP;
    RETURN (
        SELECT string_agg(substring(int8send(it) FROM 5 FOR 4), ''::bytea ORDER BY n)
        FROM unnest(h) WITH ORDINALITY AS words (it, n)
    );
END
$$;

CREATE FUNCTION digest(text, text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgcrypto');
    result bytea;
BEGIN
    EXECUTE format('SELECT %s.digest($1, $2)', home) INTO result USING convert_to($1, 'UTF8'), $2;
    RETURN result;
END
$$;

CREATE FUNCTION hmac(bytea, bytea, text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgcrypto');
    size int := CASE WHEN lower($3) IN ('sha384', 'sha512') THEN 128 ELSE 64 END;
    key bytea := $2;
    inner_key bytea;
    outer_key bytea;
    result bytea;
BEGIN
    IF length(key) > size THEN
        EXECUTE format('SELECT %s.digest($1, $2)', home) INTO key USING key, $3;
    END IF;
    key := key || decode(repeat('00', size - length(key)), 'hex');
    inner_key := key;
    outer_key := key;
    FOR i IN 0 .. size - 1 LOOP
        inner_key := set_byte(inner_key, i, get_byte(key, i) # 54);
        outer_key := set_byte(outer_key, i, get_byte(key, i) # 92);
    END LOOP;
    EXECUTE format('SELECT %1$s.digest($1 || %1$s.digest($2 || $3, $4), $4)', home)
        INTO result USING outer_key, inner_key, $1, $3;
    RETURN result;
END
$$;

CREATE FUNCTION hmac(text, text, text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgcrypto');
    result bytea;
BEGIN
    EXECUTE format('SELECT %s.hmac($1, $2, $3)', home)
        INTO result USING convert_to($1, 'UTF8'), convert_to($2, 'UTF8'), $3;
    RETURN result;
END
$$;

CREATE FUNCTION gen_random_uuid() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$ SELECT pg_catalog.gen_random_uuid() $$;

CREATE FUNCTION gen_random_bytes(integer) RETURNS bytea
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
AS $$
DECLARE
    result bytea := '';
BEGIN
    IF $1 NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'Length not in range' USING ERRCODE = '39000';
    END IF;
    WHILE length(result) < $1 LOOP
        result := result || sha256(uuid_send(pg_catalog.gen_random_uuid()));
    END LOOP;
    RETURN substring(result FROM 1 FOR $1);
END
$$;

-- Salts have the right form; the hash is none of bcrypt's, but crypt(password, hash) = hash holds.
CREATE FUNCTION gen_salt(text, integer) RETURNS text
LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS $$
    SELECT CASE $1
        WHEN 'bf' THEN '$2a$' || lpad($2::text, 2, '0') || '$' || left(encode(sha256(uuid_send(pg_catalog.gen_random_uuid())), 'hex'), 22)
        WHEN 'md5' THEN '$1$' || left(md5(pg_catalog.gen_random_uuid()::text), 8)
        ELSE left(md5(pg_catalog.gen_random_uuid()::text), 2)
    END
$$;

CREATE FUNCTION gen_salt(text) RETURNS text
LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS $$
    SELECT CASE $1
        WHEN 'bf' THEN '$2a$06$' || left(encode(sha256(uuid_send(pg_catalog.gen_random_uuid())), 'hex'), 22)
        WHEN 'md5' THEN '$1$' || left(md5(pg_catalog.gen_random_uuid()::text), 8)
        ELSE left(md5(pg_catalog.gen_random_uuid()::text), 2)
    END
$$;

CREATE FUNCTION crypt(text, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT left($2, 29) || left(encode(sha256(convert_to(left($2, 29) || $1, 'UTF8')), 'hex'), 31)
$$;

DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'encrypt(bytea, bytea, text) RETURNS bytea',
        'decrypt(bytea, bytea, text) RETURNS bytea',
        'encrypt_iv(bytea, bytea, bytea, text) RETURNS bytea',
        'decrypt_iv(bytea, bytea, bytea, text) RETURNS bytea',
        'pgp_sym_encrypt(text, text) RETURNS bytea',
        'pgp_sym_encrypt(text, text, text) RETURNS bytea',
        'pgp_sym_encrypt_bytea(bytea, text) RETURNS bytea',
        'pgp_sym_encrypt_bytea(bytea, text, text) RETURNS bytea',
        'pgp_sym_decrypt(bytea, text) RETURNS text',
        'pgp_sym_decrypt(bytea, text, text) RETURNS text',
        'pgp_sym_decrypt_bytea(bytea, text) RETURNS bytea',
        'pgp_sym_decrypt_bytea(bytea, text, text) RETURNS bytea',
        'pgp_pub_encrypt(text, bytea) RETURNS bytea',
        'pgp_pub_encrypt(text, bytea, text) RETURNS bytea',
        'pgp_pub_encrypt_bytea(bytea, bytea) RETURNS bytea',
        'pgp_pub_encrypt_bytea(bytea, bytea, text) RETURNS bytea',
        'pgp_pub_decrypt(bytea, bytea) RETURNS text',
        'pgp_pub_decrypt(bytea, bytea, text) RETURNS text',
        'pgp_pub_decrypt(bytea, bytea, text, text) RETURNS text',
        'pgp_pub_decrypt_bytea(bytea, bytea) RETURNS bytea',
        'pgp_pub_decrypt_bytea(bytea, bytea, text) RETURNS bytea',
        'pgp_pub_decrypt_bytea(bytea, bytea, text, text) RETURNS bytea',
        'pgp_key_id(bytea) RETURNS text',
        'armor(bytea) RETURNS text',
        'dearmor(text) RETURNS bytea'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %s LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$ BEGIN RAISE EXCEPTION 'pgcrypto is stood in for: this function cannot be called here'
                USING ERRCODE = 'feature_not_supported'; END $body$
        $make$, it);
    END LOOP;
END
$stub$;
