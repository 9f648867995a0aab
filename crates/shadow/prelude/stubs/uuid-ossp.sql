-- version: 1.1
-- relocatable
-- Versions 3, 4 and 5 are real; version 1 has the time and a random node.

CREATE FUNCTION uuid_nil() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '00000000-0000-0000-0000-000000000000'::uuid $$;
CREATE FUNCTION uuid_ns_dns() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
CREATE FUNCTION uuid_ns_url() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
CREATE FUNCTION uuid_ns_oid() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
CREATE FUNCTION uuid_ns_x500() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS $$ SELECT gen_random_uuid() $$;

CREATE FUNCTION uuid_generate_v1() RETURNS uuid
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
AS $$
DECLARE
    -- Tenths of microseconds since the Gregorian calendar began.
    ticks bigint := (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 122192928000000000;
    time_hex text := lpad(to_hex(ticks), 15, '0');
BEGIN
    RETURN (
        right(time_hex, 8) || substr(time_hex, 4, 4) || '1' || left(time_hex, 3)
        || right(gen_random_uuid()::text, 17)
    )::uuid;
END
$$;
CREATE FUNCTION uuid_generate_v1mc() RETURNS uuid LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
AS $$
DECLARE
    ticks bigint := (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 122192928000000000;
    time_hex text := lpad(to_hex(ticks), 15, '0');
BEGIN
    RETURN (
        right(time_hex, 8) || substr(time_hex, 4, 4) || '1' || left(time_hex, 3)
        || right(gen_random_uuid()::text, 17)
    )::uuid;
END
$$;

CREATE FUNCTION uuid_generate_v3(namespace uuid, name text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT encode(
        set_byte(
            set_byte(hash, 6, (get_byte(hash, 6) & 15) | 48),
            8, (get_byte(hash, 8) & 63) | 128
        ),
        'hex'
    )::uuid
    FROM (SELECT decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex')) AS it (hash)
$$;

CREATE FUNCTION uuid_generate_v5(namespace uuid, name text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    message bytea := uuid_send(namespace) || convert_to(name, 'UTF8');
    h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
    w bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
    hash bytea;
    modulus CONSTANT bigint := 4294967296;
BEGIN
    -- SHA-1 is not among the server's own: FIPS 180-4, section 6.1.
    message := message || '\x80'::bytea
        || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex')
        || int8send(length(message)::bigint * 8);
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
    hash := substring(int8send(h[1]) FROM 5) || substring(int8send(h[2]) FROM 5)
        || substring(int8send(h[3]) FROM 5) || substring(int8send(h[4]) FROM 5);
    RETURN encode(
        set_byte(set_byte(hash, 6, (get_byte(hash, 6) & 15) | 80), 8, (get_byte(hash, 8) & 63) | 128),
        'hex'
    )::uuid;
END
$$;
