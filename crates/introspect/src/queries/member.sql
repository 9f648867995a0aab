-- What belongs to an extension; what a range type brings along: functions, a cast, a multirange type; the relation of a
-- composite type; what publications, operator classes and operator families are made of.
SELECT classid, objid, refclassid, refobjid
FROM pg_catalog.pg_depend
WHERE deptype = 'e'
   OR deptype = 'i' AND refclassid = 'pg_catalog.pg_type'::regclass
      AND (classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_cast'::regclass, 'pg_catalog.pg_class'::regclass)
           {{14: OR classid = 'pg_catalog.pg_type'::regclass AND objid IN (SELECT rngmultitypid FROM pg_catalog.pg_range) | }})
   OR deptype IN ('i', 'a')
      AND (refclassid = 'pg_catalog.pg_publication'::regclass
           OR classid IN ('pg_catalog.pg_amop'::regclass, 'pg_catalog.pg_amproc'::regclass)
              AND refclassid IN ('pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass))
