#!/bin/sh
# How long `gobudget profile` takes on a large heap profile, and how much memory, against go tool
# pprof and gzip -dc on the same file.
#
#	tests/bench/profile.sh GOBUDGET [STACKS]
#
# A Go program makes the profile: STACKS different stacks (default 420000, above 50 MB when
# inflated).  Each command runs RUNS times (default 5; pprof PPROF_RUNS, default 1, as it takes half
# a minute), in turn.  Prints medians and ratios; asserts nothing.  README.md says how to read it.
set -eu

[ $# -ge 1 ] || { echo "usage: tests/bench/profile.sh GOBUDGET [STACKS]" >&2; exit 2; }
gobudget=$(realpath "$1")
stacks=${2:-420000}
runs=${RUNS:-5}
slow_runs=${PPROF_RUNS:-1}
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gb-bench-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

cp "$here"/heap/go.mod "$here"/heap/main.go "$scratch"
"$here"/heap/functions.sh >"$scratch/functions.go"
cd "$scratch"
go build -o heap .
./heap "$stacks" new.pb.gz
./heap $((stacks * 9 / 10)) old.pb.gz
go tool pprof -top /dev/null >/dev/null 2>&1 || : # builds it, where that comes first
pprof=$(go tool -n pprof)

# measure N COMMAND...: median of milliseconds, and the largest resident set in KiB
measure() {
	python3 - "$@" <<'END'
import os, statistics, subprocess, sys, time
times, most = [], 0
for _ in range(int(sys.argv[1])):
    begin = time.monotonic()
    child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    times.append((time.monotonic() - begin) * 1000)
    if status:
        sys.exit("%s exits with %d" % (sys.argv[2], status))
    most = max(most, usage.ru_maxrss)
print("%.0f %d" % (statistics.median(times), most))
END
}

size() { wc -c <"$1"; }
inflated() { gzip -dc "$1" | wc -c; }

row() { # NAME "MS KIB" INFLATED-BYTES
	echo "$2" | awk -v name="$1" -v bytes="$3" '{
		printf "%-24s %8.3f s %8.1f MiB  %5.2f of inflated\n", name, $1 / 1000, $2 / 1024, $2 * 1024 / bytes }'
}

ratio() { # NAME "MS KIB" "MS KIB" LIMIT
	echo "$2 $3" | awk -v name="$1" -v limit="$4" '{ printf "%-44s %8.2f  %s\n", name, $1 / $3, limit }'
}

echo "$(go env GOVERSION), $(getconf _NPROCESSORS_ONLN) processors, medians of $runs (pprof $slow_runs), load$(
	uptime | sed 's/.*load average//')"
new=$(inflated new.pb.gz)
both=$((new + $(inflated old.pb.gz)))
echo "new.pb.gz: $(size new.pb.gz) bytes, $new inflated; old.pb.gz: $(size old.pb.gz), $((both - new))"

zcat=$(measure "$runs" gzip -dc new.pb.gz)
top=$(measure "$runs" "$gobudget" profile top new.pb.gz)
diff=$(measure "$runs" "$gobudget" profile diff old.pb.gz new.pb.gz)
zcats=$(measure "$runs" gzip -dc old.pb.gz new.pb.gz)
their_top=$(measure "$slow_runs" "$pprof" -top new.pb.gz)
their_diff=$(measure "$slow_runs" "$pprof" -top -diff_base=old.pb.gz new.pb.gz)

row 'gzip -dc' "$zcat" "$new"
row 'profile top' "$top" "$new"
row 'pprof -top' "$their_top" "$new"
row 'profile diff' "$diff" "$both"
row 'pprof -top -diff_base' "$their_diff" "$both"
ratio 'pprof -top / profile top' "$their_top" "$top" '(at least 40)'
ratio 'pprof -diff_base / profile diff' "$their_diff" "$diff" '(at least 40)'
ratio 'profile top / gzip -dc' "$top" "$zcat" '(at most 3)'
ratio 'profile diff / gzip -dc of both' "$diff" "$zcats" '(at most 3)'
