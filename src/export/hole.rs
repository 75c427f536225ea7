//! What an export leaves open until it is run: the account, and what is a parameter there. A document is built with a
//! hole's text where a value would stand; each format then fills the holes in its own way and escapes everything else.

use std::fmt;

/// Private characters of Unicode around a hole's word. No name, prefix or tag may hold one, so what a person typed is
/// never taken for a hole.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// One thing left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hole {
    /// The account it is run in.
    Account,
    /// The Flexera organization.
    Org,
    /// The billing bucket's name.
    Bucket,
    /// The managed policy's name.
    PolicyName,
    /// The role's or the user's name.
    AccessName,
}

const ALL: [(Hole, &str); 5] = [
    (Hole::Account, "account"),
    (Hole::Org, "org"),
    (Hole::Bucket, "bucket"),
    (Hole::PolicyName, "policy"),
    (Hole::AccessName, "access"),
];

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = ALL.iter().find(|(hole, _)| hole == self).map_or("", |(_, word)| word);
        write!(f, "{OPEN}{word}{CLOSE}")
    }
}

/// The text with every hole filled and everything between them escaped.
pub fn fill(text: &str, escape: impl Fn(&str) -> String, fill: impl Fn(Hole) -> String) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, hole, after)) = next(rest) {
        filled.push_str(&escape(before));
        filled.push_str(&fill(hole));
        rest = after;
    }
    filled.push_str(&escape(rest));
    filled
}

/// The hole, where the text is that hole alone.
pub fn alone(text: &str) -> Option<Hole> {
    next(text).and_then(|(before, hole, after)| (before.is_empty() && after.is_empty()).then_some(hole))
}

/// Whether there is nothing to fill.
pub fn none_in(text: &str) -> bool {
    next(text).is_none()
}

fn next(text: &str) -> Option<(&str, Hole, &str)> {
    let (before, rest) = text.split_once(OPEN)?;
    let (word, after) = rest.split_once(CLOSE)?;
    let (hole, _) = ALL.iter().find(|(_, name)| *name == word)?;
    Some((before, *hole, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_the_rest_is_escaped() {
        let text = format!("arn:{}:<{}>", Hole::Account, Hole::Bucket);
        let filled = fill(&text, |text| text.replace('<', "&lt;"), |hole| format!("<{hole:?}>"));
        assert_eq!(filled, "arn:<Account>:&lt;<Bucket>>");
        assert!(!none_in(&text) && none_in("plain") && alone(&text).is_none());
        assert_eq!(alone(&Hole::Org.to_string()), Some(Hole::Org));
    }

    #[test]
    fn no_answer_can_hold_a_hole() {
        use crate::spec::names::{ExternalId, Parse, Prefix};
        let text = format!("a{}", Hole::Account);
        assert!(Prefix::parse(&text).is_err() && ExternalId::parse(&text).is_err());
        assert!(crate::spec::tags::Tags::default().add(&format!("key={text}")).is_err());
    }
}
