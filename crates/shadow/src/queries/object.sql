-- Every object that a transaction from $1 on wrote, as PostgreSQL itself names it, with the transaction and
-- the command that wrote its row last.
WITH written (classid, objid, objsubid, xid, command) AS (
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_class WHERE relkind <> 't'
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, attrelid, attnum::integer, xmin, cmin
    FROM pg_catalog.pg_attribute AS it
    WHERE attnum > 0 AND NOT attisdropped
      AND (SELECT relkind IN ('r', 'p', 'v', 'm', 'f', 'c') FROM pg_catalog.pg_class WHERE oid = it.attrelid)
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_attrdef
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_constraint
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_proc
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_type WHERE typtype IN ('e', 'd', 'r', 'b') AND typelem = 0
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_policy
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_rewrite WHERE rulename <> '_RETURN'
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_namespace
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_extension
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_publication
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_publication_rel
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_event_trigger
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_default_acl
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_statistic_ext
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_cast
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_operator
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_opclass
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_opfamily
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_collation
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_conversion
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_ts_config
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_ts_dict
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT tableoid, oid, 0, xmin, cmin FROM pg_catalog.pg_foreign_server
)
SELECT
    named.type::text,
    named.identity::text,
    written.xid::text,
    written.command::text,
    CASE WHEN classid = 'pg_catalog.pg_class'::regclass THEN objid END AS relation,
    CASE WHEN objsubid <> 0 THEN objsubid END AS column,
    classid,
    objid
FROM written, LATERAL pg_catalog.pg_identify_object(classid, objid, objsubid) AS named
WHERE written.xid::text::bigint >= $1
  AND named.type IS NOT NULL
  AND named.schema IS DISTINCT FROM 'driftless_shadow'
