//! The one type that holds a secret: it prints as stars, is cleared when dropped, and is read only where it is sent.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A token, a client secret or an access key's secret part.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over; surrounding white space (a file's last newline) is not part of a secret.
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.trim()))
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints() {
        let secret = Secret::new("canary-5f3a\n");
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.expose(), "canary-5f3a");
    }
}
