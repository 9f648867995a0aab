-- version: 0.8.0
-- relocatable
-- Vectors are kept as their text. Distances are real; the index methods are hash indexes under another name,
-- so that indexes can be made and compared.

CREATE TYPE vector;
CREATE FUNCTION vector_in(cstring) RETURNS vector LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE FUNCTION vector_recv(internal) RETURNS vector LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textrecv';
CREATE FUNCTION vector_send(vector) RETURNS bytea LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodin';
CREATE FUNCTION vector_typmod_out(integer) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodout';
CREATE TYPE vector (
    INPUT = vector_in,
    OUTPUT = vector_out,
    RECEIVE = vector_recv,
    SEND = vector_send,
    TYPMOD_IN = vector_typmod_in,
    TYPMOD_OUT = vector_typmod_out,
    STORAGE = external
);

CREATE TYPE halfvec;
CREATE FUNCTION halfvec_in(cstring) RETURNS halfvec LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION halfvec_out(halfvec) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE FUNCTION halfvec_recv(internal) RETURNS halfvec LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textrecv';
CREATE FUNCTION halfvec_send(halfvec) RETURNS bytea LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
CREATE FUNCTION halfvec_typmod_in(cstring[]) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodin';
CREATE FUNCTION halfvec_typmod_out(integer) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodout';
CREATE TYPE halfvec (
    INPUT = halfvec_in,
    OUTPUT = halfvec_out,
    RECEIVE = halfvec_recv,
    SEND = halfvec_send,
    TYPMOD_IN = halfvec_typmod_in,
    TYPMOD_OUT = halfvec_typmod_out,
    STORAGE = external
);

CREATE TYPE sparsevec;
CREATE FUNCTION sparsevec_in(cstring) RETURNS sparsevec LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION sparsevec_out(sparsevec) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE FUNCTION sparsevec_recv(internal) RETURNS sparsevec LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textrecv';
CREATE FUNCTION sparsevec_send(sparsevec) RETURNS bytea LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
CREATE FUNCTION sparsevec_typmod_in(cstring[]) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodin';
CREATE FUNCTION sparsevec_typmod_out(integer) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodout';
CREATE TYPE sparsevec (
    INPUT = sparsevec_in,
    OUTPUT = sparsevec_out,
    RECEIVE = sparsevec_recv,
    SEND = sparsevec_send,
    TYPMOD_IN = sparsevec_typmod_in,
    TYPMOD_OUT = sparsevec_typmod_out,
    STORAGE = external
);

DO $stub$
DECLARE
    it text;
    method text;
    metric text;
BEGIN
    FOREACH it IN ARRAY ARRAY['vector', 'halfvec', 'sparsevec'] LOOP
        EXECUTE format($make$
            CREATE FUNCTION l2_distance(%1$s, %1$s) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$
                SELECT sqrt(sum((a - b) ^ 2))
                FROM unnest(string_to_array(btrim($1::text, '[]'), ',')::float8[],
                            string_to_array(btrim($2::text, '[]'), ',')::float8[]) AS pairs (a, b)
            $body$;
            CREATE FUNCTION l1_distance(%1$s, %1$s) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$
                SELECT sum(abs(a - b))
                FROM unnest(string_to_array(btrim($1::text, '[]'), ',')::float8[],
                            string_to_array(btrim($2::text, '[]'), ',')::float8[]) AS pairs (a, b)
            $body$;
            CREATE FUNCTION inner_product(%1$s, %1$s) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$
                SELECT sum(a * b)
                FROM unnest(string_to_array(btrim($1::text, '[]'), ',')::float8[],
                            string_to_array(btrim($2::text, '[]'), ',')::float8[]) AS pairs (a, b)
            $body$;
            CREATE FUNCTION %1$s_negative_inner_product(%1$s, %1$s) RETURNS double precision
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$
                SELECT -sum(a * b)
                FROM unnest(string_to_array(btrim($1::text, '[]'), ',')::float8[],
                            string_to_array(btrim($2::text, '[]'), ',')::float8[]) AS pairs (a, b)
            $body$;
            CREATE FUNCTION cosine_distance(%1$s, %1$s) RETURNS double precision
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$
                SELECT 1 - sum(a * b) / nullif(sqrt(sum(a * a) * sum(b * b)), 0)
                FROM unnest(string_to_array(btrim($1::text, '[]'), ',')::float8[],
                            string_to_array(btrim($2::text, '[]'), ',')::float8[]) AS pairs (a, b)
            $body$;
            CREATE FUNCTION l2_norm(%1$s) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$
                SELECT sqrt(sum(a * a)) FROM unnest(string_to_array(btrim($1::text, '[]'), ',')::float8[]) AS it (a)
            $body$;
            CREATE FUNCTION vector_dims(%1$s) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$ SELECT array_length(string_to_array(btrim($1::text, '[]'), ','), 1) $body$;
            CREATE OPERATOR <-> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = l2_distance, COMMUTATOR = <->);
            CREATE OPERATOR <+> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = l1_distance, COMMUTATOR = <+>);
            CREATE OPERATOR <=> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = cosine_distance, COMMUTATOR = <=>);
            CREATE OPERATOR <#> (
                LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_negative_inner_product, COMMUTATOR = <#>
            );
            CREATE FUNCTION %1$s_lt(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'bytealt';
            CREATE FUNCTION %1$s_le(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'byteale';
            CREATE FUNCTION %1$s_eq(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'byteaeq';
            CREATE FUNCTION %1$s_ne(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'byteane';
            CREATE FUNCTION %1$s_ge(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'byteage';
            CREATE FUNCTION %1$s_gt(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'byteagt';
            CREATE FUNCTION %1$s_hash(%1$s) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashvarlena';
            CREATE FUNCTION %1$s_cmp(%1$s, %1$s) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'byteacmp';
            CREATE OPERATOR < (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_lt, COMMUTATOR = >, NEGATOR = >=);
            CREATE OPERATOR <= (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_le, COMMUTATOR = >=, NEGATOR = >);
            CREATE OPERATOR = (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_eq, COMMUTATOR = =, NEGATOR = <>);
            CREATE OPERATOR <> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_ne, COMMUTATOR = <>, NEGATOR = =);
            CREATE OPERATOR >= (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_ge, COMMUTATOR = <=, NEGATOR = <);
            CREATE OPERATOR > (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_gt, COMMUTATOR = <, NEGATOR = <=);
            CREATE OPERATOR CLASS %1$s_ops DEFAULT FOR TYPE %1$s USING btree AS
                OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
                FUNCTION 1 %1$s_cmp(%1$s, %1$s);
        $make$, it);
    END LOOP;
    CREATE ACCESS METHOD ivfflat TYPE INDEX HANDLER hashhandler;
    CREATE ACCESS METHOD hnsw TYPE INDEX HANDLER hashhandler;
    FOREACH it IN ARRAY ARRAY['vector', 'halfvec', 'sparsevec'] LOOP
        FOREACH method IN ARRAY ARRAY['ivfflat', 'hnsw'] LOOP
            CONTINUE WHEN it = 'sparsevec' AND method = 'ivfflat';
            FOREACH metric IN ARRAY ARRAY['l2', 'ip', 'cosine', 'l1'] LOOP
                CONTINUE WHEN metric = 'l1' AND method = 'ivfflat';
                EXECUTE format($make$
                    CREATE OPERATOR CLASS %2$s %4$s FOR TYPE %1$s USING %3$s AS
                        OPERATOR 1 =,
                        FUNCTION 1 %1$s_hash(%1$s)
                $make$, it, it || '_' || metric || '_ops', method,
                CASE WHEN metric = 'l2' AND method = 'ivfflat' THEN 'DEFAULT' ELSE '' END);
            END LOOP;
        END LOOP;
    END LOOP;
END
$stub$;

CREATE FUNCTION array_to_vector(real[], integer, boolean) RETURNS vector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ('[' || array_to_string($1, ',') || ']')::vector $$;
CREATE FUNCTION array_to_vector(integer[], integer, boolean) RETURNS vector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ('[' || array_to_string($1, ',') || ']')::vector $$;
CREATE FUNCTION array_to_vector(double precision[], integer, boolean) RETURNS vector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ('[' || array_to_string($1, ',') || ']')::vector $$;
CREATE FUNCTION vector_to_float4(vector, integer, boolean) RETURNS real[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT string_to_array(btrim($1::text, '[]'), ',')::real[] $$;
CREATE CAST (real[] AS vector) WITH FUNCTION array_to_vector(real[], integer, boolean) AS ASSIGNMENT;
CREATE CAST (integer[] AS vector) WITH FUNCTION array_to_vector(integer[], integer, boolean) AS ASSIGNMENT;
CREATE CAST (double precision[] AS vector)
    WITH FUNCTION array_to_vector(double precision[], integer, boolean) AS ASSIGNMENT;
CREATE CAST (vector AS real[]) WITH FUNCTION vector_to_float4(vector, integer, boolean) AS IMPLICIT;
