-- Modifiers of types that extensions bring: only their own functions can print them.
SELECT DISTINCT a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.atttypmod >= 0 AND a.attnum > 0 AND NOT a.attisdropped
  AND t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
  AND c.relnamespace IN ({{scope}})
UNION
SELECT t.typbasetype, t.typtypmod, pg_catalog.format_type(t.typbasetype, t.typtypmod)
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND t.typtypmod >= 0 AND b.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace
