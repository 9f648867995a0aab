-- A referenced table may be out of scope, like auth.users: then its columns are named here.
SELECT o.oid, o.conname, o.conrelid, o.contypid, o.contype, o.condeferrable, o.condeferred, o.convalidated,
       {{18: o.conenforced | true}}, o.coninhcount > 0 AND NOT o.conislocal, o.connoinherit, o.conindid, o.conkey,
       o.confrelid, fn.nspname, f.relname, o.confkey,
       CASE WHEN f.relnamespace NOT IN ({{scope}}) THEN
         ARRAY(SELECT a.attname FROM unnest(o.confkey) WITH ORDINALITY k(num, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.num
               ORDER BY k.place) END,
       o.confupdtype, o.confdeltype, o.confmatchtype,
       {{15: o.confdelsetcols | NULL::int2[]}}, {{18: o.conperiod | false}},
       CASE WHEN o.contype = 'c' THEN pg_catalog.pg_get_expr(o.conbin, o.conrelid) END,
       CASE WHEN o.contype = 'x' THEN
         ARRAY(SELECT CASE WHEN pn.nspname = 'pg_catalog' THEN p.oprname
                           ELSE format('OPERATOR(%I.%s)', pn.nspname, p.oprname) END
               FROM unnest(o.conexclop) WITH ORDINALITY e(oid, place)
               JOIN pg_catalog.pg_operator p ON p.oid = e.oid
               JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace
               ORDER BY e.place) END
FROM pg_catalog.pg_constraint o
LEFT JOIN pg_catalog.pg_class f ON f.oid = o.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
WHERE o.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND o.connamespace IN ({{scope}})
  -- A foreign key to a partitioned table has a copy for each partition, on the same table.
  AND NOT (o.contype = 'f' AND o.conparentid <> 0 AND EXISTS (
    SELECT FROM pg_catalog.pg_constraint w WHERE w.oid = o.conparentid AND w.conrelid = o.conrelid))
