SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, 'composite_type', t.typowner, t.typacl::text[],
       jsonb_build_object('attributes',
         (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                             'collation', quote_ident(ln.nspname) || '.' || quote_ident(l.collname),
                             'comment', col_description(a.attrelid, a.attnum))
                           ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
          LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> at.typcollation
          LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
          WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.typnamespace IN ({{scope}})
