SELECT 'pg_catalog.pg_ts_config'::regclass::oid, c.oid, 'text_search_configuration', c.cfgowner, NULL::text[],
       jsonb_build_object('parser', quote_ident(n.nspname) || '.' || quote_ident(p.prsname), 'mappings',
         (SELECT jsonb_agg(jsonb_build_object('token', m.alias, 'dictionaries', m.dictionaries) ORDER BY m.alias)
          FROM (SELECT t.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
                FROM pg_catalog.pg_ts_config_map m
                JOIN pg_catalog.ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
                WHERE m.mapcfg = c.oid
                GROUP BY t.alias) m))
FROM pg_catalog.pg_ts_config c
JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
WHERE c.cfgnamespace IN ({{scope}})
