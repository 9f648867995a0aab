-- Tables whose rows are schema in spirit, where they are there and all their rows can be read.
SELECT n.nspname || '.' || c.relname,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname, c.relname) IN (('storage', 'buckets'), ('cron', 'job'))
UNION ALL
SELECT 'pg_catalog.pg_subscription', has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')
WHERE EXISTS (SELECT FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
              WHERE d.datname = current_database())
