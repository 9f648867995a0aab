SELECT 'pg_catalog.pg_statistic_ext'::regclass::oid, s.oid, 'statistics_object', s.stxowner, NULL::text[],
       jsonb_build_object('definition', pg_get_statisticsobjdef(s.oid),
         'target', NULLIF(COALESCE(s.stxstattarget, -1), -1))
FROM pg_catalog.pg_statistic_ext s
WHERE s.stxnamespace IN ({{scope}})
