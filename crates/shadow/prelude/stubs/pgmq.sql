-- version: 1.4.4
-- schema: pgmq

CREATE TABLE meta (
    queue_name     varchar NOT NULL UNIQUE,
    is_partitioned boolean NOT NULL,
    is_unlogged    boolean NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE TYPE message_record AS (
    msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb
);
CREATE TYPE queue_record AS (
    queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz
);

CREATE FUNCTION create_non_partitioned(queue_name text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format($q$
        CREATE TABLE IF NOT EXISTS pgmq.%I (
            msg_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
            read_ct integer NOT NULL DEFAULT 0,
            enqueued_at timestamptz NOT NULL DEFAULT now(),
            vt timestamptz NOT NULL,
            message jsonb
        )$q$, 'q_' || lower(queue_name));
    EXECUTE format($q$
        CREATE TABLE IF NOT EXISTS pgmq.%I (
            msg_id bigint PRIMARY KEY,
            read_ct integer NOT NULL DEFAULT 0,
            enqueued_at timestamptz NOT NULL DEFAULT now(),
            archived_at timestamptz NOT NULL DEFAULT now(),
            vt timestamptz NOT NULL,
            message jsonb
        )$q$, 'a_' || lower(queue_name));
    EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pgmq.%I (vt ASC)', 'q_' || lower(queue_name) || '_vt_idx', 'q_' || lower(queue_name));
    EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pgmq.%I (archived_at)', 'archived_at_idx_' || lower(queue_name), 'a_' || lower(queue_name));
    INSERT INTO pgmq.meta (queue_name, is_partitioned, is_unlogged) VALUES (queue_name, false, false)
    ON CONFLICT DO NOTHING;
END
$$;
CREATE FUNCTION create_unlogged(queue_name text) RETURNS void LANGUAGE sql
AS $$ SELECT pgmq.create_non_partitioned(queue_name) $$;
CREATE FUNCTION "create"(queue_name text) RETURNS void LANGUAGE sql
AS $$ SELECT pgmq.create_non_partitioned(queue_name) $$;
CREATE FUNCTION drop_queue(queue_name text) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS pgmq.%I, pgmq.%I', 'q_' || lower(queue_name), 'a_' || lower(queue_name));
    DELETE FROM pgmq.meta AS it WHERE it.queue_name = $1;
    RETURN true;
END
$$;
CREATE FUNCTION list_queues() RETURNS SETOF queue_record LANGUAGE sql
AS $$ SELECT * FROM pgmq.meta $$;
CREATE FUNCTION send(queue_name text, msg jsonb, delay integer DEFAULT 0) RETURNS SETOF bigint
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'INSERT INTO pgmq.%I (vt, message) VALUES (clock_timestamp() + make_interval(secs => $2), $1) RETURNING msg_id',
        'q_' || lower(queue_name)
    ) USING msg, delay;
END
$$;
CREATE FUNCTION read(queue_name text, vt integer, qty integer) RETURNS SETOF message_record
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'UPDATE pgmq.%1$I SET vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1
         WHERE msg_id IN (SELECT msg_id FROM pgmq.%1$I WHERE vt <= clock_timestamp() ORDER BY msg_id LIMIT $2)
         RETURNING msg_id, read_ct, enqueued_at, vt, message',
        'q_' || lower(queue_name)
    ) USING vt, qty;
END
$$;
CREATE FUNCTION delete(queue_name text, msg_id bigint) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('DELETE FROM pgmq.%I WHERE msg_id = $1', 'q_' || lower(queue_name)) USING msg_id;
    RETURN true;
END
$$;
CREATE FUNCTION archive(queue_name text, msg_id bigint) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format(
        'WITH gone AS (DELETE FROM pgmq.%I WHERE msg_id = $1 RETURNING msg_id, read_ct, enqueued_at, vt, message)
         INSERT INTO pgmq.%I (msg_id, read_ct, enqueued_at, vt, message) SELECT * FROM gone',
        'q_' || lower(queue_name), 'a_' || lower(queue_name)
    ) USING msg_id;
    RETURN true;
END
$$;
GRANT USAGE ON SCHEMA pgmq TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA pgmq TO PUBLIC;
