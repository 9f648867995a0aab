SELECT a.attrelid, a.attnum, a.attoptions, {{17: a.attstattarget | NULLIF(a.attstattarget, -1)::int2}}
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
WHERE c.relkind IN ('i', 'I')
  AND (a.attoptions IS NOT NULL OR {{17: a.attstattarget IS NOT NULL | a.attstattarget >= 0}})
  AND c.relnamespace IN ({{scope}})
