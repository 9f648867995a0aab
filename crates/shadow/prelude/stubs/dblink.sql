-- version: 1.2
-- relocatable
-- Nothing is connected to: every function raises an error when called.

CREATE TYPE dblink_pkey_results AS (position integer, colname text);
DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'dblink_connect(text) RETURNS text',
        'dblink_connect(text, text) RETURNS text',
        'dblink_connect_u(text, text) RETURNS text',
        'dblink_disconnect() RETURNS text',
        'dblink_disconnect(text) RETURNS text',
        'dblink_exec(text) RETURNS text',
        'dblink_exec(text, text) RETURNS text',
        'dblink_exec(text, text, boolean) RETURNS text',
        'dblink(text) RETURNS SETOF record',
        'dblink(text, text) RETURNS SETOF record',
        'dblink(text, text, boolean) RETURNS SETOF record'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %s LANGUAGE plpgsql
            AS $body$ BEGIN RAISE EXCEPTION 'dblink is stood in for: nothing can be connected to here'
                USING ERRCODE = 'feature_not_supported'; END $body$
        $make$, it);
    END LOOP;
END
$stub$;
