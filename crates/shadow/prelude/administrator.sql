-- The part of the instruments that only a superuser can have. It does what the platform's own module
-- (supautils) does there: some statements of `postgres` succeed although plain PostgreSQL would refuse
-- them to a role that is no superuser.

-- Each object that a statement created or changed, and how many columns a relation had then.
CREATE TABLE driftless_shadow.event (
    number   bigint GENERATED ALWAYS AS IDENTITY,
    classid  oid NOT NULL,
    objid    oid NOT NULL,
    objsubid integer NOT NULL,
    columns  smallint
);

CREATE FUNCTION driftless_shadow.note() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A subquery, not a join: the planner would read all of pg_class for each statement.
    INSERT INTO driftless_shadow.event (classid, objid, objsubid, columns)
    SELECT it.classid, it.objid, it.objsubid, (
        SELECT relnatts FROM pg_class WHERE it.classid = 'pg_class'::regclass AND pg_class.oid = it.objid
    )
    FROM pg_event_trigger_ddl_commands() AS it
    WHERE it.objid IS NOT NULL;
END
$$;
CREATE EVENT TRIGGER driftless_note ON ddl_command_end EXECUTE FUNCTION driftless_shadow.note();

-- Tables of the platform whose policies and triggers `postgres` manages without owning them.
CREATE TABLE driftless_shadow.lent (
    relation oid PRIMARY KEY,
    owner    oid NOT NULL,
    borrower oid NOT NULL
);

-- While the setting is on, and for the time of one such command, the tables belong to `postgres`, so that
-- the server itself decides whether the command is right. The owner is set in the catalog: ALTER TABLE
-- would rewrite the privileges.
CREATE FUNCTION driftless_shadow.lend() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('driftless_shadow.lend', true) = 'on' THEN
        UPDATE pg_class SET relowner = borrower
        FROM driftless_shadow.lent WHERE relation = pg_class.oid;
    END IF;
END
$$;
CREATE FUNCTION driftless_shadow.take_back() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('driftless_shadow.lend', true) = 'on' THEN
        UPDATE pg_class SET relowner = owner
        FROM driftless_shadow.lent WHERE relation = pg_class.oid;
    END IF;
END
$$;
CREATE EVENT TRIGGER driftless_lend ON ddl_command_start
    WHEN TAG IN ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY', 'COMMENT', 'DROP TRIGGER')
    EXECUTE FUNCTION driftless_shadow.lend();
CREATE EVENT TRIGGER driftless_take_back ON ddl_command_end
    WHEN TAG IN ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY', 'COMMENT', 'DROP TRIGGER')
    EXECUTE FUNCTION driftless_shadow.take_back();

-- Runs one statement as the administrator: CREATE EXTENSION and the like.
CREATE FUNCTION driftless_shadow.run(statement text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    EXECUTE statement;
END
$$;
