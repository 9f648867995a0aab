//! Access control lists as the server prints them. Follows PostgreSQL, Data Definition, Privileges.

use driftless_catalog::{GrantClass, Grantee, Grants, Ident, Privilege};

use crate::IntrospectError;
use crate::fields::unknown;

/// The privileges of an object: `items` as read, or the built-in ones if there are none.
pub(crate) fn grants(
    items: Option<Vec<String>>,
    class: GrantClass,
    owner: Option<&Ident>,
    major: u16,
) -> Result<Grants, IntrospectError> {
    match items {
        Some(items) => parse(&items),
        None => Ok(Grants::built_in(class, owner, major)),
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
        let grants = grants(None, GrantClass::Function, Some(&owner), 15).unwrap();
        assert!(
            grants
                .0
                .contains_key(&(Grantee::Public, Privilege::Execute))
        );
    }
}
