#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The numbers against Go's own: the bytes of tests that run alone equal the total of a heap profile
# at rate 1, less what an empty test of the same package costs; goroutines equal what a goroutine
# profile shows that was taken by hand.
#
# Left out of the profile are the runtime's own threads and goroutines (allocm, malg): they belong to
# no test and come by chance.  The pattern of -test.run is compiled before the test runs, so
# the empty test's name is as long as the other's.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

# More than 50 KB each, and there since Go 1.21.
std='encoding/json TestCompactBig TestIndentBig TestUnmarshalMarshal TestMarshalFloat
strings TestBuilderGrow TestReplacer TestRepeat
bytes TestMixedReadsAndWrites TestReadFrom TestRepeat
sort TestSortLarge_Random TestStableBM
text/template TestComparison TestIssue19294
go/parser TestParse TestScopeDepthLimit
compress/flate TestDeflate TestWriterDict
regexp TestOnePassCutoff TestCompileOnePass
math/big TestHilbert TestRatXMLEncoding TestFloat64SpecialCases'
sample='report TestCost
metrics TestTransit
handlers TestRender
cache TestLabels'

empty() { # TEST: the name of an empty test that is as long
	echo "Test$(printf '%s' "${1#Test}" | tr '[:print:]' Z)"
}

# Writes $out/overlay.json, which gives each package of the list on standard input an external
# test package with empty tests, for the folder $dir.
lay_empty_tests() {
	comma='' replace=''
	while read -r package tests; do
		file=$out/$(echo "$package" | tr / _)_zz_test.go
		printf 'package %s_test\n\nimport "testing"\n\n' "$(basename "$package")" >"$file"
		for test in $tests; do empty "$test"; done | sort -u |
			sed 's/.*/func &(t *testing.T) {}/' >>"$file"
		replace="$replace$comma\"$dir/$package/zz_test.go\": \"$file\""
		comma=,
	done
	echo "{\"Replace\": {$replace}}" >"$out/overlay.json"
}

profiled() { # PACKAGE TEST: bytes that a plain run of it allocated
	(
		cd "$dir/$1"
		GOMAXPROCS=1 GOGC=off GODEBUG=randautoseed=0,memprofilerate=1 \
			"$out/$(basename "$1").test" -test.short "-test.run=^$2\$" -test.memprofilerate=1 \
			"-test.memprofile=$out/profile" >"$out/log" 2>&1 || cat "$out/log" >&2
	)
	go tool pprof -symbolize=none -sample_index=alloc_space -unit=B -top -nodefraction=0 \
		-ignore='^runtime\.(allocm|malg)$' "$out/profile" 2>/dev/null |
		sed -n 's/.*accounting for \([0-9]*\)B.*/\1/p'
}

# Round n of check runs the nth test of each package, alone in its process.
check_rounds() { # NAME LIST
	n=2
	while :; do
		tests=$(echo "$2" | cut -s -d' ' -f"$n" | grep . | paste -sd'|') || :
		[ "$tests" ] || break
		packages=$(echo "$2" | cut -s -d' ' -f1,"$n" | sed -n 's/^\(.*\) Test.*/.\/\1/p' | xargs)
		# shellcheck disable=SC2086 # a list of words
		(cd "$real" && GOMAXPROCS=1 GOGC=off GODEBUG=randautoseed=0 "$GOBUDGET" check \
			--repeats 0 --json "$out/round$n.json" $packages -- \
			-short "-run=^($tests)\$") >"$out/log" 2>&1 || :
		[ -s "$out/round$n.json" ] || fail "$1: gobudget check" "$(cat "$out/log")"
		n=$((n + 1))
	done
}

# compare NAME LIST FLAG: with $dir the folder of the packages, $tool the go command there, and
# $real what the folder is when its name is no symlink.
compare() {
	out=$PWD/$1
	mkdir -p "$out"
	echo "$2" | lay_empty_tests
	packages=$(echo "$2" | sed 's/ .*//; s/^/.\//' | xargs)
	# shellcheck disable=SC2086 # a list of words
	(cd "$dir" && $tool test -c -vet=off "$3" "-overlay=$out/overlay.json" \
		-o "$out/" $packages) >"$out/log" 2>&1 || fail "$1: build" "$(cat "$out/log")"
	check_rounds "$1" "$2"
	printf '%-16s %-24s %12s %12s %8s\n' package test pprof gobudget percent
	echo "$2" | while read -r package tests; do
		for test in $tests; do
			total=$(profiled "$package" "$test")
			nothing=$(profiled "$package" "$(empty "$test")")
			ours=$(jq -s --arg p "$package" --arg t "$test" '[.[].packages[] |
				select(.path == $p or (.path | endswith("/" + $p))).tests[] |
				select(.name == $t).metrics.alloc_space.in_order.min] | first' \
				"$out"/round*.json)
			echo "$package $test $((total - nothing)) $ours"
		done
	done | awk '{
		off = $3 > 0 && $4 != "null" ? ($4 - $3) * 100 / $3 : 100
		printf "%-16s %-24s %12d %12d %8.3f\n", $1, $2, $3, $4, off
		if ($3 < 50000 || off > 2 || off < -2) wrong++
		n++
	} END { print n + 0, wrong + 0 > "'"$out/counts"'" }'
	equal "$1: tests compared, and not confirmed by their profiles" "$(cat "$out/counts")" \
		"$(echo "$2" | grep -o ' Test' | wc -l) 0"
}

# Where GOTOOLCHAIN fetched it, overlays are refused below its real name.
go_of_link() {
	GOROOT="$link" GOTOOLCHAIN=local "$link/bin/go" "$@"
}

standard_library() {
	link=$PWD/goroot
	ln -sn "$(go env GOROOT)" "$link" # never into a GOROOT that it points to already
	dir=$link/src real=$(go env GOROOT)/src tool=go_of_link
	compare std "$std" -gcflags=-l
}

sample_module() {
	[ "$(go_minor)" -ge 22 ] || return 0 # its go.mod wants that
	cp -R "$PROJECT/tests/sample" sample
	dir=$PWD/sample real=$dir tool=go
	compare sample "$sample" '-gcflags=example.com/sample/...=-l'
}

# What each test leaves is started by its own function, so that a goroutine dump names the test;
# TestMain takes one by hand, after the tests.
goroutines() {
	here=$PWD
	module "${here#"$TMPDIR/"}/leaks" example.com/leaks
	cat >leaks_test.go <<-'EOT'
		package leaks

		import (
			"fmt"
			"os"
			"runtime/pprof"
			"sync"
			"testing"
			"time"
		)

		func wait() { select {} }

		func TestNone(t *testing.T) {
			var wg sync.WaitGroup
			for i := 0; i < 9; i++ {
				wg.Add(1)
				go func() { wg.Done() }()
			}
			wg.Wait()
		}

		func TestOne(t *testing.T) { go wait() }

		func TestMany(t *testing.T) {
			for i := 0; i < 100; i++ {
				go wait()
			}
		}

		// What is left by what it left.
		func TestDeep(t *testing.T) {
			for i := 0; i < 3; i++ {
				go func() {
					go func() { go wait(); wait() }()
					wait()
				}()
			}
		}

		func TestEnded(t *testing.T) {
			end := make(chan bool)
			for i := 0; i < 5; i++ {
				go func() { <-end }()
			}
			go wait()
			go wait()
			t.Cleanup(func() { close(end) })
		}

		func TestParent(t *testing.T) {
			for i := 1; i <= 3; i++ {
				i := i
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					t.Parallel()
					for ; i > 0; i-- {
						go wait()
					}
				})
			}
		}

		func TestMain(m *testing.M) {
			status := m.Run()
			// Of the first run: those that explain show ancestors in their dumps.
			if f, err := os.OpenFile(os.Getenv("BY_HAND"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
				time.Sleep(100 * time.Millisecond)
				pprof.Lookup("goroutine").WriteTo(f, 2)
				f.Close()
			}
			os.Exit(status)
		}
	EOT
	BY_HAND=$PWD/plain run_ok 'go test takes a goroutine profile' go test -count=1 .
	BY_HAND=$PWD/ours gb ANY check --json report.json .
	for test in None:0 One:1 Many:100 Deep:9 Ended:2 Parent:6; do
		number=${test#*:} test=Test${test%:*}
		for profile in plain ours; do
			equal "$test, profile by hand, $profile" "$(grep -cE \
				"^created by example\.com/leaks\.$test(\.| |\$)" "$profile" || :)" "$number"
		done
		json "$test, gobudget" report.json "[.packages[].tests[] | select(.name == \"$test\")
			.metrics.goroutines.in_order.max] == [$number]"
	done
	cd "$here"
}

truth() {
	goroutines
	standard_library
	sample_module
}

newest_go truth
finish
