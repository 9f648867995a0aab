use driftless_catalog::{
    Argument, ArgumentMode, Collection, Common, Function, FunctionBody, FunctionId, FunctionKind,
    GrantClass, Ident, ObjectId, Parallel, QualifiedName, Returns, Volatility,
};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::acl;
use crate::fields::{Fields, unknown};
use crate::names::{Names, class};

/// Adds functions to those that were found.
pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
    found: &mut Collection<Function>,
) -> Result<(), IntrospectError> {
    for row in rows {
        let (oid, function) = function(row, names)?;
        if names.is_member(class::PROC, oid) {
            continue;
        }
        let id = ObjectId::Function(function.id.clone());
        names.objects.insert((class::PROC, oid), id);
        found.insert(function);
    }
    Ok(())
}

fn function(row: &Row, names: &Names) -> Result<(u32, Function), IntrospectError> {
    let mut it = Fields::new("function", row);
    let oid = it.next()?;
    let (name, schema): (Ident, u32) = (it.ident()?, it.next()?);
    let owner = names.role(it.next()?)?;
    let grants = acl::grants(it.next()?, GrantClass::Function, Some(&owner), names.major)?;
    let kind = kind(it.code()?)?;
    let language = it.ident()?;
    let inputs: Vec<u32> = it.next()?;
    let arguments = arguments(&mut it, &inputs, names)?;
    let (returns, set): (u32, bool) = (it.next()?, it.next()?);
    let _variadic: u32 = it.next()?;
    let volatility = volatility(it.code()?)?;
    let (strict, security_definer, leakproof) = (it.next()?, it.next()?, it.next()?);
    let parallel = parallel(it.code()?)?;
    let (cost, rows): (f32, f32) = (it.next()?, it.next()?);
    let settings: Option<Vec<&str>> = it.next()?;
    let support = it.maybe_ident()?.zip(it.maybe_ident()?);
    let (source, library): (Option<&str>, Option<&str>) = (it.next()?, it.next()?);
    let sql: Option<&str> = it.next()?;
    let usual_cost = if matches!(language.as_str(), "internal" | "c") {
        1.0
    } else {
        100.0
    };
    let usual_rows = if set { 1000.0 } else { 0.0 };
    let inputs: Result<Vec<_>, _> = inputs
        .iter()
        .map(|it| names.data_type(*it, -1, None))
        .collect();
    let function = Function {
        id: FunctionId {
            name: names.qualified(schema, name)?,
            arguments: inputs?,
        },
        returns: match kind {
            FunctionKind::Procedure => None,
            FunctionKind::Function | FunctionKind::Window => Some(Returns {
                data_type: names.data_type(returns, -1, None)?,
                set,
            }),
        },
        kind,
        arguments,
        body: body(source, library, sql, names),
        language,
        volatility,
        strict,
        security_definer,
        leakproof,
        parallel,
        cost: (cost != usual_cost).then(|| cost.to_string()),
        rows: (rows != usual_rows).then(|| rows.to_string()),
        settings: pairs(settings.unwrap_or_default()),
        support: support.map(|(schema, name)| QualifiedName::new(schema, name)),
        common: Common {
            owner: Some(owner),
            comment: None,
            grants: Some(grants),
        },
    };
    Ok((oid, function))
}

/// Reads `proallargtypes`, `proargmodes`, `proargnames` and the defaults.
fn arguments(
    it: &mut Fields<'_>,
    inputs: &[u32],
    names: &Names,
) -> Result<Vec<Argument>, IntrospectError> {
    let all: Option<Vec<u32>> = it.next()?;
    let modes: Vec<i8> = it.next::<Option<_>>()?.unwrap_or_default();
    let labels: Vec<&str> = it.next::<Option<_>>()?.unwrap_or_default();
    let defaults: Vec<Option<&str>> = it.next::<Option<_>>()?.unwrap_or_default();
    let all = all.unwrap_or_else(|| inputs.to_vec());
    let argument = |(at, oid): (usize, &u32)| {
        let mode = modes.get(at).map_or(Ok(ArgumentMode::In), |it| mode(*it))?;
        let name = labels.get(at).filter(|it| !it.is_empty());
        let default = defaults.get(at).copied().flatten();
        Ok(Argument {
            mode,
            name: name.map(|it| Ident::new(it)).transpose()?,
            data_type: names.data_type(*oid, -1, None)?,
            default: default.map(|it| names.printed(it)),
        })
    };
    all.iter().enumerate().map(argument).collect()
}

fn body(
    source: Option<&str>,
    library: Option<&str>,
    sql: Option<&str>,
    names: &Names,
) -> FunctionBody {
    let source = source.unwrap_or_default();
    match (sql, library) {
        (Some(sql), _) => FunctionBody::Sql(names.printed(sql.trim())),
        (None, Some(library)) => FunctionBody::Library {
            object: library.to_owned(),
            symbol: source.to_owned(),
        },
        (None, None) => FunctionBody::Source(source.to_owned()),
    }
}

/// `name=value` items; a value may hold further equal signs.
fn pairs(settings: Vec<&str>) -> Vec<(String, String)> {
    let pair = |it: &str| match it.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (it.to_owned(), String::new()),
    };
    settings.into_iter().map(pair).collect()
}

fn kind(code: char) -> Result<FunctionKind, IntrospectError> {
    match code {
        'f' => Ok(FunctionKind::Function),
        'p' => Ok(FunctionKind::Procedure),
        'w' => Ok(FunctionKind::Window),
        other => Err(unknown("pg_proc.prokind", other)),
    }
}

fn mode(code: i8) -> Result<ArgumentMode, IntrospectError> {
    match char::from(code as u8) {
        'i' => Ok(ArgumentMode::In),
        'o' => Ok(ArgumentMode::Out),
        'b' => Ok(ArgumentMode::InOut),
        'v' => Ok(ArgumentMode::Variadic),
        't' => Ok(ArgumentMode::Table),
        other => Err(unknown("pg_proc.proargmodes", other)),
    }
}

fn volatility(code: char) -> Result<Volatility, IntrospectError> {
    match code {
        'i' => Ok(Volatility::Immutable),
        's' => Ok(Volatility::Stable),
        'v' => Ok(Volatility::Volatile),
        other => Err(unknown("pg_proc.provolatile", other)),
    }
}

fn parallel(code: char) -> Result<Parallel, IntrospectError> {
    match code {
        's' => Ok(Parallel::Safe),
        'r' => Ok(Parallel::Restricted),
        'u' => Ok(Parallel::Unsafe),
        other => Err(unknown("pg_proc.proparallel", other)),
    }
}
