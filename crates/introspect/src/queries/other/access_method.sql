SELECT 'pg_catalog.pg_am'::regclass::oid, a.oid, 'access_method', 0::oid, NULL::text[],
       jsonb_build_object('handler', a.amhandler::text, 'type', a.amtype)
FROM pg_catalog.pg_am a
WHERE a.oid >= 16384
