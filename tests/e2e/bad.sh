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

each_go all
finish
