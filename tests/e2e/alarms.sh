#!/bin/sh
# publish --alarms against a GitHub of our own: one issue for each broken metric.
set -eu

folder=$(dirname "$GOBUDGET")/fake-github
"$PROJECT/tests/github/setup" "$folder"
unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy || :
node "$PROJECT/tests/github/alarms.mjs" "$GOBUDGET" "$folder"
