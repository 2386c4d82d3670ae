#!/bin/sh
# shellcheck disable=SC2016,SC2317 # scripts; functions that are called by name
# What was measured of a base commit is kept: the next check of the same base neither writes it out
# nor builds nor runs it, and says the same.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export GOBUDGET_CACHE="$TMPDIR/cache"
unset GOBUDGET_CACHE_SIZE SHELF_LEVEL || :
outside=$(realpath "$TMPDIR")
mkdir "$outside/other"

# A workspace, so that the base has files outside of the module; the test tells when it ran at the base
# (its shelf.go says which state it is), and reads a file and a variable.
shop() {
	mkdir "$TMPDIR/shop" && cd "$TMPDIR/shop"
	mkdir lib app app/none
	printf 'go 1.21\n\nuse (\n\t./app\n\t./lib\n)\n' >go.work
	printf 'module example.com/lib\n\ngo 1.21\n' >lib/go.mod
	printf 'package lib\n\nfunc Make() []byte {\n\treturn make([]byte, 1024)\n}\n' >lib/lib.go
	printf 'module example.com/app\n\ngo 1.21\n\nrequire example.com/lib v0.0.0\n' >app/go.mod
	printf 'package none\n' >app/none/none.go
	shelf 128 base
	echo 1 >rate.txt
	cat >app/shelf_test.go <<END
package app

import (
	"os"
	"testing"

	"example.com/lib"
)

var sink []byte

func TestShelf(t *testing.T) {
	s := &Shelf{}
	for i := 0; i < 50; i++ {
		s.Put()
	}
	sink = lib.Make()
	go func() { select {} }()
	if _, err := os.ReadFile("../rate.txt"); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("SHELF_LEVEL") == "high" {
		t.Log("high")
	}
	if State == "base" {
		os.Stat("/nowhere/of/ours")
		ran()
	}
}

func TestOther(t *testing.T) { sink = make([]byte, 64) }
END
	cat >app/ran_test.go <<END
package app

import "os"

func ran() {
	f, err := os.OpenFile("$TMPDIR/ran", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	f.WriteString("ran\n")
	f.Close()
}
END
	git init -q -b main
	git add -A
	git commit -qm base
	cd app
	gb 0 record .
	git add -A ..
	git commit -qm budgets
	shelf 192 head
	sed -i 's/1024/2048/' ../lib/lib.go
}

shelf() { # SIZE STATE
	file=app/shelf.go
	[ -d app ] || file=shelf.go
	cat >"$file" <<END
package app

const State = "$2"

type Shelf struct{ books []*[$1]byte }

func (s *Shelf) Put() { s.books = append(s.books, new([$1]byte)) }
END
}

runs() { # how often the base's test ran since the last time
	if [ -e "$TMPDIR/ran" ]; then wc -l <"$TMPDIR/ran" | tr -d ' '; else echo 0; fi
	rm -f "$TMPDIR/ran"
}

# check --base: the base's tests ran, or not.
base() { # yes|no NAME [ARGS...]
	whether=$1 case=$2
	shift 2
	runs >/dev/null
	gb 1 check --base HEAD --repeats 0 --json "$TMPDIR/report.json" . "$@"
	n=$(runs)
	case $n in 0) got=no ;; *) got=yes ;; esac
	equal "$case: the base ran" "$got" "$whether"
	if [ "$whether" = no ]; then
		matches "$case: and that is said" "$OUT" \
			'the base was measured at 20[0-9-]+ [0-9:]+ UTC \(cached\)'
	else
		lacks "$case: and nothing else is said" "$OUT" '(cached)'
	fi
}

# All that a report has of the base.  How full the heap of a test alone is hangs on chance: it is the
# same only where it comes from the cache.
bases() { # FILE [measured]
	jq --arg how "${2-}" '[.packages[] | .tests[]? | select(.evidence) | {
		name,
		metrics: (.evidence.base_metrics | if $how == "" then . else
			del(.inuse_space, .heap_peak) end),
		places: (.evidence.places | map(select(.base) | select($how == "" or
			.kind != "reachable") | {kind, at, base, gone, source, is_new: (.escape_is_new == true)}) |
			sort_by(tojson)),
		stacks: (.evidence.stacks | . as $s | .base // [] |
			map(select($how == "" or .[0] == 0)) | map(.[:3] + (.[3:] | map($s.frames[.]))) | sort_by(tojson))
	}]' "$1"
}

same() { # NAME [measured]
	bases "$TMPDIR/first.json" "${2-}" >"$TMPDIR/first"
	bases "$TMPDIR/report.json" "${2-}" >"$TMPDIR/again"
	run_ok "$1: there is something of the base" grep -q '"bytes"' "$TMPDIR/first"
	run_ok "$1: the same of the base" diff "$TMPDIR/first" "$TMPDIR/again"
	equal "$1: the same verdicts" \
		"$(jq -c '[.verdicts[] | [.test, .metric, .verdict]] | sort' "$TMPDIR/report.json")" \
		"$(jq -c '[.verdicts[] | [.test, .metric, .verdict]] | sort' "$TMPDIR/first.json")"
}

hits() {
	base yes 'at first'
	contains 'with the difference' "$OUT" '(1,024 B in 1 object'
	cp "$TMPDIR/report.json" "$TMPDIR/first.json"
	lacks 'no name of a folder of ours' "$TMPDIR/first.json" "$outside/gobudget-"
	mkdir "$TMPDIR/bin" && printf '#!/bin/sh\npwd >>%s\nexec %s "$@"\n' "$TMPDIR/where" \
		"$(command -v go)" >"$TMPDIR/bin/go" && chmod +x "$TMPDIR/bin/go"
	PATH="$TMPDIR/bin:$PATH" base no 'then'
	same 'from the cache'
	run_ok 'the go command was there' test -s "$TMPDIR/where"
	lacks 'but never in a folder of the base' "$TMPDIR/where" /gobudget-
	base yes 'asked to' --no-cache
	same 'measured' measured
	GOBUDGET_CACHE=off base yes 'without a cache'
	same 'without a cache' measured
	base no 'and still known'
}

explaining() {
	for flags in '' '--alone'; do
		set -- explain TestShelf --base HEAD --json "$TMPDIR/report.json" ${flags:+"$flags"} .
		gb 0 "$@"
		cp "$TMPDIR/report.json" "$TMPDIR/first.json"
		runs >/dev/null
		gb 0 "$@"
		equal "explain $flags: the base did not run" "$(runs)" 0
		contains "explain $flags: and that is said" "$OUT" '(cached)'
		same "explain $flags"
		gb 0 "$@" --no-cache
		equal "explain $flags: asked to, it ran" "$(runs | sed 's/^[1-9].*/yes/')" yes
		same "explain $flags, measured" measured
	done
}

misses() {
	base yes 'other flags' -- -short
	base no 'other flags, again' -- -short
	base yes 'flags that say so' -- -count=1
	SHELF_LEVEL=high base yes 'a variable that it reads'
	base no 'the variable as it was'
	GOGC=50 base yes 'a variable of the runtime'
	printf '{"settle": "2s"}\n' >budgets/_policy.json
	base yes 'another policy'
	rm budgets/_policy.json
	base no 'the policy as it was'
	# What of the work tree is not the commit's does not matter.
	echo 2 >../rate.txt
	base no 'a file of the commit, changed here'
	git checkout -q ../rate.txt
	git commit -q --allow-empty -m 'another'
	base yes 'another commit'
	git reset -q --hard HEAD~1
	shelf 192 head
	sed -i 's/1024/2048/' ../lib/lib.go
	base no 'the commit as it was'
	# The same tests, but the lines of another one are wanted.
	sed -i 's/byte, 64)/byte, 96)/' shelf_test.go
	base yes 'another test is over'
	git checkout -q shelf_test.go
	find "$TMPDIR/cache/v1/base" -type f >"$TMPDIR/entries"
	while read -r entry; do
		sed 's/TestShelf/TestSheIf/' "$entry" >"$TMPDIR/broken"
		cp "$TMPDIR/broken" "$entry"
	done <"$TMPDIR/entries"
	base yes 'broken entries'
	base no 'and they are whole again'
}

# Files outside of the repository count, by size and time.
reading() {
	cat >ran_test.go <<END
package app

import "os"

func ran() {
	os.ReadFile("/etc/hostname")
	f, _ := os.OpenFile("$TMPDIR/ran", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	f.WriteString("ran\n")
	f.Close()
}
END
	git commit -qm reading ran_test.go
	base yes 'a base that reads outside'
	base no 'known'
	run_ok 'with what it read' grep -rq /etc/hostname "$TMPDIR/cache/v1/baseinputs"
}

# What did not pass, or hangs on more than the commit, is not kept.
unfit() {
	printf 'package app\n\nimport "testing"\n\nfunc TestFail(t *testing.T) { t.Skip(); if State == "base" { t.Fatal("no") } }\n' >fail_test.go
	sed -i 's/t.Skip(); //' fail_test.go
	git add -A . && git commit -qm failing fail_test.go
	base yes 'a base that fails'
	base yes 'a base that fails, again'
	git reset -q --hard HEAD~1
	shelf 192 head
	sed -i 's/1024/2048/' ../lib/lib.go
	# A module elsewhere may be another one the next time.
	cp -r ../lib "$outside/other/lib"
	git -C .. checkout -q lib
	sed -i "s|./lib|$outside/other/lib|" ../go.work
	git commit -qm elsewhere ../go.work
	base yes 'a module elsewhere'
	base yes 'a module elsewhere, again'
}

# No budgets of this environment: rounds on both sides.
difference() {
	cd "$TMPDIR/shop"
	git checkout -qf HEAD~2 2>"$ERR"
	cd app
	sed -i 's/"gomaxprocs": [0-9]*/"gomaxprocs": 1024/' budgets/_root.json
	git commit -qm 'budgets of elsewhere' budgets
	shelf 192 head
	base yes 'the difference'
	cp "$TMPDIR/report.json" "$TMPDIR/first.json"
	base no 'the difference, again'
	same 'the difference'
}

shop
hits
explaining
misses
reading
unfit
difference
finish
