#!/bin/sh
# How long `gobudget check` takes where nothing changed and all is in its cache, against the go
# command's own list of the same packages.
#
#	tests/bench/cached.sh GOBUDGET [MODULE-FOLDER...]
#
# Runs both in turn, RUNS times (default 11) after one of each, in a copy of each folder (default:
# tests/sample, of which three packages leak and are measured every time), with a cache of its own.
# Budgets are recorded first.  Asserts nothing; README.md says how to read it.
set -eu

[ $# -ge 1 ] || { echo "usage: tests/bench/cached.sh GOBUDGET [MODULE-FOLDER...]" >&2; exit 2; }
gobudget=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
shift
[ $# -gt 0 ] || set -- "$here/../sample"
runs=${RUNS:-11}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gb-bench-XXXXXX")
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
export GOBUDGET_CACHE="$scratch/cache"

ms() { # COMMAND...: milliseconds it takes
	begin=$(date +%s%N)
	"$@" >"$scratch/log" 2>&1 </dev/null || :
	echo $((($(date +%s%N) - begin) / 1000000))
}

median() { # FILE
	sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"
}

printf '%-24s %9s %7s %11s %11s %7s\n' '' packages cached 'go list' check ratio
for folder; do
	name=$(basename "$folder")
	cp -R "$folder" "$scratch/$name"
	chmod -R u+w "$scratch/$name"
	cd "$scratch/$name"
	rm -rf .git budgets
	"$gobudget" record --quiet ./... >"$scratch/log" 2>&1 || :
	"$gobudget" check --quiet ./... >"$scratch/log" 2>&1 || :
	: >"$scratch/list"
	: >"$scratch/check"
	n=0
	while [ $n -le "$runs" ]; do
		ms go list -deps -test -json ./... >"$scratch/ms"
		[ $n -eq 0 ] || cat "$scratch/ms" >>"$scratch/list"
		ms "$gobudget" check ./... >"$scratch/ms"
		[ $n -eq 0 ] || cat "$scratch/ms" >>"$scratch/check"
		n=$((n + 1))
	done
	cached=$(sed -n 's/.*(\([0-9]*\) cached).*/\1/p' "$scratch/log")
	echo "$name $(go list ./... | wc -l) ${cached:-0} $(median "$scratch/list") $(median "$scratch/check")" |
		awk '{ printf "%-24s %9d %7d %8d ms %8d ms %7.2f\n", $1, $2, $3, $4, $5, $5 / $4 }'
done
