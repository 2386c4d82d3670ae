#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# A night: rounds of tests and benchmarks, beside the night before and beside a base; what is kept of
# it; a night that is killed in the middle and goes on; one that has no time.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export GOBUDGET_CACHE="$TMPDIR/cache" SHELF="$TMPDIR/shelf"
mkdir "$SHELF"
git init -q --bare -b main origin.git
git init -q -b main work
cd work
git remote add origin ../origin.git
mkdir store
printf 'module example.com/shelf\n\ngo 1.21\n' >go.mod
# Each run leaves a line in $SHELF; on the third run of the benchmark it sends to whoever $SHELF/pid
# names the signal that $SHELF/signal says.
cat >shelf_test.go <<'END'
package shelf

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func mark(what string) int {
	f, err := os.OpenFile(os.Getenv("SHELF")+"/"+what, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err == nil {
		f.WriteString(what + "\n")
		f.Close()
	}
	text, _ := os.ReadFile(f.Name())
	return len(strings.Fields(string(text)))
}

func number(name string) int {
	text, _ := os.ReadFile(os.Getenv("SHELF") + "/" + name)
	n, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return n
}

var sink []byte

func TestShelf(t *testing.T) { sink = make([]byte, 4096); mark("test") }

func BenchmarkShelf(b *testing.B) {
	if b.N > 1 && mark("bench") == 3 && number("signal") > 0 {
		syscall.Kill(number("pid"), syscall.Signal(number("signal")))
		time.Sleep(time.Minute)
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		sink = make([]byte, 64)
	}
}
END
cat >store/store_test.go <<'END'
package store

import "testing"

var n int

func TestStore(*testing.T) {}
func BenchmarkWork(b *testing.B) {
	for i := 0; i < b.N; i++ {
		for k := 0; k < work; k++ {
			n += k & i
		}
	}
}
END
work() {
	printf 'package store\n\nconst work = %d\n' "$1" >store/store.go
	git add -A
	git commit -qm "work $1"
}
# Ten benchmarks in a second.
night() { gb "$@" --no-alone --repeat 2 --count 6 ./... -- -benchtime=2000x; }
stored() { find .git/objects -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'; }

work 4000
before=$(stored)
night 0 nightly --json "$TMPDIR/one.json"
after=$(stored)
told=$(sed -n 's/.*the repository grew by \([0-9,]*\) B .*/\1/p' "$OUT" | tr -d ,)
equal 'growth is told to the byte' "$told" "$((after - before))"
contains 'nothing to compare with yet' "$OUT" 'no commit before this one has a note of benchmarks'
matches 'a line for each round' "$ERR" '^round 6 of 6: '
json 'all rounds are in the report' "$TMPDIR/one.json" \
	'[.benchmarks.rows[] | select(.metric == "ns/op") | [.name, (.after.samples | length), .before]] == [["BenchmarkShelf", 6, null], ["BenchmarkWork", 6, null]]'
git notes --ref gobudget show HEAD >"$TMPDIR/note.json"
json 'and in the note' "$TMPDIR/note.json" \
	'[.benchmarks[][]["example.com/shelf"].BenchmarkShelf | (.["ns/op"] | length), .["B/op"], .["allocs/op"]] == [6, [64,64,64,64,64,64], [1,1,1,1,1,1]]'
json 'tests stand beside, not inlined' "$TMPDIR/note.json" \
	'[.measured | to_entries[] | select(.key | contains("-gcflags=-l")) | .value["example.com/shelf"].TestShelf.alloc_space >= 4096] == [true]'
if python3 -c 'import jsonschema' 2>"$ERR"; then
	equal 'as the schema has it' \
		"$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/note.json" "$TMPDIR/note.json")" valid
else
	skip 'as the schema has it' 'python3-jsonschema is not installed'
fi
equal 'the work tree is as it was' "$(git status --porcelain)" ''
equal 'twice for two rounds' "$(wc -l <"$SHELF/test")" 2

# Twenty times the work is really more, beside the night before and beside a base.
work 80000
night 1 nightly --push origin --markdown "$TMPDIR/two.md"
matches 'it says which, and by how much' "$OUT" 'BenchmarkWork .*\+[0-9]+\.[0-9]+% .*p=0\.002 n=6'
contains 'and what the policy says to it' "$OUT" 'over +15%'
contains 'beside the night before' "$OUT" "$(git rev-parse --short=12 HEAD^)"
contains 'for the summary, too' "$TMPDIR/two.md" BenchmarkWork
equal 'the remote has the note' "$(git -C ../origin.git rev-parse refs/notes/gobudget)" \
	"$(git rev-parse refs/notes/gobudget)"
tip=$(git rev-parse refs/notes/gobudget)
night 1 nightly --no-note --base HEAD^ --json "$TMPDIR/base.json"
json 'the base was measured here, as often' "$TMPDIR/base.json" \
	'[.benchmarks.rows[] | select(.metric == "ns/op") | (.before.samples, .after.samples) | length] == [6, 6, 6, 6]'
json 'and not in the note' "$TMPDIR/base.json" '.benchmarks.before | startswith("HEAD^ (")'
equal 'nothing was kept' "$(git rev-parse refs/notes/gobudget)" "$tip"
equal 'nor left behind' "$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*')" ''

# Another CPU is another machine.
for commit in HEAD HEAD^; do
	git notes --ref gobudget show $commit | sed -E 's/^"[^"]*, [0-9]+ CPUs?":/"A CPU of yesterday, 1 CPU":/' >"$TMPDIR/other"
	git notes --ref gobudget add -f -F "$TMPDIR/other" $commit 2>"$ERR"
done
work 80001
night 0 nightly --no-note
contains 'incomparable' "$OUT" 'benchmarks are incomparable'
contains 'it says with what' "$OUT" 'A CPU of yesterday, 1 CPU'

# Killed in the third round, by nobody's leave and by Ctrl-C; then it goes on, and the one after begins anew.
for signal in 9 2; do
	work "400$signal"
	echo $signal >"$SHELF/signal"
	rm -f "$SHELF/bench" "$SHELF/test"
	"$GOBUDGET" nightly --no-alone --repeat 2 --count 6 . -- -benchtime=2000x >"$OUT" 2>"$ERR" </dev/null &
	echo $! >"$SHELF/pid"
	status=0
	wait $! || status=$?
	rm "$SHELF/signal"
	[ $signal -eq 9 ] || matches "signal $signal ends it, and says how to go on" "$ERR" 'goes on where it stopped'
	[ $signal -eq 9 ] || equal 'nothing is left behind' "$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*')" ''
	run_fails "signal $signal: nothing was kept of it" git notes --ref gobudget show HEAD
	gb ANY nightly --no-alone --repeat 2 --count 6 . -- -benchtime=2000x
	contains "signal $signal: it goes on" "$OUT" 'rounds of packages were there from a night'
	equal "signal $signal: tests did not run again" "$(wc -l <"$SHELF/test")" 2
	equal "signal $signal: benchmarks only the rest of them" "$(wc -l <"$SHELF/bench")" 7
done
equal 'nothing is left behind by either' "$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*')" ''
gb ANY nightly --no-alone --no-note --repeat 2 --count 1 . -- -benchtime=2000x
lacks 'a whole night is over' "$OUT" 'rounds of packages were there'

# No time, a benchmark that fails, and notes that may not grow.
gb 3 nightly --time 1ms --json "$TMPDIR/late.json" .
contains 'what was not reached is told' "$OUT" 'not in time'
json 'for programs, too' "$TMPDIR/late.json" '.exit_status == 3'
printf '\nfunc BenchmarkBroken(b *testing.B) { b.Fatal("broken") }\n' >>store/store_test.go
mkdir budgets
# What another benchmark takes is not the question here.
echo '{"notes": {"max": "1 KiB"}, "cpu": {"warn": "never", "fail": "never"}}' >budgets/_policy.json
work 4000
night 3 nightly
contains 'a benchmark that fails' "$OUT" 'benchmarks, round 1 did not pass: exit status 1'
contains 'and why' "$OUT" broken
contains 'more than the policy has room for' "$OUT" 'nothing is kept in git notes: notes would take'
# A benchmark that was asked for and is not there is no pass.
gb 3 nightly --repeat 1 --count 1 --no-alone --no-note --bench Nowhere ./...
contains 'and the reason' "$OUT" 'no benchmark that matches Nowhere gave a number'
gb 3 nightly --repeat 1 --count 1 --no-alone --no-note --bench Nowhere --quiet ./...
contains 'in few words, too' "$ERR" 'no benchmark that matches Nowhere gave a number'
finish
