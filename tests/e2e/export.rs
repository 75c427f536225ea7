//! `export`: what is written out is what the tools that read it take for right. Nothing is asked of anybody: these runs
//! have no credentials, no address and no token.

use crate::support::{Onboard, Ran, tools};

/// Ways to onboard, and the region in which their first template is deployed.
pub const WAYS: [(&str, &[&str]); 6] = [
    ("us-east-1", &["--org-id", "12345", "--tag", "team=fin ops"]),
    ("eu-west-1", &["--org-id", "12345", "--api", "flexera-one", "--zone", "eu", "--bucket-region", "eu-west-1"]),
    ("us-east-1", ODD),
    ("us-east-1", &["--org-id", "12345", "--access", "user", "--policy-set", "cloud-cost"]),
    ("cn-north-1", &["--org-id", "12345", "--access", "user", "--api", "flexera-one", "--bucket-region", "cn-north-1"]),
    ("us-east-1", &["--org-id", "12345", "--reuse-report", "theirs", "--bucket", "acme-billing", "--prefix", "cur"]),
];

/// Names as odd as AWS lets them be.
pub const ODD: &[&str] = &[
    "--org-id=12345",
    "--bucket=1.odd-bucket",
    "--prefix=it's/!(a)*_.b",
    "--report-name=r'(x)*!-",
    "--policy-name=-p+=,.@_",
    "--role-name=R+=,.@_-",
    "--external-id=x:/@=,+.-",
    "--tag=a: b=c = - @x/é",
];

#[track_caller]
fn export(words: &[&str], answers: &[&str]) -> Ran {
    Onboard::new(&["export"]).args(words).args(answers).run().ends(0)
}

#[test]
fn every_template_passes_cfn_lint() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut written: Vec<(&str, std::path::PathBuf)> = Vec::new();
    let mut write = |region: &'static str, text: &str| {
        let path = folder.path().join(format!("{}.yaml", written.len()));
        std::fs::write(&path, text).expect("a file");
        written.push((region, path));
    };
    for (region, answers) in WAYS {
        write(region, &export(&["cloudformation"], answers).stdout);
    }
    write("eu-west-1", &export(&["stackset"], WAYS[1].1).stdout);
    write("us-east-1", &export(&["cloudformation", "--report-only"], WAYS[1].1).stdout);
    write("cn-northwest-1", &export(&["cloudformation", "--report-only"], WAYS[4].1).stdout);
    for region in ["us-east-1", "eu-west-1", "cn-north-1", "cn-northwest-1"] {
        let there: Vec<&std::path::Path> =
            written.iter().filter(|(where_, _)| *where_ == region).map(|(_, path)| path.as_path()).collect();
        assert!(!there.is_empty(), "{region}");
        tools::cfn_lint(region, &there);
    }
}

#[test]
fn yaml_and_json_are_one_template() {
    for answers in [WAYS[0].1, ODD] {
        let yaml = export(&["cloudformation"], answers);
        let json = export(&["cloudformation", "--output", "json"], answers);
        assert_eq!(tools::as_json(&yaml.stdout), json.json());
    }
}

#[test]
fn the_script_passes_shellcheck() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("onboard.sh");
    for (_, answers) in WAYS {
        std::fs::write(&path, export(&["aws-cli"], answers).stdout).expect("a file");
        tools::shellcheck(&path);
    }
}

#[test]
fn an_export_is_the_same_every_time_and_asks_nobody() {
    for format in ["cloudformation", "stackset", "terraform", "aws-cli"] {
        let first = export(&[format], WAYS[1].1);
        assert_eq!(first.stdout, export(&[format], WAYS[1].1).stdout);
        assert!(!first.stdout.contains("111122223333"), "no account is made up");
        let wrapped = export(&[format, "-o", "json"], WAYS[1].1).json();
        if matches!(format, "terraform" | "aws-cli") {
            assert_eq!(wrapped["content"], first.stdout);
        }
    }
}

#[test]
fn what_an_export_cannot_look_up_has_to_be_said() {
    let refused = |words: &[&str], code: i32, part: &str| {
        let ran = Onboard::new(&["export"]).args(words).run().ends(code);
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    };
    refused(&["terraform"], 2, "--org-id");
    refused(&["aws-cli", "--org-id", "1x"], 2, "digits only");
    refused(&["terraform", "--org-id", "12345", "--reuse-report", "r"], 2, "add --bucket and --prefix");
    refused(&["cloudformation", "--org-id", "12345", "--report-only"], 2, "it stands in the one template");
    refused(&["terraform", "--org-id", "12345", "--bucket-region", "cn-north-1"], 5, "add --access user");
    refused(&["aws-cli", "--org-id", "12345", "--bucket-region", "us-gov-west-1"], 2, "--bucket-region");
}

#[test]
fn file_and_environment_answer_too() {
    let run = Onboard::new(&["export", "terraform", "--file", "one.toml"]).env("OPTIMA_ROLE_NAME", "FromEnvironment");
    std::fs::write(run.folder().join("one.toml"), "org_id = 777\nbucket = \"from-file\"\n").expect("a file");
    let text = run.env("AWS_REGION", "eu-central-1").run().ends(0).stdout;
    for part in ["\"777\"", "\"from-file\"", "\"FromEnvironment\"", "\"eu-central-1\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
