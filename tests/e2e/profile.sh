#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The numbers of `gobudget profile` are those of go tool pprof: every row of every profile that a
# real program, a test run and a benchmark write, with the newest toolchain, and at night with each.
#
# Names are compared as they stand in the profile (-symbolize=none: pprof takes some names of
# generic functions for C++ and shortens them), and pprof's marks of inlining are left out.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

source=$PROJECT/tests/e2e/profile
command -v python3 >/dev/null || skip_all 'python3 is not installed'
command -v dot >/dev/null || skip_all 'graphviz is not installed'
pprof=$(go tool -n pprof)
[ -x "$pprof" ] || { go tool pprof -h >/dev/null 2>&1 || :; pprof=$(go tool -n pprof); }
profiles=0

# Rows of a table: flat, percentages, cum and name, without units.
rows() {
	sed -E 's/ \((partial-)?inline\)$//' | awk '
		/^ *flat  flat%/ { table = 1; next }
		table && !/^[0-9,]+ (of [0-9,]+ rows$|below 0\.5%)/ {
			sub(/[a-zA-Z]+$/, "", $1)
			sub(/[a-zA-Z]+$/, "", $4)
			$1 = $1
			print
		}'
}

same() { # NAME: want and got are equal
	if cmp -s want got; then
		pass "$1"
	else
		fail "$1" "$(diff want got | head -n 12)"
	fi
}

unit() { # of --unit: pprof shows a number as it is only in the sample's own
	case $1 in
	*delay | cpu | *nanoseconds) echo nanoseconds ;;
	*space) echo bytes ;;
	*) echo count ;;
	esac
}

# like NAME TYPE VIEW "PPROF OPTIONS" OUR OPTIONS AND FILES...
like() {
	name=$1 type=$2 view=$3 theirs=$4
	shift 4
	# shellcheck disable=SC2086 # options without blanks
	"$pprof" -symbolize=none -top -unit="$(unit "$type")" -sample_index="$type" $theirs 2>"$ERR" |
		rows >want
	"$GOBUDGET" profile "$view" --sample "$type" --unit exact "$@" 2>"$ERR" | rows >got
	same "$name: $view $type $theirs"
}

types() { # FILE
	"$GOBUDGET" profile top --sample no-such-type "$1" 2>&1 >"$OUT" |
		sed -n 's/^hint: it has //p' | tr -d ,
}

# Every stack with its value, functions only; pprof also shows samples that are 0.
stacks() {
	sed -E 's/ \(inline\)$//' | awk '
		function flush() { if (stack != "" && value != 0) print value stack; stack = value = "" }
		/^-----------\+|^$/ { flush(); begun = 1; next }
		!begun || /: / || / no stack$/ { next } # labels; pprof passes over what has no stack
		/^ *-?[0-9]+[a-zA-Z]*   / { value = $1; sub(/[a-zA-Z]+$/, "", value); $1 = "" ; sub(/^ /, "") }
		{ sub(/^ +/, ""); stack = stack "|" $0 }
		END { flush() }'
}

# Caller, callee and weight of each edge, as `pprof -tree` shows them below the caller.
tree_edges() {
	awk '
		/^-+\+-+$/ { node = ""; next }
		/^ *flat  flat%/ || !/\|/ { next }
		{ split($0, part, /\| +/); name = part[2]; sub(/ \(inline\)$/, "", name) }
		/%.*%.*%.*\|/ { node = name; next }
		node != "" { weight = $1; sub(/[a-zA-Z]+$/, "", weight); print node "|" name "|" weight }' | sort
}

graph_edges() {
	jq -r '(.nodes | map({key: (.id | tostring), value: .function}) | from_entries) as $name |
		.edges[] | "\($name[.from | tostring])|\($name[.to | tostring])|\(.weight)"' | sort
}

listing() { # lines with weight: flat, cum, line
	sed -nE 's/^ *([0-9]+)?[a-zA-Z]*(\.)? +([0-9]+)?[a-zA-Z]*(\.)? +([0-9]+):.*/\1\2 \3\4 \5/p' |
		grep -v '^\. \. '
}

instructions() { # with weight: flat, cum, address
	sed -nE 's/^ *([0-9]+)?[a-zA-Z]*(\.)? +([0-9]+)?[a-zA-Z]*(\.)? +([0-9a-f]+): .*/\1\2 \3\4 \5/p' |
		grep -v '^\. \. ' | sort -k 3
}

compare() { # FILE
	file=$1
	profiles=$((profiles + 1))
	some=''
	for type in $(types "$file"); do
		like "$file" "$type" top "-trim=false $file" --all "$file"
		[ ! -s got ] || some=1
	done
	case $some$file in
	1* | *threadcreate*) ;; # Go 1.21 and 1.22 know no stacks of threads
	*) fail "$file has rows" ;;
	esac
	like "$file" "$type" top "-lines $file" -g line "$file"
	like "$file" "$type" top "-lines -trim=false -cum $file" -g line --all --cum "$file"
	like "$file" "$type" top "-nodecount=5 -cum $file" -n 5 --cum "$file"
	"$source/rewrite" "$file" flat.pb no-start-lines
	like "$file" "$type" top "-files -trim=false flat.pb" -g file --all "$file"
	like "$file" "$type" top "-trim=false -focus=main $file" --all --focus main "$file"
	like "$file" "$type" top "-lines -trim=false -focus=a -ignore=(deep|spin|chan|heap) $file" \
		-g line --all --focus a --ignore '(deep|spin|chan|heap)' "$file"

	"$pprof" -symbolize=none -traces -unit="$(unit "$type")" -sample_index="$type" "$file" 2>"$ERR" | stacks >want
	"$GOBUDGET" profile traces -g function --unit exact --sample "$type" "$file" | stacks >got
	same "$file: traces"
	"$pprof" -symbolize=none -tree -trim=false -unit="$(unit "$type")" -sample_index="$type" "$file" 2>"$ERR" |
		tree_edges >want
	"$GOBUDGET" profile graph -g function --all --json --sample "$type" "$file" | graph_edges >got
	same "$file: edges of the graph"
	"$GOBUDGET" profile graph "$file" >graph.dot
	run_ok "$file: dot reads the graph" dot -Tsvg -o graph.svg graph.dot
}

# What Go does not write itself.
rewritten() { # FILE
	"$source/rewrite" "$1" scattered.pb scattered
	like "$1, scattered" alloc_space top '-lines -trim=false scattered.pb' -g line --all scattered.pb
	for drop in 'main\.(deep|even|odd|small.*)' 'runtime\..*|main\.allocate.*' 'main\.main' '[a-z/]+\.\(\*.*'; do
		"$source/rewrite" "$1" drop.pb drop "$drop"
		like "$1 without $drop" alloc_space top '-trim=false drop.pb' --all drop.pb
	done
	"$source/rewrite" scattered.pb new.pb drop 'main\.deep'
	"$source/rewrite" every/heap1.pb.gz old.pb drop 'main\.deep'
	like "$1, both" alloc_space diff "-trim=false -diff_base=old.pb new.pb" --all old.pb new.pb
}

difference() { # OLD NEW
	for type in $(types "$1"); do
		like "$1" "$type" diff "-trim=false -diff_base=$1 $2" --all "$1" "$2"
		like "$1" "$type" diff "-lines -diff_base=$2 $1" -g line "$2" "$1"
	done
	like "$1" "$type" diff "-trim=false -cum -focus=main -ignore=deep -diff_base=$1 $2" \
		--all --cum --focus main --ignore deep "$1" "$2"
}

disassembly() { # BINARY FILE
	"$pprof" -disasm '(main\.deep|main\.allocate)' -unit=bytes -sample_index=alloc_space "$1" "$2" 2>"$ERR" |
		instructions >want
	"$GOBUDGET" profile disasm '(main\.deep|main\.allocate)' --unit exact --sample alloc_space "$1" "$2" |
		instructions >got
	same "disasm of $1"
}

one_version() {
	cp -R "$source" src
	cd src
	experiment=''
	[ "$(go_minor)" != 26 ] || experiment=goroutineleakprofile
	GOEXPERIMENT=$experiment run_ok 'builds' go build -o prof .
	mkdir every sampled pie
	run_ok 'runs' ./prof every
	run_ok 'runs, heap sampled' ./prof sampled 1
	run_ok 'its test' go test -count=1 -run . -bench . -benchtime 200x -memprofile test.pb.gz \
		-memprofilerate=1 -cpuprofile test-cpu.pb.gz -blockprofile test-block.pb.gz \
		-mutexprofile test-mutex.pb.gz -mutexprofilefraction 1 .
	run_ok 'its test, heap sampled' go test -count=1 -run . -memprofile test-sampled.pb.gz .
	[ "$(go_minor)" -lt 26 ] || contains 'leaks are in a profile' "$(
		"$GOBUDGET" profile top every/goroutineleak.pb.gz >leaks 2>&1 || :
		echo leaks)" main.leak

	# CPU and threads of a short run may be without samples, which pprof shows as no rows.
	for file in every/*.pb.gz sampled/heap.pb.gz sampled/allocs.pb.gz test*.pb.gz; do
		"$GOBUDGET" profile top --json "$file" >"$OUT"
		if [ "$(jq .samples "$OUT")" -eq 0 ]; then
			"$pprof" -symbolize=none -top "$file" 2>"$ERR" | rows >want
			equal "$file: no samples, no rows" "$(wc -l <want)" 0
		else
			compare "$file"
		fi
	done
	rewritten every/heap.pb.gz
	difference every/heap1.pb.gz every/heap.pb.gz
	difference every/heap.pb.gz sampled/heap.pb.gz
	difference every/block.pb.gz sampled/block.pb.gz
	difference test-cpu.pb.gz every/cpu.pb.gz

	"$pprof" -symbolize=none -list '^main\.' -unit=bytes -sample_index=alloc_space every/heap.pb.gz 2>"$ERR" |
		listing >want
	"$GOBUDGET" profile list '^main\.' --unit exact --sample alloc_space every/heap.pb.gz | listing >got
	same 'list'

	disassembly prof every/heap.pb.gz
	run_ok 'builds, position independent' go build -buildmode=pie -o prof-pie .
	run_ok 'runs, position independent' ./prof-pie pie
	disassembly prof-pie pie/heap.pb.gz
	gb 2 profile disasm 'main\.deep' prof-pie every/heap.pb.gz
}

newest_go one_version
if [ "$profiles" -ge 10 ]; then pass "$profiles profiles"; else fail "$profiles profiles"; fi
finish
