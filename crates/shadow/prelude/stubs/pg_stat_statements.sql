-- version: 1.10
-- relocatable

CREATE FUNCTION pg_stat_statements_reset() RETURNS void LANGUAGE sql AS $$ SELECT $$;
CREATE VIEW pg_stat_statements AS
SELECT
    NULL::oid AS userid,
    NULL::oid AS dbid,
    NULL::boolean AS toplevel,
    NULL::bigint AS queryid,
    NULL::text AS query,
    NULL::bigint AS plans,
    NULL::double precision AS total_plan_time,
    NULL::double precision AS min_plan_time,
    NULL::double precision AS max_plan_time,
    NULL::double precision AS mean_plan_time,
    NULL::double precision AS stddev_plan_time,
    NULL::bigint AS calls,
    NULL::double precision AS total_exec_time,
    NULL::double precision AS min_exec_time,
    NULL::double precision AS max_exec_time,
    NULL::double precision AS mean_exec_time,
    NULL::double precision AS stddev_exec_time,
    NULL::bigint AS rows,
    NULL::bigint AS shared_blks_hit,
    NULL::bigint AS shared_blks_read
WHERE false;
GRANT SELECT ON pg_stat_statements TO PUBLIC;
