SELECT p.oid, p.polname, p.polrelid, n.nspname, c.relname, p.polpermissive, p.polcmd, p.polroles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid),
       c.relrowsecurity, c.relforcerowsecurity
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
