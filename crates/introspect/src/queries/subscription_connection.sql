-- Without the password, in either form that libpq reads.
SELECT quote_ident(s.subname),
       regexp_replace(regexp_replace(regexp_replace(s.subconninfo,
         '\mpassword\s*=\s*(''(\\.|[^''\\])*''|(\\.|[^\s\\&])*)[\s&]*', '', 'gi'),
         '^(\w+://[^:/@]*):[^@]*@', '\1@'), '[\s&?]+$', ''),
       s.subconninfo ~* '\mpassword\s*=|^\w+://[^:/@]*:[^@]*@'
FROM pg_catalog.pg_subscription s
JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()
