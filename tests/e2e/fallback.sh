#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The accounting of package testing alone, forced: one test at a time, goroutines by label and bytes
# by the process.  What it counts at all must be right as well.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/expect
. "$PROJECT/tests/e2e/expect"

# What it cannot know: goroutines that ended, whose labels somebody replaced, or that a timer starts
# while another test runs; bytes of the process are more than those of the test.
forced() { # EXPECTED
	jq '.options += ["--accounting", "testing"]
		| del(.tests["example.com/shapes/labels"], .tests["example.com/shapes/timers"])
		| .tests[]?[] |= (if . then with_entries(select(.key | IN("goroutines", "outcome", "kind",
			"samples", "alloc_space_min"))) else . end)
		| del(.tests[]?["(package)"])' "$1"
}

all() {
	for shape in ${E2E_MODULE:-shapes ${E2E_ALL:+tags synctest workspace subdir rootonly}}; do
		for expected in "$PROJECT/tests/e2e/modules/$shape"/expected*.json; do
			[ -d "$shape" ] || cp -R "$PROJECT/tests/e2e/modules/$shape" "$shape"
			case=$(basename "$expected" .json)
			forced "$expected" >"$shape.json"
			expect "$shape" "$PWD/$shape.json" "$shape${case#expected}"
			[ ! -s report.json ] || json "$shape${case#expected}: the report says so" report.json \
				'.environment.accounting == "testing" and .environment.why_fallback != null'
		done
	done
}

each_go all
finish
