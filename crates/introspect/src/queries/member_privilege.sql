-- What the extension has given an object stands in pg_init_privs, where it has said anything itself.
SELECT d.refobjid, o.kind, n.nspname, o.name, o.part, o.arguments,
       (pg_catalog.pg_identify_object(o.class, o.oid, 0)).identity, o.owner, o.acl::text[], i.initprivs::text[]
FROM (SELECT 'pg_catalog.pg_proc'::regclass AS class, p.oid, 0 AS number, CASE p.prokind WHEN 'a' THEN 'a' ELSE 'P' END AS kind,
             p.pronamespace AS schema, p.proname AS name, NULL::name AS part, p.proargtypes::oid[] AS arguments,
             p.proowner AS owner, p.proacl AS acl
      FROM pg_catalog.pg_proc p WHERE p.oid >= 16384
      UNION ALL
      SELECT 'pg_catalog.pg_class'::regclass, c.oid, 0, c.relkind::text, c.relnamespace, c.relname, NULL, NULL, c.relowner, c.relacl
      FROM pg_catalog.pg_class c WHERE c.oid >= 16384
      UNION ALL
      SELECT 'pg_catalog.pg_class'::regclass, c.oid, a.attnum, 'c', c.relnamespace, c.relname, a.attname, NULL, c.relowner, a.attacl
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE c.oid >= 16384 AND a.attacl IS NOT NULL
      UNION ALL
      SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, 'T', t.typnamespace, t.typname, NULL, NULL, t.typowner, t.typacl
      FROM pg_catalog.pg_type t WHERE t.oid >= 16384) o
JOIN pg_catalog.pg_depend d ON d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e'
JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.number
WHERE o.acl IS DISTINCT FROM i.initprivs
  AND o.schema IN ({{scope}})
