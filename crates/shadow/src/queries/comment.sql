-- The comments on objects, by the name of the object.
SELECT
    named.type::text || ' ' || named.identity::text,
    comment.xmin::text,
    comment.cmin::text
FROM pg_catalog.pg_description AS comment,
    LATERAL pg_catalog.pg_identify_object(comment.classoid, comment.objoid, comment.objsubid) AS named
WHERE comment.xmin::text::bigint >= $1 AND named.type IS NOT NULL
