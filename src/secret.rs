//! The one type that holds a secret: it prints as stars, is cleared when dropped, and is read only where it is sent.
//!
//! What a secret is read from or written into on its way is [`Cleared`]. Beyond this program's own memory there is no
//! promise: the SDK and the TLS library keep copies of what they send and receive.

use std::fmt;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};

/// Text or bytes around a secret, overwritten when dropped.
pub use secrecy::zeroize::Zeroizing as Cleared;

/// A token, a client secret or an access key's secret part.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a copy of the text; surrounding white space (a file's last newline) is not part of a secret.
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

    /// Whether it is of visible ASCII alone, as every token and key is: nothing in it could end a header or a line.
    pub fn is_graphic(&self) -> bool {
        self.expose().bytes().all(|byte| byte.is_ascii_graphic())
    }

    /// The secret with something before it and after it, built in place so that no copy is left behind.
    pub fn between(&self, before: &str, after: &str) -> Cleared<String> {
        let mut text = Cleared::new(String::with_capacity(before.len() + self.expose().len() + after.len()));
        text.push_str(before);
        text.push_str(self.expose());
        text.push_str(after);
        text
    }
}

/// Whether both are the same text: then they are the same person's, and what one of them opens the other does too.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

/// Takes the text over and clears it.
impl From<String> for Secret {
    fn from(mut text: String) -> Self {
        let secret = Self::new(&text);
        text.zeroize();
        secret
    }
}

/// From a text only; an error names no value.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret::new(text))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
                Ok(Secret::from(text))
            }
        }
        deserializer.deserialize_str(Text)
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

    #[test]
    fn is_read_from_json_and_only_from_a_text() {
        let read = |json: &str| serde_json::from_str::<Secret>(json);
        assert_eq!(read(r#""canary-\u0041""#).expect("a text").expose(), "canary-A");
        for wrong in ["7", "null", "[\"canary\"]", "{\"canary\":1}"] {
            let error = read(wrong).expect_err("no text").to_string();
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn stands_between_other_words() {
        assert_eq!(*Secret::new("x").between("Bearer ", "\n"), "Bearer x\n");
        assert!(Secret::new("a~!/+=").is_graphic());
        for wrong in ["a b", "a\nb", "ä", "a\u{7f}"] {
            assert!(!Secret::new(wrong).is_graphic(), "{wrong:?}");
        }
    }
}
