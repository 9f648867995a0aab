SELECT e.oid, e.extname, n.nspname, e.extversion, e.extrelocatable
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
