-- What the event trigger noted, in its order.
SELECT classid, objid, objsubid, columns, xmin::text, cmin::text
FROM driftless_shadow.event
WHERE xmin::text::bigint >= $1
ORDER BY number
