SELECT objtype, objnamespace, objname, provider, label
FROM pg_catalog.pg_seclabels
WHERE objoid >= 16384 OR objnamespace IS NULL
