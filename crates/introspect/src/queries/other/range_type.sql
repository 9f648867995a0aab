SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, 'range_type', t.typowner, t.typacl::text[],
       jsonb_build_object('subtype', format_type(r.rngsubtype, NULL),
         'opclass', (SELECT quote_ident(n.nspname) || '.' || quote_ident(o.opcname)
                     FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
                     WHERE o.oid = r.rngsubopc),
         'collation', (SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
                       FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
                       WHERE l.oid = r.rngcollation),
         'canonical', NULLIF(r.rngcanonical::oid, 0)::regproc::text,
         'subtype_diff', NULLIF(r.rngsubdiff::oid, 0)::regproc::text,
         'multirange', {{14: format_type(r.rngmultitypid, NULL) | NULL::text}})
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
WHERE t.typnamespace IN ({{scope}})
