-- Options hold passwords: only their names are read.
SELECT 'pg_catalog.pg_user_mapping'::regclass::oid, u.umid, 'user_mapping', 0::oid, NULL::text[],
       jsonb_build_object('server', u.srvname, 'role', u.usename, 'options',
         (SELECT jsonb_agg(split_part(o, '=', 1) ORDER BY o) FROM unnest(u.umoptions) o))
FROM pg_catalog.pg_user_mappings u
