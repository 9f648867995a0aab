SELECT 'pg_catalog.pg_foreign_server'::regclass::oid, s.oid, 'server', s.srvowner, s.srvacl::text[],
       jsonb_build_object('type', s.srvtype, 'version', s.srvversion, 'wrapper', w.fdwname,
         'options', to_jsonb(s.srvoptions))
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
