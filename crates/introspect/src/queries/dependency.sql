SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid
FROM pg_catalog.pg_depend
WHERE deptype IN ('n', 'a') AND objid >= 16384 AND refobjid >= 16384
