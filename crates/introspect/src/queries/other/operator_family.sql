SELECT 'pg_catalog.pg_opfamily'::regclass::oid, f.oid, 'operator_family', f.opfowner, NULL::text[],
       jsonb_build_object(
         'operators', (SELECT jsonb_agg(concat_ws(' ', m.amopstrategy::text, m.amopopr::regoperator::text, m.amoppurpose::text)
                                        ORDER BY m.amopstrategy, m.amopopr::regoperator::text)
                       FROM pg_catalog.pg_amop m WHERE m.amopfamily = f.oid),
         'functions', (SELECT jsonb_agg(concat_ws(' ', m.amprocnum::text, m.amproclefttype::regtype::text,
                                                  m.amprocrighttype::regtype::text, m.amproc::text)
                                        ORDER BY m.amprocnum, m.amproclefttype::regtype::text, m.amprocrighttype::regtype::text)
                       FROM pg_catalog.pg_amproc m WHERE m.amprocfamily = f.oid))
FROM pg_catalog.pg_opfamily f
WHERE f.opfnamespace IN ({{scope}})
