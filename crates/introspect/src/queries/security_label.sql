-- Roles, tablespaces and the database itself are the server's, not the schema's.
SELECT objtype, objnamespace, objname, provider, label
FROM pg_catalog.pg_seclabels
WHERE (objoid >= 16384 OR objnamespace IS NULL) AND objtype NOT IN ('role', 'tablespace', 'database')
