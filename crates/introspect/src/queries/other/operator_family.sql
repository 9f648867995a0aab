-- Operators and functions that were added to the family; those of its classes are the classes' own.
SELECT 'pg_catalog.pg_opfamily'::regclass::oid, f.oid, 'operator_family', f.opfowner, NULL::text[],
       jsonb_build_object(
         'operators', (SELECT jsonb_agg(jsonb_build_object('number', m.amopstrategy, 'operator', m.amopopr::regoperator::text,
                             'types', format('(%s, %s)', format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL)),
                             'order_by', (SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.opfname)
                                          FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
                                          WHERE s.oid = m.amopsortfamily))
                                        ORDER BY m.amopstrategy, m.amopopr::regoperator::text)
                       FROM pg_catalog.pg_amop m
                       JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amop'::regclass AND d.objid = m.oid
                         AND d.refclassid = 'pg_catalog.pg_opfamily'::regclass AND d.refobjid = f.oid),
         'functions', (SELECT jsonb_agg(jsonb_build_object('number', m.amprocnum, 'function', m.amproc::regprocedure::text,
                             'types', format('(%s, %s)', format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL)))
                                        ORDER BY m.amprocnum, m.amproclefttype::regtype::text, m.amprocrighttype::regtype::text)
                       FROM pg_catalog.pg_amproc m
                       JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amproc'::regclass AND d.objid = m.oid
                         AND d.refclassid = 'pg_catalog.pg_opfamily'::regclass AND d.refobjid = f.oid))
FROM pg_catalog.pg_opfamily f
WHERE f.opfnamespace IN ({{scope}})
