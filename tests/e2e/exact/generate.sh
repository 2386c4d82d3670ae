#!/bin/sh
# generate.sh DIR: the package of subtests/ with 1,000 functions in place of 1,000 subtests.
set -eu
mkdir -p "$1"
here=$(dirname "$0")
{
	sed -e 's/^package .*/package functions/' -e '/^\/\/ /d' -e '/"fmt"/d' \
		-e '/^func TestExact/,$d' "$here/subtests/exact_test.go"
	i=0
	while [ $i -lt 1000 ]; do
		printf 'func TestExact%03d(t *testing.T) { t.Parallel(); consume(%d) }\n' $i $i
		i=$((i + 1))
	done
} >"$1/exact_test.go"
