SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass::oid, w.oid, 'foreign_data_wrapper', w.fdwowner, w.fdwacl::text[],
       jsonb_build_object('handler', NULLIF(w.fdwhandler, 0)::regproc::text,
         'validator', NULLIF(w.fdwvalidator, 0)::regproc::text, 'options', to_jsonb(w.fdwoptions))
FROM pg_catalog.pg_foreign_data_wrapper w
