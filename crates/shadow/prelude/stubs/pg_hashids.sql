-- version: 1.3
-- relocatable

DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'id_encode(bigint) RETURNS text',
        'id_encode(bigint, text) RETURNS text',
        'id_encode(bigint, text, integer) RETURNS text',
        'id_encode(bigint, text, integer, text) RETURNS text',
        'id_decode(text, text, integer, text) RETURNS bigint[]',
        'id_decode_once(text) RETURNS bigint',
        'id_decode_once(text, text, integer) RETURNS bigint'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %s LANGUAGE plpgsql IMMUTABLE STRICT
            AS $body$ BEGIN RAISE EXCEPTION 'pg_hashids is stood in for: this function cannot be called here'
                USING ERRCODE = 'feature_not_supported'; END $body$
        $make$, it);
    END LOOP;
END
$stub$;
