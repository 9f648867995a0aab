SELECT 'pg_catalog.pg_publication'::regclass::oid, p.oid, 'publication', p.pubowner, NULL::text[],
       jsonb_build_object('all_tables', p.puballtables, 'via_root', p.pubviaroot,
         'publish', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
         'generated_columns', CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'stored' END,
         'tables', (SELECT jsonb_agg(jsonb_build_object('name', r.prrelid::regclass::text
                      {{15: , 'columns', (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                                          FROM unnest(r.prattrs) k(num) JOIN pg_catalog.pg_attribute a
                                            ON a.attrelid = r.prrelid AND a.attnum = k.num),
                              'where', pg_get_expr(r.prqual, r.prrelid) | }})
                      ORDER BY r.prrelid::regclass::text)
                    FROM pg_catalog.pg_publication_rel r
                    WHERE r.prpubid = p.oid),
         'schemas', {{15: (SELECT jsonb_agg(quote_ident(n.nspname) ORDER BY n.nspname)
                           FROM pg_catalog.pg_publication_namespace m
                           JOIN pg_catalog.pg_namespace n ON n.oid = m.pnnspid WHERE m.pnpubid = p.oid) | NULL::jsonb}})
FROM pg_catalog.pg_publication p
