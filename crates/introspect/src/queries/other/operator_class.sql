-- Operators and functions that were made with the class.
SELECT 'pg_catalog.pg_opclass'::regclass::oid, o.oid, 'operator_class', o.opcowner, NULL::text[],
       jsonb_build_object('type', format_type(o.opcintype, NULL), 'default', o.opcdefault,
         'family', quote_ident(n.nspname) || '.' || quote_ident(f.opfname),
         'storage', CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END,
         'operators', (SELECT jsonb_agg(jsonb_build_object('number', m.amopstrategy, 'operator', m.amopopr::regoperator::text,
                             'types', format('(%s, %s)', format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL)),
                             'order_by', (SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.opfname)
                                          FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
                                          WHERE s.oid = m.amopsortfamily))
                                        ORDER BY m.amopstrategy, m.amopopr::regoperator::text)
                       FROM pg_catalog.pg_amop m
                       JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amop'::regclass AND d.objid = m.oid
                         AND d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = o.oid),
         'functions', (SELECT jsonb_agg(jsonb_build_object('number', m.amprocnum, 'function', m.amproc::regprocedure::text,
                             'types', format('(%s, %s)', format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL)))
                                        ORDER BY m.amprocnum, m.amproclefttype::regtype::text, m.amprocrighttype::regtype::text)
                       FROM pg_catalog.pg_amproc m
                       JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amproc'::regclass AND d.objid = m.oid
                         AND d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = o.oid))
FROM pg_catalog.pg_opclass o
JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily
JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
WHERE o.opcnamespace IN ({{scope}})
