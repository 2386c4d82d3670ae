#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Tests that misbehave: what finished is kept, the cause named, nothing left running.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/expect
. "$PROJECT/tests/e2e/expect"

all() {
	cp -R "$PROJECT/tests/e2e/bad" bad
	for expected in bad/*/expected.json; do
		shape=$(basename "$(dirname "$expected")")
		wanted "$shape" || continue
		jq --arg p "./$shape" '.patterns = [$p]' "$expected" >"$shape.json"
		expect bad "$PWD/$shape.json" "$shape"
	done
}

# No test runs then before Go 1.24, nor any of the packages beside it.
unparsed() {
	module "unparsed$(go_minor)"
	mkdir fine
	echo 'func (' >broken.go
	printf 'package fine\n\nimport "testing"\n\nfunc TestFine(*testing.T) {}\n' >fine/fine_test.go
	gb 3 check ./...
	cat "$OUT" "$ERR" >both
	contains 'what does not parse is named' both 'broken.go:1:1'
	if [ "$(go_minor)" -lt 24 ]; then
		contains 'and why nothing ran' both 'that file does not parse'
	else
		matches 'the others are measured' both '^ok .*fine'
	fi
}

each_go all
each_go unparsed
finish
