#!/bin/sh
# How long `gobudget check --affected` takes where nothing changed, against the go command's own
# list of the same packages.
#
#	tests/bench/affected.sh GOBUDGET [MODULE-FOLDER...]
#
# Runs both in turn, RUNS times (default 11) after one of each, in a copy of each folder (default:
# tests/sample) that is a repository of one commit.  Asserts nothing; README.md says how to read it.
set -eu
export GOBUDGET_CACHE=off

[ $# -ge 1 ] || { echo "usage: tests/bench/affected.sh GOBUDGET [MODULE-FOLDER...]" >&2; exit 2; }
gobudget=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
shift
[ $# -gt 0 ] || set -- "$here/../sample"
runs=${RUNS:-11}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gb-bench-XXXXXX")
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.com

ms() { # COMMAND...: milliseconds it takes
	begin=$(date +%s%N)
	"$@" >"$scratch/log" 2>&1 </dev/null || { cat "$scratch/log" >&2; exit 1; }
	echo $((($(date +%s%N) - begin) / 1000000))
}

median() { # FILE
	sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"
}

printf '%-24s %9s %11s %11s %7s\n' '' packages 'go list' check ratio
for folder; do
	name=$(basename "$folder")
	cp -R "$folder" "$scratch/$name"
	chmod -R u+w "$scratch/$name"
	rm -rf "$scratch/$name/.git"
	cd "$scratch/$name"
	git init -q
	git add -A
	git commit -qm base
	: >"$scratch/list"
	: >"$scratch/check"
	n=0
	while [ $n -le "$runs" ]; do
		ms go list -deps -test -json ./... >"$scratch/ms"
		[ $n -eq 0 ] || cat "$scratch/ms" >>"$scratch/list"
		ms "$gobudget" check --affected --base HEAD ./... >"$scratch/ms"
		[ $n -eq 0 ] || cat "$scratch/ms" >>"$scratch/check"
		n=$((n + 1))
	done
	grep -q '0 of ' "$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
	echo "$name $(go list ./... | wc -l) $(median "$scratch/list") $(median "$scratch/check")" |
		awk '{ printf "%-24s %9d %8d ms %8d ms %7.2f\n", $1, $2, $3, $4, $4 / $3 }'
done
