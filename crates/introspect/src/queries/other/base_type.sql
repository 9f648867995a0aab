SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, 'base_type', t.typowner, t.typacl::text[],
       jsonb_build_object('input', t.typinput::text, 'output', t.typoutput::text, 'length', t.typlen,
         'by_value', t.typbyval, 'alignment', t.typalign, 'storage', t.typstorage, 'category', t.typcategory,
         'delimiter', t.typdelim, 'default', t.typdefault, 'element', NULLIF(t.typelem, 0)::regtype::text)
FROM pg_catalog.pg_type t
WHERE t.typtype = 'b' AND t.typisdefined AND NOT (t.typlen = -1 AND t.typelem <> 0 AND t.typarray = 0)
  AND t.typnamespace IN ({{scope}})
