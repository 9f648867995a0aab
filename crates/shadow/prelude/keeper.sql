-- Before PostgreSQL 16, whoever may make roles may change all of them that are no superusers. Where some belong
-- to others the role of migrations may not; a role of ours that it is no member of runs its statements about
-- roles, once their text has told that they name ours alone.
CREATE FUNCTION driftless_shadow.role(statement text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    EXECUTE statement;
    PERFORM driftless_shadow.guard(false);
END
$$;
ALTER FUNCTION driftless_shadow.role(text) OWNER TO driftless_keeper;
