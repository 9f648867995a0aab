-- version: 1.4.1
-- relocatable

CREATE FUNCTION hypopg_reset() RETURNS void LANGUAGE sql AS $$ SELECT $$;
CREATE FUNCTION hypopg_create_index(sql_order text, OUT indexrelid oid, OUT indexname text) RETURNS SETOF record
LANGUAGE sql AS $$ SELECT NULL::oid, NULL::text WHERE false $$;
