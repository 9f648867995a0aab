-- The tables whose policies and triggers `postgres` may manage on the platform although it owns none of them.
INSERT INTO driftless_shadow.lent (relation, owner, borrower)
SELECT pg_class.oid, relowner, 'postgres'::regrole
FROM pg_class
WHERE relnamespace IN ('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)
  AND relkind IN ('r', 'p')
  AND relname NOT IN ('schema_migrations', 'migrations');
