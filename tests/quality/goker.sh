#!/bin/sh
# How many real concurrency bugs are found: gobudget beside goleak, on the same kernels.
#
#	tests/quality/goker.sh GOBUDGET [KERNEL...]
#
# The kernels are GoKer's as Go's own tree has them (go1.26 and later: 63 of the 68 that block);
# goker.go says how they become tests.  One of them, moby27782, cannot block as it stands there: the
# lock that guards its readers is held for as long as one of them reads.  The tree has no fixed
# versions: that nothing is reported where nothing is wrong is tests/e2e/benign.sh's to show.  Each
# kernel is a process of its own, for either tool.
#
#	GOKER_RUNS	plain runs of each (10)
#	GOKER_STRESS	runs with a random scheduler: first as many as plain ones, then up to this
#			number of those that no run has shown yet (400)
#	GOKER_LEAST	how many --stress must find (of all kernels: 62)
#
# Prints a row per kernel, the totals, and exits 1 if gobudget finds fewer than goleak in any column,
# or fewer than GOKER_LEAST.
set -eu

[ $# -ge 1 ] || { echo "usage: tests/quality/goker.sh GOBUDGET [KERNEL...]" >&2; exit 2; }
gobudget=$(realpath "$1"); shift
here=$(cd "$(dirname "$0")" && pwd -P)
runs=${GOKER_RUNS-10} stress=${GOKER_STRESS-400} least=${GOKER_LEAST-62}
[ $# -eq 0 ] || least=${GOKER_LEAST-0}
kernels=$(go env GOROOT)/src/runtime/testdata/testgoroutineleakprofile/goker
[ -d "$kernels" ] || { echo "$(go version) carries no kernels: use go1.26 or later" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

mkdir "$work/m" "$work/bin"
cd "$work/m"
go run "$here/goker.go" "$kernels" .
if [ $# -gt 0 ]; then
	for dir in *; do
		case " $* " in *" $dir "*) ;; *) rm -r "$dir" ;; esac
	done
fi
cat >go.mod <<-'EOT'
	module goker

	go 1.26

	require go.uber.org/goleak v1.3.0
EOT
go mod tidy >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 3; }
total=$(printf '%s\n' * | grep -vc '^go\.')
echo "$total kernels, $(go version | cut -d' ' -f3), goleak v1.3.0"

# One line per kernel: how often it was seen.
ours() { # REPORT
	jq -r '.packages[] | "\(.path | sub("^goker/"; "")) \([.tests[].stress.leaked? // 0] | max // 0)"' \
		"$1" | sort
}

# goleak: its check runs when the test ends, so a test that hangs is stopped without it.
go test -vet=off -c -o "$work/bin/" ./... >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 3; }
cat >"$work/one" <<-'EOT'
	#!/bin/sh
	binary=$1 runs=$2 found=0 i=0
	while [ $i -lt "$runs" ]; do
		i=$((i + 1))
		GOKER_GOLEAK=1 "$binary" -test.timeout 2s 2>&1 </dev/null |
			grep -q 'found unexpected goroutines' && found=$((found + 1))
	done
	name=${binary##*/}
	echo "${name%.test} $found"
EOT
chmod +x "$work/one"
find "$work/bin" -name '*.test' | sort |
	xargs -P "$(getconf _NPROCESSORS_ONLN)" -I{} "$work/one" {} "$runs" | sort >"$work/goleak"

# What fails or hangs is what is looked for: only the reports matter.
measure() { # REPORT ARGS...
	report=$1
	shift
	status=0
	"$gobudget" check --json "$report" "$@" -- -vet=off >"$work/log" 2>&1 || status=$?
	[ -s "$report" ] || { cat "$work/log" >&2; echo "exit status $status" >&2; exit 3; }
}
measure "$work/plain.json" --stress "$runs" --calm ./...
ours "$work/plain.json" >"$work/plain"
measure "$work/stress.json" --stress "$runs" ./...
ours "$work/stress.json" >"$work/stress"
missing=$(join "$work/plain" "$work/stress" | awk '$2 + $3 == 0 { print "./" $1 }')
: >"$work/more"
if [ "$missing" ] && [ "$stress" -gt "$runs" ]; then
	# shellcheck disable=SC2086 # a list of packages
	measure "$work/more.json" --stress "$stress" $missing
	ours "$work/more.json" >"$work/more"
fi

join -a 1 -e 0 -o 0,1.2,1.3,1.4,2.2 \
	"$(join "$work/goleak" "$work/plain" | join - "$work/stress" >"$work/all"; echo "$work/all")" \
	"$work/more" >"$work/table"
awk -v runs="$runs" -v stress="$stress" -v least="$least" '
	BEGIN { printf "%-18s %12s %12s %12s %14s\n", "kernel", "goleak", "gobudget", "--stress", "--stress " stress }
	{
		more = $5 ? $5 "/" stress : $3 + $4 ? "" : "-"
		printf "%-18s %12s %12s %12s %14s\n", $1, $2 "/" runs, $3 "/" runs, $4 "/" runs, more
		n++
		theirs += $2 > 0; plain += $3 > 0; repeats += $3 > 0 || $4 > 0; all += $3 > 0 || $4 > 0 || $5 > 0
		t1 += $2 / runs; p1 += $3 / runs; s1 += $4 / runs
	}
	END {
		printf "\n%-34s %8s %9s %9s\n", "of " n " kernels", "goleak", "gobudget", "--stress"
		printf "%-34s %7.1f%% %8.1f%% %8.1f%%\n", "found by one run, on average", 100 * t1 / n, 100 * p1 / n, 100 * s1 / n
		printf "%-34s %8d %9d %9d\n", "found by any of " runs " runs", theirs, plain, repeats
		printf "%-34s %8s %9s %9d\n", "and by up to " stress " more", "", "", all
		if (p1 < t1 || s1 < t1 || plain < theirs || all < theirs) { print "FAIL: goleak finds more"; exit 1 }
		if (all < least) { print "FAIL: fewer than " least; exit 1 }
	}' "$work/table"
