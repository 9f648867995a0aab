SELECT 'pg_catalog.pg_conversion'::regclass::oid, c.oid, 'conversion', c.conowner, NULL::text[],
       jsonb_build_object('function', c.conproc::text, 'for', pg_encoding_to_char(c.conforencoding),
         'to', pg_encoding_to_char(c.contoencoding), 'default', c.condefault)
FROM pg_catalog.pg_conversion c
WHERE c.connamespace IN ({{scope}})
