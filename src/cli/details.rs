//! What the long help and the manual page say of a command beyond its one line: what it reads, what it writes, what it
//! leaves alone, and how it ends.

/// The paragraphs about the command with these words; none where its one line is all there is to say.
pub fn of(words: &str) -> &'static [&'static str] {
    DETAILS.iter().find(|(command, _)| *command == words).map_or(&[], |(_, paragraphs)| paragraphs)
}

/// A command, by its words after `optima-onboard`, with its paragraphs.
type Row = (&'static str, &'static [&'static str]);

/// What every command that makes one thing has in common.
const ALONE: &str = "The same plan, yes and apply as apply has, for this part alone. What it needs of the other parts is only read; if that is not right, the run is refused with the command that makes it so.";

const DETAILS: &[Row] = &[
    (
        "",
        &[
            "It reads first, shows one plan, asks for one yes, and writes only then. Run again, it changes nothing; killed half way, the next run finishes. What it did not make itself it never overwrites and never deletes.",
        ],
    ),
    (
        "wizard",
        &[
            "Says who you are and what it found, asks only what flags, variables and file left open, and shows a review. From there: yes, change an answer, save the answers as a file, write it out as CloudFormation, Terraform or a script, or leave. After the yes it applies, verifies, and prints the command that does the same without questions.",
            "Answers of a run that stopped are kept, without any secret, and the next one offers them.",
            "Needs a terminal; a script takes apply.",
        ],
    ),
    (
        "plan",
        &[
            "Reads the account and the onboarding API and says, step by step, what apply would create, update, keep or refuse. With a refusal it ends with exit code 5, and apply would write nothing at all.",
        ],
    ),
    (
        "apply",
        &[
            "Shows the plan, and asks for a yes on a terminal unless --yes says it. Steps that need nothing of each other run side by side. At the end it asks Flexera, where that can be asked, whether the bill can be read, for at most --timeout seconds.",
            "With --plan or --plan-fingerprint it plans afresh and carries out nothing but the plan that was approved. If anything has moved since, it writes nothing, says what moved, and ends with exit code 5. Where a run of that plan was cut off, --plan carries out the rest of it; --plan-fingerprint cannot tell that from another plan.",
            "A receipt says what was done; it holds no secret. Ctrl-C finishes what is under way and says what exists; the same command again goes on from there.",
        ],
    ),
    (
        "verify",
        &[
            "Looks at everything between AWS billing and Flexera: bucket, its policy, report and last delivery, role or user and what it may do, and the bill connect. Each check passes, warns, is pending or fails with its remedy. It writes nothing.",
            "Without a credential for the onboarding API Flexera's side is skipped.",
            "Ends with 0 when nothing is in the way, and with 1 when a check fails. With --wait it ends with 8 when --timeout is over before the first bill month is processed, and with 130 at Ctrl-C; the same command takes the waiting up again. The optima API publishes neither validations nor bill months: there a wait ends with the first delivery.",
        ],
    ),
    (
        "destroy",
        &[
            "Removes what carries the tag managed-by=optima-onboard, and the bill connect if it is the one that the answers describe. What was adopted stays, and so does a bucket, unless --delete-bucket is given and its name typed or given with --confirm.",
        ],
    ),
    ("bucket", &[ALONE]),
    ("report", &[ALONE]),
    ("policy", &[ALONE]),
    ("role", &[ALONE]),
    ("user", &[ALONE]),
    (
        "token",
        &[
            "Prints the one secret that it was asked for, and nothing else. A refresh token comes from a file, stdin or OPTIMA_REFRESH_TOKEN; a client from OPTIMA_CLIENT_ID and OPTIMA_CLIENT_SECRET.",
        ],
    ),
    (
        "bill-connect",
        &[
            "Needs a credential for the onboarding API of somebody with the role Manage organization, and nothing of AWS.",
        ],
    ),
    (
        "bill-connect create",
        &[
            "Takes bucket and role for granted: they may have been made by apply, by an export, or by hand. One that exists and is the same is left as it is; one that differs is not changed, but update does that.",
        ],
    ),
    (
        "export",
        &[
            "Asks nobody and needs no credentials. What it writes makes the same resources as apply would; verify then looks at them, and bill-connect create finishes the job.",
        ],
    ),
    (
        "review",
        &[
            "One file that loads nothing: a drawing of who trusts whom, every document with what each permission is for, what is not granted, what you need, how it is taken back, and the plan's fingerprint with the command that insists on it.",
            "Plans as plan does, and writes nothing to anybody; with --plan it is made from the plan in that file and asks nobody. A plan that needs a person makes a page too, and ends with exit code 5.",
        ],
    ),
    (
        "permissions",
        &[
            "Each statement is on exactly the names that your answers give. Where AWS cannot say which account, or no organization is given, ACCOUNT_ID or ORG_ID stands in the policy and it says so; IAM refuses a policy with such an account.",
            "Whoever may make a role and write its policy can give that role any right in the account: take the policy for apply away again afterwards.",
        ],
    ),
    (
        "explain",
        &[
            "One word for a resource, or a permission with or without its service; a permission that a wildcard stands for is found too. Asks nobody.",
        ],
    ),
    #[cfg(feature = "sandbox")]
    (
        "sandbox",
        &[
            "Prints the variables that bring every command of this program, the AWS CLI and scripts to it, and serves until Ctrl-C. What is made there is gone then.",
        ],
    ),
    (
        "schema",
        &[
            "JSON Schema, draft 2020-12, whole in one document. The onboarding file takes the keys it names and no others; in outputs a later version may add keys.",
            "An editor finds the one of the onboarding file by the file's first line, #:schema ./optima-onboard.schema.json, once the output of schema file stands under that name beside it.",
        ],
    ),
    (
        "completions",
        &[
            "The script asks this program at every Tab, so that it never has to be made anew. Profiles come from the AWS CLI's files. Report names come from AWS, for the profile, region and role on the line, within two seconds (or --request-timeout) or not at all.",
        ],
    ),
    ("man", &["Pages are named optima-onboard-COMMAND.1."]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_detail_belongs_to_a_command() {
        let mut tree = crate::cli::tree();
        tree.build();
        for (command, paragraphs) in DETAILS {
            let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            assert!(crate::cli::help::find(&mut tree, &words).is_ok(), "{command}");
            assert!(paragraphs.iter().all(|paragraph| paragraph.ends_with('.')), "{command}");
        }
    }
}
