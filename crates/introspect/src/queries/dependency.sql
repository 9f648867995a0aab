-- Most edges only say that a part belongs to its whole, which its own row says as well: constraints, policies and
-- defaults to their tables and columns, indexes and sequences to their columns.
SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid
FROM pg_catalog.pg_depend
WHERE deptype IN ('n', 'a') AND objid >= 16384
  -- The schema public, which initdb has made, is what most objects say themselves to be in.
  AND (refobjid >= 16384
       OR refobjid = 2200 AND refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
          AND (classid <> 'pg_catalog.pg_class'::pg_catalog.regclass
               OR objid IN (SELECT ftrelid FROM pg_catalog.pg_foreign_table)))
  AND NOT (deptype = 'a' AND refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
           AND (classid IN ('pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,
                            'pg_catalog.pg_attrdef'::pg_catalog.regclass)
                OR classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objsubid = 0 AND refobjsubid > 0))
