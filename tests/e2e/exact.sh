#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# 1,000 parallel tests, each leaving i mod 3 goroutines and allocating i KiB: every count exact,
# as subtests and as functions.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

exact() {
	cp -R "$PROJECT/tests/e2e/exact" exact
	exact/generate.sh exact/functions
	cd exact
	for package in subtests functions; do
		for cpu in 2 4; do
			gb 0 check --json report.json "./$package" -- "-cpu=$cpu" -parallel=8
			equal "$package, -cpu=$cpu: every count" \
				"$(jq -c -f "$PROJECT/tests/e2e/exact.jq" report.json)" '[]'
		done
	done
	json 'their parent has them all' report.json '.exit_status == 0'
}

each_go exact
finish
