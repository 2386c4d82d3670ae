#!/bin/sh
# Every shape of module, with every number known beforehand: modules/*/expected*.json.
set -eu
. "$PROJECT/tests/e2e/lib.sh"
. "$PROJECT/tests/e2e/expect"

all() {
	for expected in "$PROJECT"/tests/e2e/modules/${E2E_MODULE:-*}/expected*.json; do
		shape=$(basename "$(dirname "$expected")")
		[ -d "$shape" ] || cp -R "$PROJECT/tests/e2e/modules/$shape" "$shape"
		case=$(basename "$expected" .json)
		expect "$shape" "$expected" "$shape${case#expected}"
	done
}

each_go all
finish
