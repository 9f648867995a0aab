//! Access control lists as the server prints them. Follows PostgreSQL, Data Definition, Privileges.

use driftless_catalog::{Grantee, Grants, Ident, Privilege};

use crate::IntrospectError;
use crate::fields::unknown;

/// What an object grants as long as nobody has changed it.
#[derive(Clone, Copy)]
pub(crate) enum Default {
    Relation,
    Sequence,
    Function,
    Type,
    Schema,
    Language,
    Foreign,
    /// Columns, which grant nothing of their own.
    Nothing,
}

/// The privileges of an object: `items` as read, or the built-in ones if there are none.
pub(crate) fn grants(
    items: Option<Vec<String>>,
    default: Default,
    owner: Option<&Ident>,
    major: u16,
) -> Result<Grants, IntrospectError> {
    match items {
        Some(items) => parse(&items),
        None => Ok(built_in(default, owner, major)),
    }
}

/// Reads `grantee=privileges/grantor` items.
pub(crate) fn parse<S: AsRef<str>>(items: &[S]) -> Result<Grants, IntrospectError> {
    let mut grants = Grants::default();
    for item in items {
        add(&mut grants, item.as_ref())?;
    }
    Ok(grants)
}

fn add(grants: &mut Grants, item: &str) -> Result<(), IntrospectError> {
    let malformed = || IntrospectError::Malformed {
        what: "a privilege",
        text: item.to_owned(),
    };
    let (grantee, rest) = role(item).ok_or_else(malformed)?;
    let grantee = match grantee.as_str() {
        "" => Grantee::Public,
        name => Grantee::Role(Ident::new(name)?),
    };
    let codes = rest.strip_prefix('=').ok_or_else(malformed)?;
    let (codes, _grantor) = codes.split_once('/').ok_or_else(malformed)?;
    let mut codes = codes.chars().peekable();
    while let Some(code) = codes.next() {
        let grantable = codes.next_if_eq(&'*').is_some();
        let privilege = privilege(code).ok_or_else(|| unknown("aclitem", code))?;
        grants.add(grantee.clone(), privilege, grantable);
    }
    Ok(())
}

/// A role's name, in quotes if it has other characters than letters, digits and underscores.
fn role(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find('=')?;
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    loop {
        let (part, behind) = rest.split_once('"')?;
        name.push_str(part);
        match behind.strip_prefix('"') {
            Some(behind) => {
                name.push('"');
                rest = behind;
            }
            None => return Some((name, behind)),
        }
    }
}

fn privilege(code: char) -> Option<Privilege> {
    Some(match code {
        'r' => Privilege::Select,
        'a' => Privilege::Insert,
        'w' => Privilege::Update,
        'd' => Privilege::Delete,
        'D' => Privilege::Truncate,
        'x' => Privilege::References,
        't' => Privilege::Trigger,
        'm' => Privilege::Maintain,
        'C' => Privilege::Create,
        'c' => Privilege::Connect,
        'T' => Privilege::Temporary,
        'X' => Privilege::Execute,
        'U' => Privilege::Usage,
        's' => Privilege::Set,
        'A' => Privilege::AlterSystem,
        _ => return None,
    })
}

fn built_in(default: Default, owner: Option<&Ident>, major: u16) -> Grants {
    let (own, public): (&[Privilege], Option<Privilege>) = match default {
        Default::Relation => (
            &[
                Privilege::Select,
                Privilege::Insert,
                Privilege::Update,
                Privilege::Delete,
                Privilege::Truncate,
                Privilege::References,
                Privilege::Trigger,
            ],
            None,
        ),
        Default::Sequence => (
            &[Privilege::Select, Privilege::Update, Privilege::Usage],
            None,
        ),
        Default::Function => (&[Privilege::Execute], Some(Privilege::Execute)),
        Default::Type | Default::Language => (&[Privilege::Usage], Some(Privilege::Usage)),
        Default::Schema => (&[Privilege::Usage, Privilege::Create], None),
        Default::Foreign => (&[Privilege::Usage], None),
        Default::Nothing => (&[], None),
    };
    let mut grants = Grants::default();
    if let Some(privilege) = public {
        grants.add(Grantee::Public, privilege, false);
    }
    let Some(owner) = owner else { return grants };
    let maintain = matches!(default, Default::Relation) && major >= 17;
    for privilege in own
        .iter()
        .copied()
        .chain(maintain.then_some(Privilege::Maintain))
    {
        grants.add(Grantee::Role(owner.clone()), privilege, false);
    }
    grants
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(items: &[&str]) -> Vec<String> {
        parse(items)
            .unwrap()
            .iter()
            .map(|(grantee, privilege, grantable)| {
                format!("{grantee} {privilege}{}", if grantable { "*" } else { "" })
            })
            .collect()
    }

    #[test]
    fn hostile_role_names_are_read() {
        assert_eq!(
            show(&["=r/o", "\"a=\"\"b\"=wr*/o", "\"x/y\"=U/\"o=\""]),
            [
                "PUBLIC SELECT",
                "\"a=\"\"b\" SELECT*",
                "\"a=\"\"b\" UPDATE",
                "\"x/y\" USAGE"
            ]
        );
    }

    #[test]
    fn a_privilege_of_a_newer_server_is_an_error() {
        assert!(matches!(
            parse(&["a=Z/o"]),
            Err(IntrospectError::UnknownCode { .. })
        ));
        assert!(parse(&["a"]).is_err());
    }

    #[test]
    fn a_function_is_open_to_all_until_somebody_says_no() {
        let owner = Ident::new("o").unwrap();
        let grants = grants(None, Default::Function, Some(&owner), 15).unwrap();
        assert!(
            grants
                .0
                .contains_key(&(Grantee::Public, Privilege::Execute))
        );
    }
}
