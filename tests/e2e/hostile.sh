#!/bin/sh
# Names that want to be more than names: through every form of the report and GitHub's own filters.
set -eu

folder=$(dirname "$GOBUDGET")/fake-github
"$PROJECT/tests/github/setup" "$folder"
unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy || :
node "$PROJECT/tests/github/hostile.mjs" "$GOBUDGET" "$folder"
