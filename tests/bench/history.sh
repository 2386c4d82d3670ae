#!/bin/sh
# How long `gobudget history TEST` takes against `git log -p -- FILE`, over 10,000 commits that
# touch 200 budget files: cold (no cache), from its index, and with a new commit on top.
#
#	tests/bench/history.sh GOBUDGET
#
# Runs all in turn, RUNS times (default 9) after one of each; prints medians, their ratios and the
# peaks of resident memory.  Asserts nothing: times are the machine's.
set -eu

[ $# -eq 1 ] || { echo "usage: tests/bench/history.sh GOBUDGET" >&2; exit 2; }
gobudget=$(realpath "$1")
runs=${RUNS:-9}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gb-bench-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.com

stream() { # commits round the files, each with 21 tests of which one moves
	awk 'BEGIN {
		env = "{\"go\": \"1.26\", \"platform\": \"linux/amd64\", \"gomaxprocs\": 2, \"gcflags\": \"-l\", \"tags\": \"\", \"cgo\": true, \"race\": false, \"accounting\": \"runtime\"}"
		for (i = 0; i < 10000; i++) {
			f = i % 200
			text = "{\n  \"package\": \"example.com/m/p" f "\",\n  \"environments\": [\n    {\n      \"env\": " env ",\n      \"tests\": {\n"
			for (t = 10; t < 30; t++)
				text = text "        \"Test" t "\": {\"alloc_space\": " t "},\n"
			text = text "        \"Only" f "\": {\"alloc_space\": " 1000 + i "}\n"
			text = text "      }\n    }\n  ]\n}\n"
			printf "commit refs/heads/main\ncommitter A <a@example.com> %d +0000\ndata 2\nc\n", 1700000000 + i
			printf "M 100644 inline budgets/p%d.json\ndata %d\n%s\n", f, length(text), text
		}
	}'
}

git init -q -b main "$scratch/repo"
cd "$scratch/repo"
stream | git fast-import --quiet
git gc -q

us() { # COMMAND...: microseconds it takes
	begin=$(date +%s%N)
	"$@" >"$scratch/out"
	echo $((($(date +%s%N) - begin) / 1000))
}

median() { sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"; }

export GOBUDGET_CACHE="$scratch/cache"
onto() { # MESSAGE PARENT: a commit that changes nothing
	git update-ref HEAD "$(git commit-tree -p "$2" -m "$1" "$tip^{tree}")"
}
tip=$(git rev-parse HEAD)
n=0
while [ $n -le "$runs" ]; do
	onto cold "$tip"
	rm -rf "$GOBUDGET_CACHE"
	us git log -p -- budgets/p17.json >"$scratch/t"
	us "$gobudget" history Only17 >"$scratch/cold"
	cp "$scratch/out" "$scratch/cold.out"
	us "$gobudget" history Only17 >"$scratch/warm"
	cmp "$scratch/out" "$scratch/cold.out"
	onto top HEAD
	us "$gobudget" history Only17 >"$scratch/top"
	cmp "$scratch/out" "$scratch/cold.out"
	[ $n -eq 0 ] || for what in t cold warm top; do
		cat "$scratch/$what" >>"$scratch/all.$what"
	done
	n=$((n + 1))
done
git update-ref HEAD "$tip"
theirs=$(median "$scratch/all.t")
for what in cold warm top; do
	echo "$what $theirs $(median "$scratch/all.$what")" |
		awk '{ printf "%-4s  history %5.1f ms, git log -p %5.1f ms: ratio %.2f, %.1f times faster\n", $1, $3 / 1000, $2 / 1000, $3 / $2, $2 / $3 }'
done
if command -v /usr/bin/time >/dev/null; then
	rm -rf "$GOBUDGET_CACHE"
	for what in cold warm; do
		/usr/bin/time -f "$what  peak memory %M KiB" "$gobudget" history Only17 >/dev/null
		/usr/bin/time -f "$what  peak memory %M KiB, every test" "$gobudget" history >/dev/null
	done
fi
