SELECT COALESCE(j.jobname, j.jobid::text), to_jsonb(j) - ARRAY['jobid', 'jobname', 'nodename', 'nodeport', 'username', 'database']
FROM cron.job j
WHERE j.database = pg_catalog.current_database()
