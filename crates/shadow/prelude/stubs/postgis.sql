-- version: 3.3.7
-- Shapes are kept as their text, and type modifiers such as (Point, 4326) are dropped. Every function
-- raises an error when called, and so does a row that goes into a spatial index.

CREATE TYPE geometry;
CREATE FUNCTION geometry_in(cstring) RETURNS geometry LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION geometry_out(geometry) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE TYPE geometry (INPUT = geometry_in, OUTPUT = geometry_out, STORAGE = main);

CREATE TYPE geography;
CREATE FUNCTION geography_in(cstring) RETURNS geography LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textin';
CREATE FUNCTION geography_out(geography) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
CREATE TYPE geography (INPUT = geography_in, OUTPUT = geography_out, STORAGE = main);

CREATE CAST (text AS geometry) WITH INOUT AS IMPLICIT;
CREATE CAST (geometry AS geography) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (geography AS geometry) WITHOUT FUNCTION;

CREATE TABLE spatial_ref_sys (
    srid      integer PRIMARY KEY CHECK (srid > 0 AND srid <= 998999),
    auth_name varchar(256),
    auth_srid integer,
    srtext    varchar(2048),
    proj4text varchar(2048)
);
GRANT SELECT ON spatial_ref_sys TO PUBLIC;

DO $stub$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY[
        'st_makepoint(double precision, double precision) RETURNS geometry',
        'st_makepoint(double precision, double precision, double precision) RETURNS geometry',
        'st_point(double precision, double precision) RETURNS geometry',
        'st_point(double precision, double precision, integer) RETURNS geometry',
        'st_setsrid(geometry, integer) RETURNS geometry',
        'st_srid(geometry) RETURNS integer',
        'st_transform(geometry, integer) RETURNS geometry',
        'st_geomfromtext(text) RETURNS geometry',
        'st_geomfromtext(text, integer) RETURNS geometry',
        'st_geomfromgeojson(text) RETURNS geometry',
        'st_geomfromgeojson(json) RETURNS geometry',
        'st_geomfromgeojson(jsonb) RETURNS geometry',
        'st_geogfromtext(text) RETURNS geography',
        'st_geographyfromtext(text) RETURNS geography',
        'st_makeenvelope(double precision, double precision, double precision, double precision, integer) RETURNS geometry',
        'st_makeline(geometry, geometry) RETURNS geometry',
        'st_makepolygon(geometry) RETURNS geometry',
        'st_buffer(geometry, double precision) RETURNS geometry',
        'st_buffer(geography, double precision) RETURNS geography',
        'st_centroid(geometry) RETURNS geometry',
        'st_envelope(geometry) RETURNS geometry',
        'st_simplify(geometry, double precision) RETURNS geometry',
        'st_makevalid(geometry) RETURNS geometry',
        'st_multi(geometry) RETURNS geometry',
        'st_union(geometry, geometry) RETURNS geometry',
        'st_intersection(geometry, geometry) RETURNS geometry',
        'st_difference(geometry, geometry) RETURNS geometry',
        'st_x(geometry) RETURNS double precision',
        'st_y(geometry) RETURNS double precision',
        'st_z(geometry) RETURNS double precision',
        'st_area(geometry) RETURNS double precision',
        'st_area(geography, boolean DEFAULT true) RETURNS double precision',
        'st_length(geometry) RETURNS double precision',
        'st_length(geography, boolean DEFAULT true) RETURNS double precision',
        'st_distance(geometry, geometry) RETURNS double precision',
        'st_distance(geography, geography, boolean DEFAULT true) RETURNS double precision',
        'st_distancesphere(geometry, geometry) RETURNS double precision',
        'st_dwithin(geometry, geometry, double precision) RETURNS boolean',
        'st_dwithin(geography, geography, double precision, boolean DEFAULT true) RETURNS boolean',
        'st_within(geometry, geometry) RETURNS boolean',
        'st_contains(geometry, geometry) RETURNS boolean',
        'st_covers(geometry, geometry) RETURNS boolean',
        'st_coveredby(geometry, geometry) RETURNS boolean',
        'st_intersects(geometry, geometry) RETURNS boolean',
        'st_intersects(geography, geography) RETURNS boolean',
        'st_overlaps(geometry, geometry) RETURNS boolean',
        'st_isvalid(geometry) RETURNS boolean',
        'st_isempty(geometry) RETURNS boolean',
        'st_geometrytype(geometry) RETURNS text',
        'geometrytype(geometry) RETURNS text',
        'st_astext(geometry) RETURNS text',
        'st_astext(geography) RETURNS text',
        'st_asewkt(geometry) RETURNS text',
        'st_asgeojson(geometry, integer DEFAULT 9, integer DEFAULT 8) RETURNS text',
        'st_asgeojson(geography, integer DEFAULT 9, integer DEFAULT 0) RETURNS text',
        'st_asbinary(geometry) RETURNS bytea',
        'st_asmvtgeom(geometry, geometry, integer DEFAULT 4096, integer DEFAULT 256, boolean DEFAULT true) RETURNS geometry',
        'postgis_version() RETURNS text',
        'postgis_full_version() RETURNS text'
    ] LOOP
        EXECUTE format($make$
            CREATE FUNCTION %s LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
            AS $body$ BEGIN RAISE EXCEPTION 'postgis is stood in for: this function cannot be called here'
                USING ERRCODE = 'feature_not_supported'; END $body$
        $make$, it);
    END LOOP;
    FOREACH it IN ARRAY ARRAY['geometry', 'geography'] LOOP
        -- The server's own function does nothing but raise an error, whatever it is called with.
        EXECUTE format($make$
            CREATE FUNCTION %1$s_overlaps(%1$s, %1$s) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE FUNCTION %1$s_distance_knn(%1$s, %1$s) RETURNS double precision
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE OPERATOR && (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_overlaps, COMMUTATOR = &&);
            CREATE OPERATOR <-> (LEFTARG = %1$s, RIGHTARG = %1$s, FUNCTION = %1$s_distance_knn, COMMUTATOR = <->);
            CREATE FUNCTION %1$s_gist_consistent(internal, %1$s, smallint, oid, internal) RETURNS boolean
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE FUNCTION %1$s_gist_union(internal, internal) RETURNS %1$s
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE FUNCTION %1$s_gist_compress(internal) RETURNS internal
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE FUNCTION %1$s_gist_penalty(internal, internal, internal) RETURNS internal
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE FUNCTION %1$s_gist_picksplit(internal, internal) RETURNS internal
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE FUNCTION %1$s_gist_same(%1$s, %1$s, internal) RETURNS internal
                LANGUAGE internal IMMUTABLE STRICT AS 'fdw_handler_in';
            CREATE OPERATOR CLASS %2$s DEFAULT FOR TYPE %1$s USING gist AS
                OPERATOR 3 &&,
                FUNCTION 1 %1$s_gist_consistent(internal, %1$s, smallint, oid, internal),
                FUNCTION 2 %1$s_gist_union(internal, internal),
                FUNCTION 3 %1$s_gist_compress(internal),
                FUNCTION 5 %1$s_gist_penalty(internal, internal, internal),
                FUNCTION 6 %1$s_gist_picksplit(internal, internal),
                FUNCTION 7 %1$s_gist_same(%1$s, %1$s, internal);
        $make$, it, CASE it WHEN 'geometry' THEN 'gist_geometry_ops_2d' ELSE 'gist_geography_ops' END);
    END LOOP;
END
$stub$;
