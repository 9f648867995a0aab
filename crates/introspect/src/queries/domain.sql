SELECT t.oid, t.typbasetype, t.typtypmod,
       CASE WHEN t.typtypmod >= 0 AND b.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace
            THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
       t.typnotnull,
       CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_catalog.pg_get_expr(t.typdefaultbin, 0) END,
       CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation ELSE 0::oid END
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND t.typnamespace IN ({{scope}})
