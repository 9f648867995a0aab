-- version: 1.6
-- schema: pg_catalog
-- always
-- Jobs are listed and never run.

CREATE SCHEMA IF NOT EXISTS cron;
CREATE SEQUENCE cron.jobid_seq;
CREATE SEQUENCE cron.runid_seq;
CREATE TABLE cron.job (
    jobid    bigint PRIMARY KEY DEFAULT nextval('cron.jobid_seq'),
    schedule text NOT NULL,
    command  text NOT NULL,
    nodename text NOT NULL DEFAULT 'localhost',
    nodeport integer NOT NULL DEFAULT inet_server_port(),
    database text NOT NULL DEFAULT current_database(),
    username text NOT NULL DEFAULT current_user,
    active   boolean NOT NULL DEFAULT true,
    jobname  text,
    CONSTRAINT jobname_username_uniq UNIQUE (jobname, username)
);
ALTER TABLE cron.job ALTER COLUMN nodeport DROP NOT NULL;
CREATE TABLE cron.job_run_details (
    jobid          bigint,
    runid          bigint PRIMARY KEY DEFAULT nextval('cron.runid_seq'),
    job_pid        integer,
    database       text,
    username       text,
    command        text,
    status         text,
    return_message text,
    start_time     timestamptz,
    end_time       timestamptz
);

CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
AS $$
    INSERT INTO cron.job AS it (jobname, schedule, command, username)
    VALUES (job_name, schedule, command, session_user)
    ON CONFLICT ON CONSTRAINT jobname_username_uniq
    DO UPDATE SET schedule = excluded.schedule, command = excluded.command
    RETURNING it.jobid
$$;
CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
AS $$
    INSERT INTO cron.job (schedule, command, username) VALUES (schedule, command, session_user) RETURNING jobid
$$;
CREATE FUNCTION cron.schedule_in_database(
    job_name text,
    schedule text,
    command text,
    database text,
    username text DEFAULT NULL,
    active boolean DEFAULT true
) RETURNS bigint
LANGUAGE sql SECURITY DEFINER
AS $$
    INSERT INTO cron.job AS it (jobname, schedule, command, database, username, active)
    VALUES (job_name, schedule, command, database, coalesce(username, session_user), active)
    ON CONFLICT ON CONSTRAINT jobname_username_uniq
    DO UPDATE SET schedule = excluded.schedule, command = excluded.command
    RETURNING it.jobid
$$;
CREATE FUNCTION cron.alter_job(
    job_id bigint,
    schedule text DEFAULT NULL,
    command text DEFAULT NULL,
    database text DEFAULT NULL,
    username text DEFAULT NULL,
    active boolean DEFAULT NULL
) RETURNS void
LANGUAGE sql SECURITY DEFINER
AS $$
    UPDATE cron.job AS it
    SET schedule = coalesce($2, it.schedule), command = coalesce($3, it.command),
        database = coalesce($4, it.database), username = coalesce($5, it.username),
        active = coalesce($6, it.active)
    WHERE it.jobid = $1
$$;
CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    DELETE FROM cron.job WHERE jobid = job_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'could not find valid entry for job ''%''', job_id;
    END IF;
    RETURN true;
END
$$;
CREATE FUNCTION cron.unschedule(job_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    DELETE FROM cron.job WHERE jobname = job_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'could not find valid entry for job ''%''', job_name;
    END IF;
    RETURN true;
END
$$;
DO $stub$
BEGIN
    IF to_regrole('service_role') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA cron TO postgres WITH GRANT OPTION;
        GRANT ALL ON ALL FUNCTIONS IN SCHEMA cron TO postgres WITH GRANT OPTION;
        GRANT ALL ON ALL TABLES IN SCHEMA cron TO postgres WITH GRANT OPTION;
        REVOKE ALL ON cron.job FROM postgres;
        GRANT SELECT ON cron.job TO postgres WITH GRANT OPTION;
    END IF;
END
$stub$;
