SELECT 'pg_catalog.pg_ts_parser'::regclass::oid, p.oid, 'text_search_parser', 0::oid, NULL::text[],
       jsonb_build_object('start', p.prsstart::text, 'token', p.prstoken::text, 'end', p.prsend::text,
         'headline', NULLIF(p.prsheadline::oid, 0)::regproc::text, 'lextypes', p.prslextype::text)
FROM pg_catalog.pg_ts_parser p
WHERE p.prsnamespace IN ({{scope}})
