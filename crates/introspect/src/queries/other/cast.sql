SELECT 'pg_catalog.pg_cast'::regclass::oid, c.oid, 'cast', 0::oid, NULL::text[],
       jsonb_build_object('function', NULLIF(c.castfunc, 0)::regprocedure::text, 'context', c.castcontext,
         'method', c.castmethod)
FROM pg_catalog.pg_cast c
WHERE c.oid >= 16384
