#!/bin/sh
# How long `gobudget check` takes against `go test` on the same packages, side by side.
#
#	tests/bench/check.sh GOBUDGET [MODULE-FOLDER...]
#
# Runs both in turn, RUNS times (default 5) after one of each to warm the caches, on encoding/json
# and net/http in GOROOT and ./... of each folder (default: gin, where the module cache has one).
# Prints medians and their ratio; asserts nothing, as times are the machine's.  README.md says how
# to read it.
set -eu
export GOBUDGET_CACHE=off

[ $# -ge 1 ] || { echo "usage: tests/bench/check.sh GOBUDGET [MODULE-FOLDER...]" >&2; exit 2; }
gobudget=$(realpath "$1")
shift
runs=${RUNS:-5}
goroot=$(go env GOROOT)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gb-bench-XXXXXX")
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

ms() { # COMMAND...: milliseconds it takes; it fails as they do
	begin=$(date +%s%N) status=0
	"$@" >"$scratch/log" 2>&1 </dev/null || status=$?
	echo $((($(date +%s%N) - begin) / 1000000))
	[ "$status" -eq 0 ] || grep -m 3 -E '^ *(--- )?FAIL|^gobudget: ' "$scratch/log" >&2 || :
	return $status
}

median() { # FILE
	sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"
}

# side_by_side NAME GCFLAGS PACKAGES: in the current folder.
side_by_side() {
	: >"$scratch/plain"
	: >"$scratch/ours"
	n=0 remark=''
	while [ $n -le "$runs" ]; do
		ms go test "$2" -count=1 "$3" >"$scratch/ms" || remark="go test exits with $?"
		[ $n -eq 0 ] || cat "$scratch/ms" >>"$scratch/plain"
		ms "$gobudget" check "$3" >"$scratch/ms" || remark="$remark check exits with $?"
		[ $n -eq 0 ] || cat "$scratch/ms" >>"$scratch/ours"
		n=$((n + 1))
	done
	plain=$(median "$scratch/plain") ours=$(median "$scratch/ours")
	echo "$1 $plain $ours ${remark:+($remark)}" |
		awk '{ n = $1; p = $2; o = $3; $1 = $2 = $3 = ""
			printf "%-24s %9.2f s %9.2f s %7.2f %s\n", n, p / 1000, o / 1000, o / p, $0 }'
}

module() { # FOLDER: a copy of it, as the module cache is read-only
	copy=$scratch/$(basename "$1")
	cp -R "$1" "$copy"
	chmod -R u+w "$copy"
	(
		cd "$copy"
		side_by_side "$(basename "$1")" "-gcflags=$(go list -m)/...=-l" ./...
	)
}

echo "$(go env GOVERSION), $(getconf _NPROCESSORS_ONLN) processors, median of $runs, load$(
	uptime | sed 's/.*load average//')"
printf '%-24s %11s %11s %7s\n' '' 'go test' check ratio
for package in encoding/json net/http; do
	(cd "$goroot/src/$package" && side_by_side "$package" -gcflags=-l .)
done
if [ $# -eq 0 ]; then
	gin=$(find "$(go env GOMODCACHE)/github.com/gin-gonic" -maxdepth 1 -name "gin@*" 2>/dev/null | tail -n 1)
	[ -z "$gin" ] || set -- "$gin"
fi
for folder; do module "$folder"; done

: >"$scratch/starts"
n=0
while [ $n -lt 20 ]; do
	begin=$(date +%s%N)
	"$gobudget" --version >/dev/null
	echo $((($(date +%s%N) - begin) / 10000)) >>"$scratch/starts"
	n=$((n + 1))
done
median "$scratch/starts" | awk '{ printf "%-24s %23.2f ms, median of 20\n", "gobudget --version", $1 / 100 }'
