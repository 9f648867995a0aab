-- version: 1.5.11
-- schema: graphql
-- always

CREATE FUNCTION resolve(
    query text,
    variables jsonb DEFAULT '{}',
    "operationName" text DEFAULT NULL,
    extensions jsonb DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'pg_graphql is stood in for: this function cannot be called here'
        USING ERRCODE = 'feature_not_supported';
END
$$;
CREATE FUNCTION comment_directive(comment_ text) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$ SELECT '{}'::jsonb $$;
CREATE FUNCTION exception(message text) RETURNS text LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22000', MESSAGE = message; END $$;
CREATE SEQUENCE seq_schema_version CYCLE;
CREATE FUNCTION get_schema_version() RETURNS integer LANGUAGE sql SECURITY DEFINER
AS $$ SELECT last_value::integer FROM graphql.seq_schema_version $$;
