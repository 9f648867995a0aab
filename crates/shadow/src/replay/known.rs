//! Objects that everybody knows, and the extensions that they come with.

use super::creation::Sort;

/// The extension that an object of this name comes with.
pub(super) fn extension_of(sort: Sort, schema: Option<&str>, name: &str) -> Option<&'static str> {
    if let Some((_, extension)) =
        schema.and_then(|schema| SCHEMAS.iter().find(|(it, _)| *it == schema))
    {
        return Some(extension);
    }
    let table = match sort {
        Sort::Function => FUNCTIONS,
        Sort::Type => TYPES,
        Sort::Schema => SCHEMAS,
        Sort::Relation
        | Sort::Role
        | Sort::Policy
        | Sort::Trigger
        | Sort::Extension
        | Sort::Publication
        | Sort::Column
        | Sort::Constraint
        | Sort::Label => return None,
    };
    let listed = table
        .iter()
        .find(|(it, _)| *it == name)
        .map(|(_, extension)| *extension);
    listed.or_else(|| (sort == Sort::Function && name.starts_with("st_")).then_some("postgis"))
}

/// The extension that an operator class, an operator, an access method or a dictionary comes with.
pub(super) fn extension_of_other(message: &str) -> Option<&'static str> {
    OTHERS
        .iter()
        .find(|(it, _)| message.contains(it))
        .map(|(_, extension)| *extension)
}

const SCHEMAS: &[(&str, &str)] = &[
    ("cron", "pg_cron"),
    ("graphql", "pg_graphql"),
    ("net", "pg_net"),
    ("pgmq", "pgmq"),
    ("pgsodium", "pgsodium"),
    ("topology", "postgis_topology"),
    ("vault", "supabase_vault"),
];

const FUNCTIONS: &[(&str, &str)] = &[
    ("armor", "pgcrypto"),
    ("crosstab", "tablefunc"),
    ("crypt", "pgcrypto"),
    ("dblink", "dblink"),
    ("dblink_connect", "dblink"),
    ("dblink_exec", "dblink"),
    ("decrypt", "pgcrypto"),
    ("difference", "fuzzystrmatch"),
    ("digest", "pgcrypto"),
    ("dmetaphone", "fuzzystrmatch"),
    ("encrypt", "pgcrypto"),
    ("gen_random_bytes", "pgcrypto"),
    ("gen_salt", "pgcrypto"),
    ("hmac", "pgcrypto"),
    ("http_get", "http"),
    ("http_post", "http"),
    ("jsonb_matches_schema", "pg_jsonschema"),
    ("levenshtein", "fuzzystrmatch"),
    ("metaphone", "fuzzystrmatch"),
    ("moddatetime", "moddatetime"),
    ("pgp_sym_decrypt", "pgcrypto"),
    ("pgp_sym_encrypt", "pgcrypto"),
    ("show_trgm", "pg_trgm"),
    ("similarity", "pg_trgm"),
    ("sign", "pgjwt"),
    ("soundex", "fuzzystrmatch"),
    ("strict_word_similarity", "pg_trgm"),
    ("unaccent", "unaccent"),
    ("uuid_generate_v1", "uuid-ossp"),
    ("uuid_generate_v1mc", "uuid-ossp"),
    ("uuid_generate_v3", "uuid-ossp"),
    ("uuid_generate_v4", "uuid-ossp"),
    ("uuid_generate_v5", "uuid-ossp"),
    ("uuid_nil", "uuid-ossp"),
    ("word_similarity", "pg_trgm"),
];

const TYPES: &[(&str, &str)] = &[
    ("citext", "citext"),
    ("cube", "cube"),
    ("geography", "postgis"),
    ("geometry", "postgis"),
    ("halfvec", "vector"),
    ("hstore", "hstore"),
    ("isbn", "isn"),
    ("lquery", "ltree"),
    ("ltree", "ltree"),
    ("ltxtquery", "ltree"),
    ("query_int", "intarray"),
    ("raster", "postgis_raster"),
    ("seg", "seg"),
    ("sparsevec", "vector"),
    ("vector", "vector"),
];

const OTHERS: &[(&str, &str)] = &[
    ("\"gin_trgm_ops\"", "pg_trgm"),
    ("\"gist_trgm_ops\"", "pg_trgm"),
    ("\"gin__int_ops\"", "intarray"),
    ("\"gist_ltree_ops\"", "ltree"),
    ("\"hnsw\"", "vector"),
    ("\"ivfflat\"", "vector"),
    ("\"vector_", "vector"),
    ("\"halfvec_", "vector"),
    ("\"rum\"", "rum"),
    ("\"pgroonga\"", "pgroonga"),
    ("\"unaccent\"", "unaccent"),
    ("foreign-data wrapper \"postgres_fdw\"", "postgres_fdw"),
    ("foreign-data wrapper \"wasm_wrapper\"", "wrappers"),
];
