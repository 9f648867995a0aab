SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
       CASE WHEN a.atttypmod >= 0 AND t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace
            THEN pg_catalog.format_type(a.atttypid, a.atttypmod) END,
       a.attnotnull, a.attidentity, a.attgenerated,
       a.attcollation, a.attcollation <> t.typcollation,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
       {{14: a.attcompression | ''::"char"}},
       {{17: a.attstattarget | NULLIF(a.attstattarget, -1)::int2}},
       COALESCE(a.attoptions, a.attfdwoptions), a.attinhcount > 0 AND NOT a.attislocal, a.attacl::text[]
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
  AND c.relnamespace IN ({{scope}})
ORDER BY a.attrelid, a.attnum
