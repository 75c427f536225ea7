//! What is somebody else's, by its tags: it is neither changed nor removed, and this says why.

use crate::plan::Planned;
use crate::spec::tags::Owner;
use crate::steps::Step;

/// Why something that has the name wanted, and differs from what is wanted, is refused.
pub(super) fn and_differs(what: &str, owner: &Owner) -> String {
    match owner {
        Owner::OtherOrganization(org) => {
            format!("a {what} of this name was made for the Flexera organization {org} and differs")
        }
        Owner::Foreign | Owner::Ours => {
            format!("a {what} of this name is there, not made by optima-onboard, and differs")
        }
    }
}

/// Why something is not removed that does not carry our tag; `None` if it does.
pub(super) fn stays(step: Step, resource: &str, owner: &Owner) -> Option<Planned> {
    let why = match owner {
        Owner::Ours => return None,
        Owner::OtherOrganization(org) => format!("made for the Flexera organization {org}; left as it is"),
        Owner::Foreign => "not made by optima-onboard; left as it is".to_owned(),
    };
    Some(Planned::keep(step, resource).because(why))
}
