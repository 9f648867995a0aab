SELECT 'pg_catalog.pg_opclass'::regclass::oid, o.oid, 'operator_class', o.opcowner, NULL::text[],
       jsonb_build_object('type', format_type(o.opcintype, NULL), 'default', o.opcdefault,
         'family', quote_ident(n.nspname) || '.' || quote_ident(f.opfname),
         'storage', CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END)
FROM pg_catalog.pg_opclass o
JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily
JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
WHERE o.opcnamespace IN ({{scope}})
