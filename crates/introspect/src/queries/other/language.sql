SELECT 'pg_catalog.pg_language'::regclass::oid, l.oid, 'language', l.lanowner, l.lanacl::text[],
       jsonb_build_object('trusted', l.lanpltrusted, 'handler', NULLIF(l.lanplcallfoid, 0)::regproc::text,
         'inline', NULLIF(l.laninline, 0)::regproc::text, 'validator', NULLIF(l.lanvalidator, 0)::regproc::text)
FROM pg_catalog.pg_language l
WHERE l.oid >= 16384
