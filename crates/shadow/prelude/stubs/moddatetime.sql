-- version: 1.0
-- relocatable

CREATE FUNCTION moddatetime() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN jsonb_populate_record(new, jsonb_build_object(tg_argv[0], now()));
END
$$;
