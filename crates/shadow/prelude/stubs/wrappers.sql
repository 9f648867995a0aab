-- version: 0.5.0
-- relocatable
-- Foreign data wrappers may be declared; no foreign table can be read.

DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'airtable', 'auth0', 'big_query', 'click_house', 'cognito', 'firebase', 'iceberg', 'logflare', 'mssql',
        'notion', 'redis', 's3', 'snowflake', 'stripe', 'wasm'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %1$I() RETURNS fdw_handler LANGUAGE internal AS 'fdw_handler_in'
        $make$, it || '_fdw_handler');
        EXECUTE format($make$
            CREATE FUNCTION %1$I(options text[], catalog oid) RETURNS boolean LANGUAGE sql AS 'SELECT true'
        $make$, it || '_fdw_validator');
    END LOOP;
END
$stub$;
