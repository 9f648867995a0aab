-- version: 1.2.0
-- relocatable
-- The frame of a test; assertions about a schema are for the real extension.

CREATE FUNCTION plan(integer) RETURNS text LANGUAGE sql AS $$ SELECT '1..' || $1 $$;
CREATE FUNCTION no_plan() RETURNS SETOF boolean LANGUAGE sql AS $$ SELECT true WHERE false $$;
CREATE FUNCTION ok(boolean, text DEFAULT '') RETURNS text LANGUAGE sql
AS $$ SELECT CASE WHEN $1 THEN 'ok' ELSE 'not ok' END || ' - ' || $2 $$;
CREATE FUNCTION is(anyelement, anyelement, text DEFAULT '') RETURNS text LANGUAGE sql
AS $$ SELECT CASE WHEN $1 IS NOT DISTINCT FROM $2 THEN 'ok' ELSE 'not ok' END || ' - ' || $3 $$;
CREATE FUNCTION isnt(anyelement, anyelement, text DEFAULT '') RETURNS text LANGUAGE sql
AS $$ SELECT CASE WHEN $1 IS DISTINCT FROM $2 THEN 'ok' ELSE 'not ok' END || ' - ' || $3 $$;
CREATE FUNCTION pass(text DEFAULT '') RETURNS text LANGUAGE sql AS $$ SELECT 'ok - ' || $1 $$;
CREATE FUNCTION fail(text DEFAULT '') RETURNS text LANGUAGE sql AS $$ SELECT 'not ok - ' || $1 $$;
CREATE FUNCTION diag(text) RETURNS text LANGUAGE sql AS $$ SELECT '# ' || $1 $$;
CREATE FUNCTION finish() RETURNS SETOF text LANGUAGE sql AS $$ SELECT ''::text WHERE false $$;
