SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'foreign_table', c.relowner, c.relacl::text[],
       jsonb_build_object('server', s.srvname, 'options', to_jsonb(f.ftoptions),
         'partition_of', CASE WHEN c.relispartition
           THEN (SELECT i.inhparent::regclass::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END,
         'bound', CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
         'inherits', CASE WHEN NOT c.relispartition
           THEN (SELECT jsonb_agg(i.inhparent::regclass::text ORDER BY i.inhseqno)
                 FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END,
         'columns',
         (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                             'collation', quote_ident(ln.nspname) || '.' || quote_ident(l.collname),
                             'not_null', NULLIF(a.attnotnull, false),
                             'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                             'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                             'generated_kind', NULLIF(a.attgenerated, ''),
                             'inherited', CASE WHEN a.attinhcount > 0 AND NOT a.attislocal THEN true END,
                             'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(a.attfdwoptions) AS o),
                             'acl', to_jsonb(a.attacl::text[]),
                             'comment', col_description(a.attrelid, a.attnum))
                           ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> at.typcollation
          LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
         'checks',
         (SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid),
                             'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.conname)
          FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conislocal),
         'triggers',
         (SELECT jsonb_agg(jsonb_build_object('name', g.tgname, 'definition', pg_get_triggerdef(g.oid),
                             'enabled', g.tgenabled, 'comment', obj_description(g.oid, 'pg_trigger')) ORDER BY g.tgname)
          FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend p WHERE p.classid = 'pg_catalog.pg_trigger'::regclass
                            AND p.objid = g.oid AND p.deptype = 'P')))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relnamespace IN ({{scope}})
