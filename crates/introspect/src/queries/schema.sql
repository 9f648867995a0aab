SELECT oid, nspname, nspowner, nspacl::text[],
       nspname !~ '^pg_' AND nspname <> 'information_schema'
       AND ($1::text[] IS NULL OR nspname = ANY ($1)) AND nspname <> ALL ($2) AS in_scope
FROM pg_catalog.pg_namespace
