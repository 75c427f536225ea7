//! What the script says, and how it quotes.

use super::*;
use crate::export::samples::{VARIANTS, subject};

#[test]
fn a_script_reads_like_this() {
    insta::assert_snapshot!(export(&subject(&[("bucket_region", "eu-west-1")])));
}

#[test]
fn a_reused_report_is_not_touched_and_a_user_gets_no_key() {
    let reused = export(&subject(VARIANTS[7].1));
    assert!(!reused.contains("aws cur") && !reused.contains("s3api"), "{reused}");
    let user = export(&subject(VARIANTS[3].1));
    assert!(!user.contains("create-access-key") && user.contains("optima-onboard apply --org-id"), "{user}");
}

#[test]
fn us_east_1_is_not_named_when_a_bucket_is_made() {
    assert!(!export(&subject(&[])).contains("LocationConstraint"));
    assert!(export(&subject(VARIANTS[1].1)).contains("LocationConstraint=$bucket_region"));
}

/// Whatever a text holds, bash hands it on as it is: in a word, in double quotes and in a here document.
#[cfg(unix)]
#[test]
fn nothing_gets_out_of_its_quotes() {
    let hostile =
        ["it's", "$(exit 7)", "`exit 7`", "${account}", "a\\b\\", "\"; exit 7; \"", "JSON", "*", "-n", "!x", ""];
    let mut script = "set -euo pipefail\naccount=wrong\nsay() { printf '%s\\0' \"$1\"; }\n".to_owned();
    for text in hostile {
        let document = here_document("document", &json!({ "x": text }));
        script += &format!("say {}\nsay {}\n{document}\nsay \"$document\"\n", quoted(text), in_double_quotes(text));
    }
    let ran = std::process::Command::new("bash").arg("-c").arg(&script).output().expect("bash runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let said = String::from_utf8(ran.stdout).expect("UTF-8");
    let mut said = said.split('\0');
    for text in hostile {
        assert_eq!((said.next(), said.next()), (Some(text), Some(text)));
        let document: Value = serde_json::from_str(said.next().expect("a document")).expect("JSON");
        assert_eq!(document["x"], text);
    }
}
