SELECT 'pg_catalog.pg_ts_dict'::regclass::oid, d.oid, 'text_search_dictionary', d.dictowner, NULL::text[],
       jsonb_build_object('template', quote_ident(n.nspname) || '.' || quote_ident(t.tmplname),
         'options', d.dictinitoption)
FROM pg_catalog.pg_ts_dict d
JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
WHERE d.dictnamespace IN ({{scope}})
