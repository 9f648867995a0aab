-- version: 1.6
-- relocatable
-- Nothing is sent: every function raises an error when called.

CREATE DOMAIN http_method AS text;
CREATE DOMAIN content_type AS text CHECK (VALUE ~ '^\S+\/\S+');
CREATE TYPE http_header AS (field varchar, value varchar);
CREATE TYPE http_response AS (status integer, content_type varchar, headers http_header[], content varchar);
CREATE TYPE http_request AS (
    method http_method, uri varchar, headers http_header[], content_type varchar, content varchar
);
DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'http(request http_request)',
        'http_get(uri varchar)',
        'http_get(uri varchar, data jsonb)',
        'http_post(uri varchar, content varchar, content_type varchar)',
        'http_post(uri varchar, data jsonb)',
        'http_put(uri varchar, content varchar, content_type varchar)',
        'http_patch(uri varchar, content varchar, content_type varchar)',
        'http_delete(uri varchar)',
        'http_delete(uri varchar, content varchar, content_type varchar)',
        'http_head(uri varchar)'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %s RETURNS http_response LANGUAGE plpgsql
            AS $body$ BEGIN RAISE EXCEPTION 'http is stood in for: requests cannot be sent here'
                USING ERRCODE = 'feature_not_supported'; END $body$
        $make$, it);
    END LOOP;
END
$stub$;
CREATE FUNCTION http_header(field varchar, value varchar) RETURNS http_header
LANGUAGE sql IMMUTABLE AS $$ SELECT $1, $2 $$;
CREATE FUNCTION http_set_curlopt(curlopt varchar, value varchar) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION http_reset_curlopt() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION urlencode(string varchar) RETURNS text LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT string_agg(
        CASE WHEN chr(it) ~ '[A-Za-z0-9_.~-]' AND it < 128 THEN chr(it) ELSE '%' || upper(lpad(to_hex(it), 2, '0')) END,
        '' ORDER BY n
    )
    FROM (
        SELECT get_byte(convert_to(string, 'UTF8'), n) AS it, n
        FROM generate_series(0, octet_length(string) - 1) AS n
    ) AS bytes
$$;
