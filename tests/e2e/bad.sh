#!/bin/sh
# Tests that misbehave: what finished is kept, the cause named, nothing left running.
set -eu
. "$PROJECT/tests/e2e/lib.sh"
. "$PROJECT/tests/e2e/expect"

all() {
	cp -R "$PROJECT/tests/e2e/bad" bad
	for expected in bad/${E2E_MODULE:-*}/expected.json; do
		shape=$(basename "$(dirname "$expected")")
		jq --arg p "./$shape" '.patterns = [$p]' "$expected" >"$shape.json"
		expect bad "$PWD/$shape.json" "$shape"
	done
}

each_go all
finish
