SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid, 'aggregate', p.proowner, p.proacl::text[],
       jsonb_build_object('name', quote_ident(n.nspname) || '.' || quote_ident(p.proname),
         'arguments', pg_get_function_arguments(p.oid), 'result', format_type(p.prorettype, NULL), 'kind', a.aggkind,
         'sfunc', a.aggtransfn::text, 'stype', format_type(a.aggtranstype, NULL), 'sspace', NULLIF(a.aggtransspace, 0),
         'finalfunc', NULLIF(a.aggfinalfn::oid, 0)::regproc::text, 'finalfunc_extra', a.aggfinalextra,
         'finalfunc_modify', a.aggfinalmodify, 'combinefunc', NULLIF(a.aggcombinefn::oid, 0)::regproc::text,
         'serialfunc', NULLIF(a.aggserialfn::oid, 0)::regproc::text,
         'deserialfunc', NULLIF(a.aggdeserialfn::oid, 0)::regproc::text, 'initcond', a.agginitval,
         'msfunc', NULLIF(a.aggmtransfn::oid, 0)::regproc::text,
         'minvfunc', NULLIF(a.aggminvtransfn::oid, 0)::regproc::text,
         'mstype', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
         'msspace', NULLIF(a.aggmtransspace, 0),
         'mfinalfunc', NULLIF(a.aggmfinalfn::oid, 0)::regproc::text, 'mfinalfunc_extra', a.aggmfinalextra,
         'mfinalfunc_modify', a.aggmfinalmodify, 'minitcond', a.aggminitval,
         'sortop', (SELECT format('OPERATOR(%I.%s)', sn.nspname, o.oprname) FROM pg_catalog.pg_operator o
                    JOIN pg_catalog.pg_namespace sn ON sn.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
         'parallel', p.proparallel)
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.pronamespace IN ({{scope}})
