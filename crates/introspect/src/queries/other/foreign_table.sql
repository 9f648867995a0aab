SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'foreign_table', c.relowner, c.relacl::text[],
       jsonb_build_object('server', s.srvname, 'options', to_jsonb(f.ftoptions), 'columns',
         (SELECT jsonb_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                     CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                                     'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), a.attfdwoptions::text)
                           ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relnamespace IN ({{scope}})
