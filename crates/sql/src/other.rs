use driftless_catalog::Other;
use driftless_diff::Delta;

use crate::comment::by_hand;
use crate::{Label, Statement};

/// Kinds that are only told apart: what has to be done is said, and a person does it.
pub(crate) fn render(delta: &Delta<'_, Other>) -> (Label, Vec<Statement>) {
    let it = delta.object();
    let name = format!("{} {}", it.id.kind, it.id);
    let mut what = match delta {
        Delta::Create(_) => format!("{name} is missing and has to be made by hand"),
        Delta::Drop(_) => format!("{name} should not be there and has to be dropped by hand"),
        Delta::Alter { .. } => format!("{name} differs and has to be altered by hand"),
    };
    if let Delta::Create(it) | Delta::Alter { to: it, .. } = delta {
        for (attribute, value) in &it.attributes {
            what.push_str(&format!("\n  {attribute}: {value}"));
        }
    }
    (Label::Unmodelled, vec![by_hand(what)])
}
