-- version: 3.3.7
-- schema: topology

CREATE TABLE topology (
    id        serial PRIMARY KEY,
    name      varchar NOT NULL UNIQUE,
    srid      integer NOT NULL,
    precision double precision NOT NULL,
    hasz      boolean NOT NULL DEFAULT false
);
