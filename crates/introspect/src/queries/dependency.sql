SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid
FROM pg_catalog.pg_depend
WHERE deptype IN ('n', 'a') AND objid >= 16384
  -- The schema public, which initdb has made, is what most objects say themselves to be in.
  AND (refobjid >= 16384
       OR refobjid = 2200 AND refclassid = 'pg_catalog.pg_namespace'::regclass
          AND (classid <> 'pg_catalog.pg_class'::regclass OR objid IN (SELECT ftrelid FROM pg_catalog.pg_foreign_table)))
