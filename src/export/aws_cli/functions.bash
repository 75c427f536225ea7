set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
stop() {
  say "error: $*"
  exit 1
}
# Whether something is there, by a command that reads it; only this error means that it is not.
there() {
  local absent=$1 answer
  shift
  if answer=$("$@" 2>&1); then
    return 0
  fi
  [[ $answer == *"$absent"* ]] || stop "$answer"
  return 1
}
# Whether tags, one a line, say that this was made for this organization.
ours() {
  grep -Fxq $'managed-by\toptima-onboard' <<<"$1" && grep -Fxq "flexera-org-id"$'\t'"$org_id" <<<"$1"
}
# Something of the name is there: it is kept if it was made for this organization, else it is a person's to decide.
keep() {
  ours "$2" || stop "$1 is there and was not made by optima-onboard for organization $org_id; it stays as it is." \
    "Compare it with optima-onboard plan, or export again with another name."
  say "$1: there already"
}
