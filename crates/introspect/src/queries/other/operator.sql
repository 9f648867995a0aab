SELECT 'pg_catalog.pg_operator'::regclass::oid, o.oid, 'operator', o.oprowner, NULL::text[],
       jsonb_build_object('function', o.oprcode::text, 'commutator', NULLIF(o.oprcom, 0)::regoperator::text,
         'negator', NULLIF(o.oprnegate, 0)::regoperator::text, 'restrict', NULLIF(o.oprrest::oid, 0)::regproc::text,
         'join', NULLIF(o.oprjoin::oid, 0)::regproc::text, 'hashes', o.oprcanhash, 'merges', o.oprcanmerge)
FROM pg_catalog.pg_operator o
WHERE o.oprnamespace IN ({{scope}})
