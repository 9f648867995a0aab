SELECT 'pg_catalog.pg_transform'::regclass::oid, t.oid, 'transform', 0::oid, NULL::text[],
       jsonb_build_object('type', format_type(t.trftype, NULL), 'language', l.lanname,
         'from_sql', NULLIF(t.trffromsql::oid, 0)::regprocedure::text,
         'to_sql', NULLIF(t.trftosql::oid, 0)::regprocedure::text)
FROM pg_catalog.pg_transform t
JOIN pg_catalog.pg_language l ON l.oid = t.trflang
