-- version: 0.2.0
-- Signing needs pgcrypto in the same schema, as the extension itself does.

CREATE FUNCTION url_encode(data bytea) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT translate(encode(data, 'base64'), E'+/=\n', '-_') $$;

CREATE FUNCTION url_decode(data text) RETURNS bytea LANGUAGE sql IMMUTABLE
AS $$ SELECT decode(rpad(translate(data, '-_', '+/'), ((length(data) + 3) / 4) * 4, '='), 'base64') $$;

CREATE FUNCTION algorithm_sign(signables text, secret text, algorithm text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    crypto text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgcrypto');
    result bytea;
BEGIN
    EXECUTE format('SELECT %s.hmac($1, $2, $3)', crypto) INTO result
        USING signables, secret, replace(lower(algorithm), 'hs', 'sha');
    RETURN translate(encode(result, 'base64'), E'+/=\n', '-_');
END
$$;

CREATE FUNCTION sign(payload json, secret text, algorithm text DEFAULT 'HS256') RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgjwt');
    header text := translate(encode(convert_to('{"alg":"' || algorithm || '","typ":"JWT"}', 'utf8'), 'base64'), E'+/=\n', '-_');
    body text := translate(encode(convert_to(payload::text, 'utf8'), 'base64'), E'+/=\n', '-_');
    signature text;
BEGIN
    EXECUTE format('SELECT %s.algorithm_sign($1, $2, $3)', home) INTO signature
        USING header || '.' || body, secret, algorithm;
    RETURN header || '.' || body || '.' || signature;
END
$$;

CREATE FUNCTION try_cast_double(inp text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE
AS $$ BEGIN RETURN inp::double precision; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;

CREATE FUNCTION verify(token text, secret text, algorithm text DEFAULT 'HS256')
RETURNS TABLE (header json, payload json, valid boolean)
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgjwt');
    parts text[] := string_to_array(token, '.');
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT convert_from(%1$s.url_decode($1[1]), 'utf8')::json,
               convert_from(%1$s.url_decode($1[2]), 'utf8')::json,
               $1[3] = %1$s.algorithm_sign($1[1] || '.' || $1[2], $2, $3)
    $q$, home) USING parts, secret, algorithm;
END
$$;
