SELECT 'pg_catalog.pg_ts_template'::regclass::oid, t.oid, 'text_search_template', 0::oid, NULL::text[],
       jsonb_build_object('init', NULLIF(t.tmplinit::oid, 0)::regproc::text, 'lexize', t.tmpllexize::text)
FROM pg_catalog.pg_ts_template t
WHERE t.tmplnamespace IN ({{scope}})
