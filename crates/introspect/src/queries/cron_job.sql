-- A job without a name is known by what it does; its number is that of one database.
SELECT COALESCE(j.jobname, j.schedule || ' ' || j.command),
       to_jsonb(j) - ARRAY['jobid', 'jobname', 'nodename', 'nodeport', 'username', 'database']
         || jsonb_build_object('name', j.jobname)
FROM cron.job j
WHERE j.database = pg_catalog.current_database()
