-- The roles of a Supabase project, with the platform's attributes and memberships.
-- Roles belong to the whole server: one that is already there is left as it is.

DO $prelude$
DECLARE
    wanted record;
    major int := current_setting('server_version_num')::int / 10000;
BEGIN
    FOR wanted IN
        SELECT *
        FROM (VALUES
            ('supabase_admin',             'NOLOGIN SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS'),
            ('postgres',                   'LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS'),
            ('anon',                       'NOLOGIN'),
            ('authenticated',              'NOLOGIN'),
            ('service_role',               'NOLOGIN BYPASSRLS'),
            ('authenticator',              'LOGIN NOINHERIT'),
            ('supabase_auth_admin',        'LOGIN NOINHERIT'),
            ('supabase_storage_admin',     'LOGIN NOINHERIT CREATEROLE'),
            ('supabase_functions_admin',   'LOGIN NOINHERIT CREATEROLE'),
            ('supabase_realtime_admin',    'NOLOGIN NOINHERIT'),
            ('supabase_replication_admin', 'LOGIN REPLICATION'),
            ('supabase_read_only_user',    'LOGIN BYPASSRLS'),
            ('supabase_etl_admin',         'LOGIN REPLICATION'),
            ('supabase_privileged_role',   'NOLOGIN'),
            ('dashboard_user',             'NOLOGIN CREATEDB CREATEROLE REPLICATION'),
            ('pgbouncer',                  'LOGIN'),
            ('driftless_keeper',           'NOLOGIN CREATEROLE')
        ) AS roles (name, attributes)
        WHERE (name <> 'driftless_keeper' OR WITHHELD)
          AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = roles.name)
    LOOP
        EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
        EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, 'ROLE_MARK');
    END LOOP;

    -- Before PostgreSQL 16, CREATEROLE reaches roles that are not ours as well.
    IF WITHHELD THEN
        FOR wanted IN
            SELECT name
            FROM (VALUES
                ('postgres'), ('supabase_storage_admin'), ('supabase_functions_admin'), ('dashboard_user')
            ) AS roles (name)
            JOIN pg_roles ON rolname = name
            WHERE rolcreaterole AND shobj_description(oid, 'pg_authid') = 'ROLE_MARK'
        LOOP
            EXECUTE format('ALTER ROLE %I NOCREATEROLE', wanted.name);
        END LOOP;
    END IF;

    -- From PostgreSQL 16 on, a role may change only those it is an administrator of; the platform makes
    -- postgres one of these. Before, CREATEROLE is enough.
    FOR wanted IN
        SELECT *
        FROM (VALUES
            ('anon',                      'authenticator',           false, 13),
            ('authenticated',             'authenticator',           false, 13),
            ('service_role',              'authenticator',           false, 13),
            ('authenticator',             'supabase_storage_admin',  false, 13),
            ('anon',                      'postgres',                true,  13),
            ('authenticated',             'postgres',                true,  13),
            ('service_role',              'postgres',                true,  13),
            ('authenticator',             'postgres',                true,  16),
            ('supabase_functions_admin',  'postgres',                false, 13),
            ('supabase_privileged_role',  'postgres',                false, 13),
            ('supabase_privileged_role',  'supabase_etl_admin',      false, 13),
            ('pg_monitor',                'postgres',                true,  13),
            ('pg_signal_backend',         'postgres',                true,  13),
            ('pg_read_all_data',          'postgres',                true,  14),
            ('pg_create_subscription',    'postgres',                true,  16),
            ('pg_read_all_data',          'supabase_read_only_user', false, 14)
        ) AS memberships (granted, member, as_admin, since)
        WHERE since <= major
          -- Who is a member of another's role can act as it, and change it.
          AND shobj_description(to_regrole(memberships.member), 'pg_authid') = 'ROLE_MARK'
          AND (
              starts_with(granted, 'pg_')
              OR shobj_description(to_regrole(granted), 'pg_authid') = 'ROLE_MARK'
          )
          AND NOT EXISTS (
              SELECT
              FROM pg_auth_members
              WHERE roleid = to_regrole(granted) AND pg_auth_members.member = to_regrole(memberships.member)
          )
    LOOP
        EXECUTE format(
            'GRANT %I TO %I%s',
            wanted.granted,
            wanted.member,
            CASE WHEN wanted.as_admin AND major >= 16 THEN ' WITH ADMIN OPTION' ELSE '' END
        );
    END LOOP;
END
$prelude$;
