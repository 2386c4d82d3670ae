#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Every shape of module, with every number known beforehand: modules/*/expected*.json.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/expect
. "$PROJECT/tests/e2e/expect"

all() {
	for expected in "$PROJECT"/tests/e2e/modules/*/expected*.json; do
		shape=$(basename "$(dirname "$expected")")
		wanted "$shape" || continue
		[ -d "$shape" ] || cp -R "$PROJECT/tests/e2e/modules/$shape" "$shape"
		case=$(basename "$expected" .json)
		expect "$shape" "$expected" "$shape${case#expected}"
	done
}

newest_go all
finish
