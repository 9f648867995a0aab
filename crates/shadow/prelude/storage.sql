-- "storage" as the Storage service leaves it: buckets and objects with all columns and row level
-- security, and the functions that policies call.

CREATE SCHEMA storage AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA storage TO postgres WITH GRANT OPTION;
GRANT USAGE ON SCHEMA storage TO anon, authenticated, service_role;
GRANT ALL ON SCHEMA storage TO supabase_storage_admin, dashboard_user;

CREATE TYPE storage.buckettype AS ENUM ('STANDARD', 'ANALYTICS', 'VECTOR');

CREATE TABLE storage.migrations (
    id          integer PRIMARY KEY,
    name        varchar(100) NOT NULL UNIQUE,
    hash        varchar(40) NOT NULL,
    executed_at timestamp DEFAULT current_timestamp
);

CREATE TABLE storage.buckets (
    id                 text PRIMARY KEY,
    name               text NOT NULL,
    owner              uuid,
    created_at         timestamptz DEFAULT now(),
    updated_at         timestamptz DEFAULT now(),
    public             boolean DEFAULT false,
    avif_autodetection boolean DEFAULT false,
    file_size_limit    bigint,
    allowed_mime_types text[],
    owner_id           text,
    type               storage.buckettype NOT NULL DEFAULT 'STANDARD',
    versioning_status  text NOT NULL DEFAULT 'DISABLED'
);
CREATE UNIQUE INDEX bname ON storage.buckets (name);

CREATE TABLE storage.objects (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    bucket_id        text,
    name             text,
    owner            uuid,
    created_at       timestamptz DEFAULT now(),
    updated_at       timestamptz DEFAULT now(),
    last_accessed_at timestamptz DEFAULT now(),
    metadata         jsonb,
    path_tokens      text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
    version          text,
    owner_id         text,
    user_metadata    jsonb,
    archived_at      timestamptz,
    is_delete_marker boolean NOT NULL DEFAULT false,
    is_versioned     boolean NOT NULL DEFAULT false,
    CONSTRAINT "objects_bucketId_fkey" FOREIGN KEY (bucket_id) REFERENCES storage.buckets (id)
);
CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
CREATE INDEX idx_objects_bucket_id_name ON storage.objects (bucket_id, name COLLATE "C");
CREATE INDEX name_prefix_search ON storage.objects (name text_pattern_ops);

CREATE TABLE storage.s3_multipart_uploads (
    id               text PRIMARY KEY,
    in_progress_size bigint NOT NULL DEFAULT 0,
    upload_signature text NOT NULL,
    bucket_id        text NOT NULL REFERENCES storage.buckets (id),
    key              text NOT NULL COLLATE "C",
    version          text NOT NULL,
    owner_id         text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    user_metadata    jsonb,
    metadata         jsonb
);

CREATE TABLE storage.s3_multipart_uploads_parts (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    upload_id   text NOT NULL REFERENCES storage.s3_multipart_uploads (id) ON DELETE CASCADE,
    size        bigint NOT NULL DEFAULT 0,
    part_number integer NOT NULL,
    bucket_id   text NOT NULL REFERENCES storage.buckets (id),
    key         text NOT NULL COLLATE "C",
    etag        text NOT NULL,
    owner_id    text,
    version     text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE storage.buckets_analytics (
    name       text NOT NULL,
    type       storage.buckettype NOT NULL DEFAULT 'ANALYTICS',
    format     text NOT NULL DEFAULT 'ICEBERG',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    deleted_at timestamptz
);

CREATE TABLE storage.buckets_vectors (
    id         text PRIMARY KEY,
    type       storage.buckettype NOT NULL DEFAULT 'VECTOR',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE storage.vector_indexes (
    id                     text PRIMARY KEY DEFAULT gen_random_uuid(),
    name                   text NOT NULL COLLATE "C",
    bucket_id              text NOT NULL REFERENCES storage.buckets_vectors (id),
    data_type              text NOT NULL,
    dimension              integer NOT NULL,
    distance_metric        text NOT NULL,
    metadata_configuration jsonb,
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION storage.foldername(name text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    parts text[] := string_to_array(name, '/');
BEGIN
    RETURN parts[1 : array_length(parts, 1) - 1];
END
$$;

CREATE FUNCTION storage.filename(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    parts text[] := string_to_array(name, '/');
BEGIN
    RETURN parts[array_length(parts, 1)];
END
$$;

CREATE FUNCTION storage.extension(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    parts text[] := string_to_array(name, '/');
BEGIN
    RETURN reverse(split_part(reverse(parts[array_length(parts, 1)]), '.', 1));
END
$$;

CREATE FUNCTION storage.operation() RETURNS text
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN current_setting('storage.operation', true);
END
$$;

CREATE FUNCTION storage.allow_any_operation(expected_operations text[]) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(bool_or(
        regexp_replace(it, '^storage\.', '') = regexp_replace(storage.operation(), '^storage\.', '')
    ), false)
    FROM unnest(expected_operations) AS it
    WHERE it <> ''
$$;

CREATE FUNCTION storage.allow_only_operation(expected_operation text) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT storage.allow_any_operation(ARRAY[expected_operation])
$$;

CREATE FUNCTION storage.get_size_by_bucket() RETURNS TABLE (size bigint, bucket_id text)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
        SELECT sum((metadata ->> 'size')::bigint)::bigint, it.bucket_id
        FROM storage.objects AS it
        GROUP BY it.bucket_id;
END
$$;

-- Whether the caller may insert: it tries, and always ends in an error that undoes the attempt.
CREATE FUNCTION storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO storage.objects (bucket_id, name, owner, metadata) VALUES (bucketid, name, owner, metadata);
    RAISE SQLSTATE 'PT200' USING MESSAGE = 'ROLLBACK', DETAIL = 'rollback successful insert';
END
$$;

CREATE FUNCTION storage.search(
    prefix text,
    bucketname text,
    limits integer DEFAULT 100,
    levels integer DEFAULT 1,
    offsets integer DEFAULT 0,
    search text DEFAULT '',
    sortcolumn text DEFAULT 'name',
    sortorder text DEFAULT 'asc'
) RETURNS TABLE (
    name text,
    id uuid,
    updated_at timestamptz,
    created_at timestamptz,
    last_accessed_at timestamptz,
    metadata jsonb
)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
        SELECT it.name, it.id, it.updated_at, it.created_at, it.last_accessed_at, it.metadata
        FROM storage.objects AS it
        WHERE it.bucket_id = bucketname AND it.name ILIKE prefix || search || '%'
        ORDER BY it.name
        LIMIT limits OFFSET offsets;
END
$$;

CREATE FUNCTION storage.update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    new.updated_at = now();
    RETURN new;
END
$$;
CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects
    FOR EACH ROW EXECUTE FUNCTION storage.update_updated_at_column();

CREATE FUNCTION storage.enforce_bucket_name_length() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF length(new.name) > 100 THEN
        RAISE EXCEPTION 'bucket name "%" is too long (% characters). Max is 100.', new.name, length(new.name);
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER enforce_bucket_name_length_trigger BEFORE INSERT OR UPDATE OF name ON storage.buckets
    FOR EACH ROW EXECUTE FUNCTION storage.enforce_bucket_name_length();

-- Files are removed through the Storage API, which sets this variable.
CREATE FUNCTION storage.protect_delete() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' THEN
        RAISE EXCEPTION 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
            USING ERRCODE = '42501', HINT = 'This prevents accidental data loss from orphaned objects.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER protect_buckets_delete BEFORE DELETE ON storage.buckets
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
CREATE TRIGGER protect_objects_delete BEFORE DELETE ON storage.objects
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();

DO $prelude$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT format('%s', oid::regclass) AS name
              FROM pg_class WHERE relnamespace = 'storage'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO supabase_storage_admin', it.name);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', it.name);
    END LOOP;
    FOR it IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'storage'::regnamespace
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO supabase_storage_admin', it.name);
    END LOOP;
END
$prelude$;
ALTER TYPE storage.buckettype OWNER TO supabase_storage_admin;
GRANT ALL ON storage.buckets, storage.objects TO postgres WITH GRANT OPTION;
GRANT ALL ON storage.buckets, storage.objects TO anon, authenticated, service_role;
GRANT ALL ON storage.buckets_analytics TO anon, authenticated, service_role;
GRANT ALL ON storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts TO service_role;
GRANT SELECT ON storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts TO anon, authenticated;
GRANT SELECT ON storage.buckets_vectors, storage.vector_indexes TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA storage
    GRANT ALL ON TABLES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA storage
    GRANT ALL ON FUNCTIONS TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA storage
    GRANT ALL ON SEQUENCES TO postgres, anon, authenticated, service_role;
