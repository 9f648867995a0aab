-- version: 1.1
-- relocatable
-- Servers and foreign tables may be declared; none can be read.

CREATE FUNCTION postgres_fdw_validator(text[], oid) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FOREIGN DATA WRAPPER postgres_fdw VALIDATOR postgres_fdw_validator;
