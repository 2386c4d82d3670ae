#!/bin/sh
# How long `gobudget history TEST` takes against `git log -p -- FILE`, over 10,000 commits that
# touch 200 budget files.
#
#	tests/bench/history.sh GOBUDGET
#
# Runs both in turn, RUNS times (default 9) after one of each; prints medians, their ratio and the
# peak of resident memory.  Asserts nothing: times are the machine's.
set -eu

[ $# -eq 1 ] || { echo "usage: tests/bench/history.sh GOBUDGET" >&2; exit 2; }
gobudget=$(realpath "$1")
runs=${RUNS:-9}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gb-bench-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

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

n=0
while [ $n -le "$runs" ]; do
	us git log -p -- budgets/p17.json >"$scratch/t"
	us "$gobudget" history Only17 >"$scratch/o"
	[ $n -eq 0 ] || {
		cat "$scratch/t" >>"$scratch/theirs"
		cat "$scratch/o" >>"$scratch/ours"
	}
	n=$((n + 1))
done
echo "$(median "$scratch/theirs") $(median "$scratch/ours")" |
	awk '{ printf "git log -p %.1f ms, history %.1f ms, ratio %.2f\n", $1 / 1000, $2 / 1000, $2 / $1 }'
if command -v /usr/bin/time >/dev/null; then
	/usr/bin/time -f 'peak memory %M KiB' "$gobudget" history Only17 >/dev/null
fi
