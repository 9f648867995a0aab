SELECT 'pg_catalog.pg_rewrite'::regclass::oid, r.oid, 'rule', 0::oid, NULL::text[],
       jsonb_build_object('name', r.rulename, 'relation', r.ev_class::regclass::text,
         'definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled)
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
WHERE r.rulename <> '_RETURN' AND c.relnamespace IN ({{scope}})
