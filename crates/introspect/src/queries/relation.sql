SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relowner, c.relacl::text[],
       c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated,
       c.reloptions, t.reloptions, am.amname, s.spcname,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
       p.partstrat, CASE WHEN p.partrelid IS NOT NULL THEN pg_catalog.pg_get_partkeydef(c.oid) END,
       c.reloftype, c.relnatts
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND c.relnamespace IN ({{scope}})
