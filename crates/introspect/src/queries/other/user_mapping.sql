-- Options hold passwords, and what goes by a name like one is never read: only that it is there. To a role that may
-- not see the options, a mapping looks as if it had none.
SELECT 'pg_catalog.pg_user_mapping'::regclass::oid, u.umid, 'user_mapping', 0::oid, NULL::text[],
       jsonb_build_object('server', u.srvname, 'role', u.usename, 'public', u.umuser = 0,
         'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(u.umoptions) o
                     WHERE split_part(o, '=', 1) !~* '(pass|pwd|secret|token|key|credential)'),
         'secrets', (SELECT jsonb_agg(split_part(o, '=', 1) ORDER BY o) FROM unnest(u.umoptions) o
                     WHERE split_part(o, '=', 1) ~* '(pass|pwd|secret|token|key|credential)'),
         'unread', CASE WHEN u.umoptions IS NULL AND NOT has_table_privilege('pg_catalog.pg_user_mapping', 'SELECT')
                        THEN '["options", "secrets"]'::jsonb END)
FROM pg_catalog.pg_user_mappings u
