#!/bin/sh
# The action under every event of GitHub's that may start it.
set -eu
NODE_MODULES=$("$PROJECT/tests/node/setup")
FAKE_GITHUB=$(dirname "$GOBUDGET")/fake-github
"$PROJECT/tests/github/setup" "$FAKE_GITHUB"
unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy || :
export NODE_MODULES FAKE_GITHUB
exec node "$PROJECT/tests/action/events.test.mjs"
