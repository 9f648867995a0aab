SELECT 'pg_catalog.pg_event_trigger'::regclass::oid, e.oid, 'event_trigger', e.evtowner, NULL::text[],
       jsonb_build_object('event', e.evtevent, 'function', e.evtfoid::regproc::text, 'tags', to_jsonb(e.evttags),
         'enabled', e.evtenabled, 'function_schema',
         (SELECT n.nspname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          WHERE p.oid = e.evtfoid))
FROM pg_catalog.pg_event_trigger e
