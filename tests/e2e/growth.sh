#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# One more allocation of 64 bytes in a test that measures the same each time is always seen, with
# the right test's name; a leak that shows now and then is over as often as it showed.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

shop() {
	cat >shop.go <<-'EOT'
		package shop

		import "strings"

		type Item struct{ Name string; Count int }

		func Parse(text string) map[string]*Item {
			items := make(map[string]*Item)
			for _, name := range strings.Fields(text) {
				if items[name] == nil {
					items[name] = &Item{Name: name}
				}
				items[name].Count++
			}
			return items
		}
	EOT
	cat >shop_test.go <<-'EOT'
		package shop

		import (
			"fmt"
			"strings"
			"testing"
		)

		var sink []byte

		// So much that 64 bytes more are far below any headroom.
		func work() {
			for i := 0; i < 200; i++ {
				sink = make([]byte, 512)
			}
		}

		func TestParse(t *testing.T) {
			work()
			// here: TestParse
			if n := len(Parse(strings.Repeat("pear apple plum ", 100))); n != 3 {
				t.Fatal(n)
			}
		}

		func TestSub(t *testing.T) {
			for i := 0; i < 4; i++ {
				i := i
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					t.Parallel()
					work()
					if i == 2 {
						// here: TestSub/2
						sink = make([]byte, 1000)
					}
				})
			}
		}

		func TestGoroutine(t *testing.T) {
			done := make(chan bool)
			go func() {
				work()
				// here: TestGoroutine
				done <- len(Parse("a b c")) == 3
			}()
			<-done
		}
	EOT
}

# What is not within: "grew TestParse alloc_space".  TestSub, whose subtests run in parallel, is left
# out: what the framework does to wait for them depends on which of them is last.
verdicts() {
	jq -r '.verdicts[] | select(.verdict != "within" and .test != "TestSub") |
		"\(.verdict) \(.test) \(.metric)"' report.json | sort
}

expected() { # VERDICT TEST
	echo "$1 $2 alloc_objects"
	echo "$1 $2 alloc_space"
}

growth() {
	here=$PWD
	module "${here#"$TMPDIR/"}/growth" example.com/shop
	shop
	gb 0 record .
	json 'the tests measure the same each time' budgets/_root.json \
		'[.environments[].tests | del(.TestSub)[] | select(.spread)] == []'
	cp -R budgets recorded
	for test in TestParse TestSub/2 TestGoroutine; do
		shop
		sed -i "s|// here: $test\$|sink = make([]byte, 64)|" shop_test.go
		for try in 1 2 3; do
			gb 0 check --json report.json .
			equal "$test, 64 bytes more, try $try: grew" "$(verdicts)" "$(expected grew "$test")"
		done
		contains 'and the reader is told by how much' "$OUT" '+64 B'
		cat >budgets/_policy.json <<-'EOT'
			{"gates": {"alloc_space": {"over": 0}, "alloc_objects": {"over": 0}}}
		EOT
		gb 1 check --json report.json .
		equal "$test, no headroom: over" "$(verdicts)" "$(expected over "$test")"
		rm budgets/_policy.json
	done
	shop
	gb 0 check --json report.json .
	equal 'without it, nothing grew' "$(verdicts)" ''
	cd "$here"
}

# Each process of the test binary takes a number from a file outside the module; every fourth leaks.
now_and_then() {
	here=$PWD
	module "${here#"$TMPDIR/"}/flaky" example.com/flaky
	cat >flaky_test.go <<-'EOT'
		package flaky

		import (
			"os"
			"testing"
		)

		// In reach of a variable, so that nobody can prove that it waits for ever.
		var never = make(chan bool)

		func TestSteady(t *testing.T) {}

		func TestFlaky(t *testing.T) {
			name := os.Getenv("FLAKY_COUNTER")
			if name == "" {
				return
			}
			f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString("x")
			info, _ := f.Stat()
			f.Close()
			if info.Size()%4 == 1 {
				go func() { <-never }()
			}
		}
	EOT
	gb 0 record .
	# Only goroutines are asked about: opening a file allocates.
	echo '{"warn_only": ["alloc_space", "alloc_objects", "goroutines_peak", "goroutines_created"]}' \
		>budgets/_policy.json
	export FLAKY_COUNTER="$here/counter"
	rm -f "$FLAKY_COUNTER"
	over=0
	for try in 1 2 3 4 5 6 7 8; do
		before=$(counted)
		gb ANY check --repeats $((4 - try % 2)) --json report.json .
		after=$(counted) leaks=0 number=$before
		while [ "$number" -lt "$after" ]; do
			number=$((number + 1))
			[ $((number % 4)) -ne 1 ] || leaks=$((leaks + 1))
		done
		runs=$((after - before))
		if [ "$leaks" -gt 0 ]; then
			over=$((over + 1))
			equal "try $try, a leak: exit status" "$status" 1
			matches "try $try: in $leaks of $runs runs" "$OUT" "in $leaks of $runs runs"
			json "try $try: TestFlaky and nothing else is over" report.json \
				'[.verdicts[] | select(.verdict == "over" and .metric == "goroutines").test] == ["TestFlaky"]'
		else
			equal "try $try, no leak: exit status" "$status" 0
			equal "try $try: nothing is over" "$(verdicts | grep '^over.* goroutines$' || :)" ""
		fi
	done
	unset FLAKY_COUNTER
	at_most 'some tries leaked' 1 "$over"
	cd "$here"
}

counted() { # how many processes have taken a number
	if [ -e "$FLAKY_COUNTER" ]; then wc -c <"$FLAKY_COUNTER" | tr -d ' '; else echo 0; fi
}

seen() {
	growth
	now_and_then
}

newest_go seen
finish
