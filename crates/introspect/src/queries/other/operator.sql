-- One that only another operator has named so far has no function.
SELECT 'pg_catalog.pg_operator'::regclass::oid, o.oid, 'operator', o.oprowner, NULL::text[],
       jsonb_build_object('name', format('%I.%s', n.nspname, o.oprname), 'function', o.oprcode::text,
         'left', CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END,
         'right', CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END,
         'commutator', (SELECT format('OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_catalog.pg_operator c
                        JOIN pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom),
         'negator', (SELECT format('OPERATOR(%I.%s)', gn.nspname, g.oprname) FROM pg_catalog.pg_operator g
                     JOIN pg_catalog.pg_namespace gn ON gn.oid = g.oprnamespace WHERE g.oid = o.oprnegate),
         'restrict', NULLIF(o.oprrest::oid, 0)::regproc::text, 'join', NULLIF(o.oprjoin::oid, 0)::regproc::text,
         'hashes', o.oprcanhash, 'merges', o.oprcanmerge)
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND o.oprnamespace IN ({{scope}})
