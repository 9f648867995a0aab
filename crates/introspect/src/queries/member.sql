-- What belongs to an extension, and what a range type brings along: functions and a cast.
SELECT classid, objid, refclassid, refobjid
FROM pg_catalog.pg_depend
WHERE deptype = 'e'
   OR deptype = 'i' AND refclassid = 'pg_catalog.pg_type'::regclass
      AND classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_cast'::regclass)
