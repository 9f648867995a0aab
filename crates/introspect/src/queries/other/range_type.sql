-- Only what is not as the server would choose it.
SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, 'range_type', t.typowner, t.typacl::text[],
       jsonb_build_object('subtype', format_type(r.rngsubtype, NULL),
         'opclass', (SELECT quote_ident(n.nspname) || '.' || quote_ident(o.opcname)
                     FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
                     WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
         'collation', (SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
                       FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
                       WHERE l.oid = r.rngcollation AND l.oid <> s.typcollation),
         'canonical', NULLIF(r.rngcanonical::oid, 0)::regproc::text,
         'subtype_diff', NULLIF(r.rngsubdiff::oid, 0)::regproc::text,
         'multirange', {{14: (SELECT format_type(m.oid, NULL) FROM pg_catalog.pg_type m WHERE m.oid = r.rngmultitypid
                              AND (m.typnamespace <> t.typnamespace OR m.typname <> CASE
                                WHEN strpos(t.typname, 'range') > 0 THEN regexp_replace(t.typname, 'range', 'multirange')
                                ELSE t.typname || '_multirange' END)) | NULL::text}})
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
WHERE t.typnamespace IN ({{scope}})
