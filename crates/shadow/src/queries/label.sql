-- The labels of enums; PostgreSQL has no name for these as objects.
SELECT
    (pg_catalog.pg_identify_object('pg_catalog.pg_type'::regclass, enumtypid, 0)).identity
        || '.' || pg_catalog.quote_literal(enumlabel),
    xmin::text,
    cmin::text
FROM pg_catalog.pg_enum
WHERE xmin::text::bigint >= $1
