#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Goroutines left behind: known again when lines move, each kind by its own rule, those that are
# meant to live, and what only shows in one run of many.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

pool_module() {
	module "$1" example.com/shop
	cat >pool.go <<-'EOT'
		package shop

		import "sync"

		type Pool struct {
			once sync.Once
			work chan func()
		}

		var shared = &Pool{work: make(chan func())}

		func (p *Pool) start() {
			for i := 0; i < 4; i++ {
				go func() {
					for f := range p.work {
						f()
					}
				}()
			}
		}

		func Do(f func()) {
			shared.once.Do(shared.start)
			shared.work <- f
		}
	EOT
	cat >pool_test.go <<-'EOT'
		package shop

		import "testing"

		var never = make(chan int)

		func TestFirst(t *testing.T)  { Do(func() {}) }
		func TestSecond(t *testing.T) { Do(func() {}) }

		func parent() { go child() }
		func child()  { <-never }

		func TestLeft(t *testing.T) {
			for i := 0; i < 3; i++ {
				go parent()
			}
		}
	EOT
}

policy() { # JSON
	mkdir -p budgets
	printf '%s\n' "$1" >budgets/_policy.json
}

groups() { # TEST
	jq -c --arg test "$1" '[.packages[].tests[] | select(.name == $test).goroutines[]?]' report.json
}

fingerprints() {
	here=$PWD
	pool_module "${here#"$TMPDIR/"}/moved"
	gb 0 check --json report.json .
	groups TestLeft >before
	json 'one place is one group' before 'length == 1 and .[0].count == 3'
	json 'which stood still' before '.[0].still == 3'
	json 'with its fingerprint' before '.[0].fingerprint.text ==
		"example.com/shop.parent | chan receive | example.com/shop.child"'
	json 'its go statement, and the line where it waits' before '.[0] |
		.created == {func: "example.com/shop.parent", file: "pool_test.go", line: 10} and
		.frames[0] == {func: "example.com/shop.child", file: "pool_test.go", line: 11}'
	sed -i 's|^func parent|// Another line.\n&|' pool_test.go
	gb 0 check --json report.json .
	groups TestLeft >after
	json 'the line has moved' after '.[0].created.line == 11'
	equal 'the fingerprint has not' "$(jq -r '.[0].fingerprint.id' after)" \
		"$(jq -r '.[0].fingerprint.id' before)"
	# A ceiling makes it over, and runs that explain know the parents.
	policy '{"ceilings": [{"tests": "TestLeft", "goroutines": 0}]}'
	gb 1 check --json report.json .
	groups TestLeft >explained
	json 'runs that explain know who started the parent' explained \
		'any(.[]; any(.creator[]?; .func == "example.com/shop.TestLeft"))'
	matches 'which is told' "$OUT" '3 × shop.child created at pool_test.go:11'
	cd "$here"
}

each_kind() {
	here=$PWD
	module "${here#"$TMPDIR/"}/kinds" example.com/kinds
	cat >kinds_test.go <<-'EOT'
		package kinds

		import (
			"sync"
			"testing"
		)

		var never = make(chan int)

		func TestLeft(t *testing.T)   { go func() { <-never }() }
		func TestProven(t *testing.T) { c := make(chan int); go func() { c <- 1 }() }

		func TestHung(t *testing.T) {
			var mu sync.Mutex
			mu.Lock()
			mu.Lock()
		}
	EOT
	known=left
	[ "$(go_minor)" -lt 26 ] || known=proven
	gb 1 check --json report.json .
	kinds=$(jq -c '[.verdicts[] | select(.metric == "goroutines") | [.test, .leak // .verdict]] | sort' report.json)
	equal 'each is told by its kind' "$kinds" \
		"[[\"TestHung\",\"hung\"],[\"TestLeft\",\"left\"],[\"TestProven\",\"$known\"]]"
	json 'the test that hangs, and where' report.json '[.verdicts[] | select(.leak == "hung")] | length == 1'
	json 'its own line' report.json 'any(.packages[].tests[] | select(.name == "TestHung").goroutines[].frames[]; .line == 16)'
	policy '{"on": {"hung": "ignore", "proven": "warn", "left": "ignore"}}'
	gb 3 check --json report.json . # a test that hangs has not passed, whatever the policy
	action=warn
	[ "$known" = proven ] || action=ignore
	equal 'each by its own rule' "$(jq -c '[.verdicts[] | [.test, .action]] | sort' report.json)" \
		"[[\"TestLeft\",\"ignore\"],[\"TestProven\",\"$action\"]]"
	policy '{"on": {"left": "fail"}}'
	gb 1 check --json report.json . -- -run TestLeft
	equal 'left may fail as well' "$(jq -c '[.verdicts[] | [.test, .verdict, .action]]' report.json)" \
		'[["TestLeft","left","fail"]]'
	cd "$here"
}

living() { # COUNT: the policy that means so many to live
	policy '{"living": [{"created_by": "example.com/shop.(*Pool).start", "count": '"$1"',
		"reason": "one worker per request at a time"}], "on": {"slack": "warn"}}'
}

charged() {
	jq -c '[.packages[].tests[] | [.name, .metrics.goroutines.in_order.max]]' report.json
}

meant_to_live() {
	here=$PWD
	pool_module "${here#"$TMPDIR/"}/living"
	gb 0 check --json report.json ./...
	equal 'without a rule the first user pays' "$(charged)" \
		'[["TestFirst",4],["TestSecond",0],["TestLeft",3],["(package)",0]]'
	living 4
	gb 0 check --json report.json ./...
	equal 'with one nobody does' "$(charged)" \
		'[["TestFirst",0],["TestSecond",0],["TestLeft",3],["(package)",0]]'
	json 'as many as were meant' report.json \
		'[.verdicts[] | select(.by == "living")] | length == 1 and .[0].verdict == "within"'
	lacks 'nothing is said of the first user' "$OUT" TestFirst
	living 3
	gb 1 check --json report.json ./...
	json 'one more is over' report.json '[.verdicts[] | select(.by == "living")] |
		length == 1 and (.[0] | .verdict == "over" and .measured == 4 and .ceiling == 3)'
	matches 'with its line' "$OUT" 'created at pool.go:14'
	matches 'and its rule' "$OUT" '_policy.json:1'
	living 5
	gb 0 check --json report.json ./...
	json 'one fewer is slack' report.json '[.verdicts[] | select(.by == "living").verdict] == ["slack"]'
	matches 'which is said' "$OUT" 'means 5 goroutines created by '
	living 4
	gb 0 record .
	equal 'record leaves them out as well' \
		"$(jq '.environments[0].tests.TestFirst.goroutines' budgets/_root.json)" 0
	policy '{"living": [{"created_by": "example.com/shop.**", "count": 0, "reason": "none"}]}'
	gb 2 check .
	contains 'a rule for nothing is refused, with its place' "$ERR" 'budgets/_policy.json:1: living[0].count'
	cd "$here"
}

# Each process of the test binary takes the next number: what it does depends on it alone.
stress_module() {
	module "$1" example.com/stress
	cat >stress_test.go <<-'EOT'
		package stress

		import (
			"os"
			"testing"
		)

		var never = make(chan int)

		func number(t *testing.T) int64 {
			f, err := os.OpenFile(os.Getenv("STRESS_COUNTER"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			f.WriteString("x")
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			return info.Size()
		}

		var this int64

		func TestNumber(t *testing.T) { this = number(t) }

		func TestLeak(t *testing.T) {
			if this%4 == 0 {
				go func() { <-never }()
			}
		}

		func TestOther(t *testing.T) {
			if this%20 == 7 {
				for i := 0; i < 2; i++ {
					go func() { select {} }()
				}
			}
		}

		func TestFails(t *testing.T) {
			t.Run("sub", func(t *testing.T) {
				if this%10 == 9 {
					t.Error("now and then")
				}
			})
		}

		func TestHangs(t *testing.T) {
			if this == 13 {
				<-make(chan int)
			}
		}
	EOT
	export STRESS_COUNTER="$PWD/counter"
	rm -f "$STRESS_COUNTER"
}

many_runs() {
	here=$PWD
	stress_module "${here#"$TMPDIR/"}/stress"
	gb 1 check --stress 40 --json report.json .
	# The one that hung goes on in a new process, which takes no number again.
	equal 'every run ran' "$(wc -c <counter | tr -d ' ')" 40
	json 'how often the test leaked' report.json \
		'[.packages[].tests[] | select(.name == "TestLeak").stress.leaked] == [10]'
	matches 'which is told with the place' "$OUT" 'stress.TestLeak.func1 created at stress_test.go:30, .*in 10 of 40 runs'
	json 'a rare one, two at a time' report.json '[.packages[].tests[] |
		select(.name == "TestOther") | .stress.leaked, .goroutines[0].seen_runs, .goroutines[0].count] == [2, 2, 2]'
	json 'the one that hung' report.json \
		'[.packages[].tests[] | select(.name == "TestHangs").stress] == [{runs: 40, leaked: 1, hung: 1, failed: 0}]'
	matches 'is told with how often' "$OUT" 'in 1 of 40 runs'
	json 'the one that failed' report.json '[.packages[].troubles[] | [.test, .text]] ==
		[["TestFails/sub", "in 4 of 40 runs"]]'
	json 'bytes are not judged' report.json \
		'[.verdicts[].metric] | unique == ["goroutines"]'
	rm -f counter
	gb ANY check --stress 8 --calm --json report.json . -- -run 'TestNumber|TestLeak|TestOther'
	json 'with the scheduler as it is' report.json \
		'[.packages[].tests[] | select(.name == "TestLeak").stress.leaked] == [2]'
	cd "$here"
}

# Ctrl-C tells what was seen until then.
interrupted() {
	here=$PWD
	stress_module "${here#"$TMPDIR/"}/interrupted"
	status=0
	"$GOBUDGET" check --stress 100000 --json report.json . -- -run 'TestNumber|TestLeak' >"$OUT" 2>"$ERR" &
	pid=$!
	touch counter
	while kill -0 "$pid" 2>/dev/null && [ "$(wc -c <counter)" -lt 12 ]; do
		sleep 0.1
	done
	kill -INT "$pid"
	wait "$pid" || status=$?
	equal 'interrupted: exit status' "$status" 3
	json 'it says so' report.json '.interrupted'
	json 'and what it has seen' report.json '[.packages[].tests[] | select(.name == "TestLeak").stress |
		.leaked >= 2 and .runs >= 11] == [true]'
	matches 'in words' "$OUT" 'TestLeak'
	cd "$here"
}

all() {
	fingerprints
	each_kind
	meant_to_live
	many_runs
	interrupted
}

each_go all
finish
