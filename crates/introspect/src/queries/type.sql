-- Every type: columns, arguments and casts name them by number. Row types of tables are types, too.
SELECT oid, typname, typnamespace, typtype,
       CASE WHEN typlen = -1 AND typelem <> 0 AND oid NOT IN (22, 30) THEN typelem ELSE 0 END,
       typrelid, typowner, typacl::text[]
FROM pg_catalog.pg_type
