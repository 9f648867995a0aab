SELECT p.oid, p.proname, p.pronamespace, p.proowner, p.proacl::text[], p.prokind, l.lanname,
       p.proargtypes::oid[], p.proallargtypes, p.proargmodes, p.proargnames,
       CASE WHEN p.pronargdefaults > 0 THEN
         ARRAY(SELECT pg_catalog.pg_get_function_arg_default(p.oid, g)
               FROM generate_series(1, cardinality(COALESCE(p.proallargtypes, p.proargtypes::oid[]))) g) END,
       p.prorettype, p.proretset, p.provariadic, p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof,
       p.proparallel, p.procost, p.prorows, p.proconfig, sn.nspname, s.proname, p.prosrc, p.probin,
       {{14: CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END | NULL::text}}
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
LEFT JOIN pg_catalog.pg_proc s ON s.oid = p.prosupport
LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace
WHERE p.prokind <> 'a'
  AND p.pronamespace IN ({{scope}})
