SELECT 'pg_catalog.pg_collation'::regclass::oid, l.oid, 'collation', l.collowner, NULL::text[],
       jsonb_build_object('provider', l.collprovider, 'deterministic', l.collisdeterministic,
         'locale', COALESCE(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', l.collcollate),
         'ctype', NULLIF(l.collctype, COALESCE(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale',
                                               l.collcollate)),
         'rules', to_jsonb(l) ->> 'collicurules')
FROM pg_catalog.pg_collation l
WHERE l.collnamespace IN ({{scope}})
