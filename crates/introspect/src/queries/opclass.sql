SELECT o.oid, n.nspname, o.opcname, o.opcdefault
FROM pg_catalog.pg_opclass o
JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
