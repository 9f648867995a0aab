-- What belongs to others on a server that they use too, as it was when a replay began: a transaction of the
-- replay that changes any of it is not committed, whatever it is that changed it.

CREATE TABLE driftless_shadow.theirs (
    kind  text NOT NULL,
    key   oid NOT NULL,
    name  text NOT NULL,
    state bigint NOT NULL
);

CREATE FUNCTION driftless_shadow.what_is_theirs() RETURNS SETOF driftless_shadow.theirs
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'role', oid, rolname::text, hashtextextended(it::text, 0)
    FROM AUTHID AS it
    WHERE NOT starts_with(rolname, 'pg_')
    UNION ALL
    SELECT 'comment on role', oid, rolname::text, hashtextextended(shobj_description(oid, 'pg_authid'), 0)
    FROM AUTHID
    WHERE NOT starts_with(rolname, 'pg_') AND shobj_description(oid, 'pg_authid') IS NOT NULL
    UNION ALL
    SELECT 'membership of role', roleid, pg_get_userbyid(roleid)::text, hashtextextended(it::text, 0)
    FROM pg_auth_members AS it
    UNION ALL
    SELECT 'membership of role', member, pg_get_userbyid(member)::text, hashtextextended(it::text, 0)
    FROM pg_auth_members AS it
    UNION ALL
    SELECT 'setting of role', setrole, coalesce(rolname::text, 'all'), hashtextextended(it::text, 0)
    FROM pg_db_role_setting AS it LEFT JOIN pg_roles ON pg_roles.oid = setrole
    WHERE setdatabase NOT IN (SELECT oid FROM pg_database WHERE starts_with(datname, 'driftless_shadow_'))
      AND (setrole <> 0 OR setdatabase = 0)
    UNION ALL
    SELECT 'setting of database', setdatabase, datname::text, hashtextextended(it::text, 0)
    FROM pg_db_role_setting AS it JOIN pg_database ON pg_database.oid = setdatabase
    UNION ALL
    SELECT 'database', oid, datname::text,
        hashtextextended(ROW(datname, datdba, datacl, datconnlimit, datallowconn, datistemplate, dattablespace)::text, 0)
    FROM pg_database
    UNION ALL
    SELECT 'tablespace', oid, spcname::text, hashtextextended(it::text, 0)
    FROM pg_tablespace AS it
$$;

CREATE FUNCTION driftless_shadow.remember_theirs(mark text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM driftless_shadow.theirs;
    INSERT INTO driftless_shadow.theirs
    SELECT * FROM driftless_shadow.what_is_theirs() AS it
    WHERE CASE
        WHEN kind IN ('database', 'setting of database') THEN NOT starts_with(name, 'driftless_shadow_')
        WHEN kind = 'tablespace' OR key = 0 THEN true
        ELSE shobj_description(key, 'pg_authid') IS DISTINCT FROM mark AND NOT starts_with(name, 'pg_')
    END;
    -- A row that stands for the settings of all roles, so that a new one of them is seen.
    INSERT INTO driftless_shadow.theirs VALUES ('all', 0, 'all', 0);
$$;
REVOKE ALL ON FUNCTION driftless_shadow.remember_theirs(text) FROM PUBLIC;

-- Fails if this transaction has changed what belongs to others. A change of theirs that they made themselves
-- meanwhile is none of ours: whoever writes to the catalogs of roles holds a lock on them until commit.
-- "quiet" says that no statement was about roles at all, so that none may have written there; a role that is
-- no superuser sees no passwords, and this is how it sees that one was changed.
CREATE FUNCTION driftless_shadow.guard(quiet boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wrote boolean;
    changed record;
BEGIN
    IF QUIET_MATTERS AND quiet AND EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'relation' AND mode = 'RowExclusiveLock'
          AND relation IN ('pg_authid'::regclass, 'pg_auth_members'::regclass)
    ) THEN
        RAISE EXCEPTION 'this changes roles of the shadow server, and which ones cannot be told'
            USING ERRCODE = 'DRF01';
    END IF;
    wrote := EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'relation' AND mode = 'RowExclusiveLock'
          AND relation IN (
              'pg_authid'::regclass, 'pg_auth_members'::regclass, 'pg_db_role_setting'::regclass,
              'pg_shdescription'::regclass
          )
    );
    FOR changed IN
        WITH seen AS MATERIALIZED (
            SELECT * FROM driftless_shadow.what_is_theirs() AS it
            WHERE key IN (
                SELECT key FROM driftless_shadow.theirs
                WHERE theirs.kind = it.kind
                   OR (it.kind ~ 'of role$|on role$' AND theirs.kind IN ('role', 'all'))
                   OR (it.kind = 'setting of database' AND theirs.kind = 'database')
            )
        ), differing AS (
            (SELECT * FROM driftless_shadow.theirs WHERE kind <> 'all' EXCEPT SELECT * FROM seen)
            UNION ALL
            (SELECT * FROM seen EXCEPT SELECT * FROM driftless_shadow.theirs)
        )
        SELECT kind, name FROM differing
        WHERE CASE
            WHEN kind IN ('database', 'tablespace') THEN key IN (SELECT key FROM seen WHERE seen.kind = differing.kind)
            ELSE wrote
        END
        ORDER BY kind, name
        LIMIT 1
    LOOP
        RAISE EXCEPTION 'this changes the % "%" of the shadow server, which is not ours', changed.kind, changed.name
            USING ERRCODE = 'DRF01';
    END LOOP;
END
$$;
