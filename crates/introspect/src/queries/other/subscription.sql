-- The connection string holds a password and is not read.
SELECT 'pg_catalog.pg_subscription'::regclass::oid, s.oid, 'subscription', s.subowner, NULL::text[],
       jsonb_build_object('enabled', s.subenabled, 'slot', s.subslotname, 'publications', to_jsonb(s.subpublications),
         'synchronous_commit', s.subsynccommit)
FROM pg_catalog.pg_subscription s
JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
