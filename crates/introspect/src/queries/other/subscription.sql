-- The connection string holds a password and is read apart, by those who may. Up to PostgreSQL 13 not everybody may read
-- the OID and the commit mode; the former stands in a view as well, beside a name that is unique in one database only.
SELECT 'pg_catalog.pg_subscription'::regclass::oid, {{14: s.oid | a.oid}}, 'subscription', s.subowner, NULL::text[],
       jsonb_build_object('enabled', s.subenabled, 'slot', s.subslotname, 'publications', to_jsonb(s.subpublications),
         'unread', '["connection"]'::jsonb
         {{14: , 'synchronous_commit', s.subsynccommit, 'binary', s.subbinary, 'streaming', CASE s.substream::text WHEN 'p' THEN 'parallel' WHEN 't' THEN 'on' WHEN 'true' THEN 'on' END | }}
         {{15: , 'two_phase', s.subtwophasestate <> 'd', 'disable_on_error', s.subdisableonerr | }}
         {{16: , 'password_required', s.subpasswordrequired, 'run_as_owner', s.subrunasowner, 'origin', s.suborigin | }}
         {{17: , 'failover', s.subfailover | }})
FROM pg_catalog.pg_subscription s
JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
{{14:  | CROSS JOIN LATERAL (
  SELECT CASE count(DISTINCT a.subid) WHEN 1 THEN min(a.subid) ELSE 0::oid END AS oid
  FROM pg_catalog.pg_stat_subscription a WHERE a.subname = s.subname
) a}}
