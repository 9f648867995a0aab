-- Text is asked for only where a key is more than a column.
SELECT i.indexrelid, x.relname, i.indrelid, am.amname, i.indisunique, {{15: i.indnullsnotdistinct | false}},
       i.indnkeyatts, i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[],
       CASE WHEN i.indexprs IS NOT NULL THEN
         ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, g, false)
               FROM generate_series(1, i.indnkeyatts) g) END,
       CASE WHEN i.indexprs IS NOT NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid) END,
       CASE WHEN i.indpred IS NOT NULL THEN pg_catalog.pg_get_expr(i.indpred, i.indrelid) END,
       x.reloptions, s.spcname, i.indisvalid, i.indisclustered, i.indisreplident,
       CASE WHEN x.relispartition THEN pn.nspname END, CASE WHEN x.relispartition THEN p.relname END
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am am ON am.oid = x.relam
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace
LEFT JOIN pg_catalog.pg_inherits h ON x.relispartition AND h.inhrelid = x.oid
LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE x.relnamespace IN ({{scope}})
