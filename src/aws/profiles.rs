//! The profiles that a person can choose from: the names in the AWS CLI's two files. What is in them is the SDK's to read.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// The AWS CLI's two files, `config` and `credentials`, as far as it is known where they are.
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html>
pub fn files() -> [Option<PathBuf>; 2] {
    [("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")].map(|(variable, name)| {
        let named = std::env::var_os(variable).map(PathBuf::from);
        named.or_else(|| Some(home()?.join(".aws").join(name)))
    })
}

/// Where the SDK looks for them: below `HOME`, on Windows too, where a shell like Git's sets it beside the system's own.
/// Source: `home_dir` in aws-config's `fs_util`.
fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from).or_else(|| etcetera::home_dir().ok())
}

/// Every profile's name, `default` first, the others in order; none where there are no files.
pub fn names() -> Vec<String> {
    let [config, credentials] =
        files().map(|path| path.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default());
    in_files(&config, &credentials)
}

/// Whether the environment says already as whom to ask AWS.
pub fn chosen_by_environment() -> bool {
    ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// In `config` a section is `[profile NAME]` or `[default]`, in `credentials` it is `[NAME]`.
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html>
fn in_files(config: &str, credentials: &str) -> Vec<String> {
    let of_config = sections(config).filter_map(|name| match name.split_once(char::is_whitespace) {
        Some(("profile", name)) => Some(name.trim()),
        None if name == "default" => Some(name),
        _ => None,
    });
    let found: BTreeSet<&str> = of_config.chain(sections(credentials)).collect();
    let (default, others): (Vec<&str>, Vec<&str>) = found.into_iter().partition(|name| *name == "default");
    default.into_iter().chain(others).map(str::to_owned).collect()
}

fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (name, _) = line.trim_start().strip_prefix('[')?.split_once(']')?;
        Some(name.trim()).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_read_and_other_sections_are_no_profiles() {
        let config = "[profile payer]\nregion = x\n[ profile  dev ] # mine\n[sso-session corp]\n[services local]\n\
                      # [profile off]\n[default]\n[plain]\n";
        let credentials = "[legacy]\naws_access_key_id = x\n[payer]\n[]\n";
        assert_eq!(in_files(config, credentials), ["default", "dev", "legacy", "payer"]);
        assert!(in_files("", "not a file at all ]").is_empty());
    }
}
