#!/bin/sh
# publish against a GitHub of our own, which checks every request with GitHub's description.
set -eu

folder=$(dirname "$GOBUDGET")/fake-github
"$PROJECT/tests/github/setup" "$folder"
unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy || :
node "$PROJECT/tests/github/publish.mjs" "$GOBUDGET" "$folder"
