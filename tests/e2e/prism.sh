#!/bin/sh
# What publish sends, once more to Prism, a server that validates by GitHub's description.
set -eu

for tool in node npm; do
	command -v $tool >/dev/null || { echo "skipped: no $tool on PATH"; exit 77; }
done
folder=$(dirname "$GOBUDGET")/fake-github
"$PROJECT/tests/github/setup" "$folder"
modules=$("$PROJECT/tests/node/setup" "$PROJECT/tests/prism")
unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy || :
node "$PROJECT/tests/github/prism.mjs" "$GOBUDGET" "$folder" "$modules"
