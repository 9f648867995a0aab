SELECT 'pg_catalog.pg_publication'::regclass::oid, p.oid, 'publication', p.pubowner, NULL::text[],
       jsonb_build_object('all_tables', p.puballtables, 'insert', p.pubinsert, 'update', p.pubupdate,
         'delete', p.pubdelete, 'truncate', p.pubtruncate, 'via_root', p.pubviaroot,
         'tables', (SELECT jsonb_agg(concat_ws(' ', quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                      {{15: (SELECT '(' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                             FROM unnest(r.prattrs) k(num) JOIN pg_catalog.pg_attribute a
                               ON a.attrelid = r.prrelid AND a.attnum = k.num),
                            'WHERE ' || pg_get_expr(r.prqual, r.prrelid) | NULL::text}})
                      ORDER BY n.nspname, c.relname)
                    FROM pg_catalog.pg_publication_rel r
                    JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE r.prpubid = p.oid),
         'schemas', {{15: (SELECT jsonb_agg(n.nspname ORDER BY n.nspname) FROM pg_catalog.pg_publication_namespace m
                           JOIN pg_catalog.pg_namespace n ON n.oid = m.pnnspid WHERE m.pnpubid = p.oid) | NULL::jsonb}})
FROM pg_catalog.pg_publication p
