SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid, 'aggregate', p.proowner, p.proacl::text[],
       jsonb_build_object('arguments', pg_get_function_arguments(p.oid), 'kind', a.aggkind,
         'sfunc', a.aggtransfn::text, 'stype', format_type(a.aggtranstype, NULL), 'sspace', a.aggtransspace,
         'finalfunc', NULLIF(a.aggfinalfn::oid, 0)::regproc::text, 'finalfunc_extra', a.aggfinalextra,
         'finalfunc_modify', a.aggfinalmodify, 'combinefunc', NULLIF(a.aggcombinefn::oid, 0)::regproc::text,
         'serialfunc', NULLIF(a.aggserialfn::oid, 0)::regproc::text,
         'deserialfunc', NULLIF(a.aggdeserialfn::oid, 0)::regproc::text, 'initcond', a.agginitval,
         'msfunc', NULLIF(a.aggmtransfn::oid, 0)::regproc::text,
         'minvfunc', NULLIF(a.aggminvtransfn::oid, 0)::regproc::text,
         'mfinalfunc', NULLIF(a.aggmfinalfn::oid, 0)::regproc::text,
         'mstype', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
         'minitcond', a.aggminitval, 'sortop', NULLIF(a.aggsortop, 0)::regoperator::text,
         'parallel', p.proparallel)
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
WHERE p.pronamespace IN ({{scope}})
