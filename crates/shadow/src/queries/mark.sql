-- The marks of the statements from number $1 on.
SELECT statement, xmin::text, cmin::text FROM driftless_shadow.mark WHERE statement >= $1
