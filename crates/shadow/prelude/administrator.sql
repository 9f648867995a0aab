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

-- Makes a stand-in for an extension that the server lacks: the script's objects, in the given schema, and
-- the entries that make them members of an extension of that name, so that DROP EXTENSION, COMMENT ON
-- EXTENSION and whoever reads the catalog find one.
CREATE FUNCTION driftless_shadow.stand_in(
    name text,
    wanted_schema text,
    version text,
    relocatable boolean,
    unless_exists boolean,
    script text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
AS $stand_in$
DECLARE
    path text := current_setting('search_path');
    home text := coalesce(wanted_schema, current_schema());
    last bigint;
    extension oid;
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = name) THEN
        IF unless_exists THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'extension "%" already exists', name USING ERRCODE = 'duplicate_object';
    END IF;
    IF home IS NULL THEN
        RAISE EXCEPTION 'no schema has been selected to create in' USING ERRCODE = 'invalid_schema_name';
    END IF;
    SELECT coalesce(max(number), 0) INTO last FROM driftless_shadow.event;
    PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(home) || ', pg_catalog, pg_temp', true);
    EXECUTE script;
    PERFORM pg_catalog.set_config('search_path', path, true);

    extension := pg_catalog.pg_nextoid('pg_catalog.pg_extension', 'oid', 'pg_catalog.pg_extension_oid_index');
    INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    VALUES (extension, name, current_user::regrole, pg_catalog.quote_ident(home)::regnamespace, relocatable, version);
    INSERT INTO pg_catalog.pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    VALUES (
        'pg_catalog.pg_extension'::regclass, extension, 0,
        'pg_catalog.pg_namespace'::regclass, pg_catalog.quote_ident(home)::regnamespace, 0,
        'n'
    );
    INSERT INTO pg_catalog.pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    SELECT DISTINCT classid, objid, 0, 'pg_catalog.pg_extension'::regclass, extension, 0, 'e'::"char"
    FROM driftless_shadow.event
    WHERE number > last AND objsubid = 0
      AND (pg_catalog.pg_identify_object(classid, objid, 0)).type IS NOT NULL;
END
$stand_in$;

-- Settings that the platform lets `postgres` change although only a superuser may.
CREATE FUNCTION driftless_shadow.setting(name text, value text, is_local boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    PERFORM pg_catalog.set_config(name, value, is_local);
END
$$;

-- Runs a statement as the administrator, then makes `heir` the owner of the named object, which only the
-- catalog allows for these kinds.
CREATE FUNCTION driftless_shadow.run_for(statement text, kind text, name text, heir text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    EXECUTE statement;
    CASE kind
        WHEN 'publication' THEN
            UPDATE pg_catalog.pg_publication SET pubowner = heir::regrole WHERE pubname = name;
        WHEN 'event trigger' THEN
            UPDATE pg_catalog.pg_event_trigger SET evtowner = heir::regrole WHERE evtname = name;
        WHEN 'foreign data wrapper' THEN
            UPDATE pg_catalog.pg_foreign_data_wrapper SET fdwowner = heir::regrole WHERE fdwname = name;
    END CASE;
END
$$;

-- Gives the options of a storage method to the index that was made last, which a stand-in cannot check.
CREATE FUNCTION driftless_shadow.keep_options(options text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
AS $$
    UPDATE pg_catalog.pg_class SET reloptions = options
    WHERE oid = (
        SELECT objid FROM driftless_shadow.event
        WHERE classid = 'pg_catalog.pg_class'::regclass
        ORDER BY number DESC LIMIT 1
    ) AND relkind IN ('i', 'I')
$$;
