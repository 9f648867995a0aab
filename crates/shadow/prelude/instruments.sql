-- What a replay needs in the database it works on: it never takes part in a comparison.
-- "mark" and "event" say which statement wrote which catalog row (see the module `provenance`).

CREATE SCHEMA driftless_shadow;
GRANT USAGE ON SCHEMA driftless_shadow TO PUBLIC;

-- One row before each statement. Its own xmin and cmin divide the catalog rows that were written before
-- it from those written after it.
CREATE TABLE driftless_shadow.mark (
    statement integer NOT NULL
);
GRANT INSERT ON driftless_shadow.mark TO PUBLIC;
