#!/bin/sh
# shellcheck disable=SC2016,SC2317 # scripts; functions that are called by name
# The cache of measurements: what is the same is not measured again, what is not is, and nobody
# can tell the difference by the verdicts.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export GOBUDGET_CACHE="$TMPDIR/cache"
unset GOBUDGET_CACHE_SIZE SHOP_LEVEL || :

# A program beside the packages; a, b that depends on a, and c that reads what it is given.
shop() {
	rm -rf "$TMPDIR/shop" && mkdir "$TMPDIR/shop" && cd "$TMPDIR/shop"
	mkdir -p a b c/testdata docs plain
	printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
	printf 'package a\n\nfunc One() []byte { return make([]byte, 1000) }\n' >a/a.go
	cat >a/a_test.go <<'END_GO'
package a

import "testing"

var kept []byte

func TestOne(t *testing.T) { kept = One() }
END_GO
	printf 'package b\n\nimport "example.com/shop/a"\n\nfunc Two() int { return 2 * len(a.One()) }\n' >b/b.go
	printf 'package b\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) { Two() }\n' >b/b_test.go
	cat >c/c.go <<'END_GO'
package c

import _ "embed"

//go:embed rate.txt
var Rate string
END_GO
	echo 7 >c/rate.txt
	echo data >c/testdata/data.txt
	echo page >docs/page.txt
	cat >c/c_test.go <<'END_GO'
package c

import (
	"os"
	"testing"
)

func TestFiles(t *testing.T) {
	if os.Getenv("SHOP_LEVEL") == "high" {
		t.Log("high")
	}
	for _, name := range []string{"testdata/data.txt", "../docs/page.txt"} {
		if _, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat("testdata/more.txt"); err == nil {
		t.Log("more")
	}
	os.ReadDir("testdata")
}
END_GO
	printf 'package plain\n' >plain/plain.go
	git init -q -b main
	git add -A
	git commit -qm shop
}

# These packages are measured, the other ones come from the cache.
measured() { # NAME WANT [ARGS...]
	name=$1 want=$2 status=0
	shift 2
	[ $# -gt 0 ] || set -- ./...
	"$GOBUDGET" check --json "$TMPDIR/report.json" "$@" >"$OUT" 2>"$ERR" </dev/null || status=$?
	equal "$name" "$(jq -r '.packages[] | select(.cached | not) | .path' "$TMPDIR/report.json" |
		sed 's|.*/||' | sort | tr '\n' ' ')" "$want"
	equal "$name: within" "$status" 0
}

none=''
all='a b c plain '

hits() {
	shop
	measured 'at first everything' "$all"
	cp "$TMPDIR/report.json" "$TMPDIR/first.json"
	measured 'then nothing' "$none"
	contains 'told as go test tells it' "$OUT" "$(printf 'ok  \texample.com/shop/a\t(cached)')"
	contains 'without tests' "$OUT" "$(printf '?   \texample.com/shop/plain\t[no test files]')"
	contains 'in the last line' "$OUT" '3 tests in 4 packages (4 cached)'
	json 'in the report' "$TMPDIR/report.json" \
		'all(.packages[]; .cached and .measured_at > 1000000000)'
	strip='del(.wall_ms, .packages[].wall_ms, .packages[].cached, .packages[].measured_at)'
	jq "$strip" "$TMPDIR/first.json" >"$TMPDIR/first"
	jq "$strip" "$TMPDIR/report.json" >"$TMPDIR/again"
	run_ok 'the report is the same otherwise' cmp "$TMPDIR/first" "$TMPDIR/again"
	measured 'by name as well' "$none" ./b ./a
	measured 'from a folder below, by path' "$none" example.com/shop/c
	mkdir "$TMPDIR/bin" && printf '#!/bin/sh\necho started >>%s\nexec %s "$@"\n' "$TMPDIR/started" \
		"$(command -v go)" >"$TMPDIR/bin/go" && chmod +x "$TMPDIR/bin/go"
	sed -i 's|^echo started|[ "$1" != test ] \|\| echo started|' "$TMPDIR/bin/go"
	PATH="$TMPDIR/bin:$PATH" gb 0 check ./...
	run_fails 'go test is not even started' test -e "$TMPDIR/started"
	PATH="$TMPDIR/bin:$PATH" gb 0 check --no-cache ./...
	run_ok 'but by --no-cache' test -e "$TMPDIR/started"
}

# One change each, and back: what it moves is measured, and afterwards all is known again.
change() { # NAME WANT COMMAND
	sh -euc "$3"
	measured "$1" "$2"
	measured "$1: kept" "$none"
	git reset -q --hard
	git clean -qfdx
	measured "$1: back" "$none"
}

misses() {
	shop
	measured 'anew' "$none"
	change 'a source' 'a b ' 'echo "// edited" >>a/a.go'
	change 'a test file' 'a ' 'echo "// edited" >>a/a_test.go'
	change 'a new source' 'a b ' 'printf "package a\n\nvar New = 1\n" >a/new.go'
	change 'an external test' 'b ' \
		'printf "package b_test\n\nimport \"testing\"\n\nfunc TestX(t *testing.T) {}\n" >b/x_test.go'
	change 'a source that its tags leave out' 'a b ' \
		'printf "//go:build never\n\npackage a\n" >a/never.go'
	change 'an embedded file' 'c ' 'echo 8 >c/rate.txt'
	change 'a file that tests read' 'c ' 'echo other >c/testdata/data.txt'
	change 'of the same size' 'c ' 'echo atad >c/testdata/data.txt'
	change 'one elsewhere' 'c ' 'echo more >>docs/page.txt'
	change 'one that was not there' 'c ' 'echo more >c/testdata/more.txt'
	change 'the language' "$all" 'sed -i "s/go 1.21/go 1.22/" go.mod'
	change 'nobody reads it' "$none" 'echo more >README.md'
	touch a/a.go c/testdata/data.txt
	measured 'times do not count' "$none"
	SHOP_LEVEL=high measured 'a variable that tests read' 'c '
	SHOP_LEVEL=high measured 'its value is kept, too' "$none"
	OTHER=high measured 'one that they do not' "$none"
	GOGC=50 measured 'one for the runtime' "$all"
	measured 'a flag' "$all" ./... -- -short
	measured 'the same flag' "$none" ./... -- -short
	measured 'a tag' "$all" ./... -- -tags=x
	measured 'some tests' "$all" ./... -- -run=One
	measured 'an option' "$all" --timeout 3m ./...
	measured 'how many run side by side does not count' "$none" -p 1 ./...
	measured '-count=1' "$all" ./... -- -count=1
	measured '-v' "$all" ./... -- -v
	measured 'GOFLAGS' "$all" ./... -- -count=1
	GOFLAGS=-count=1 measured 'in GOFLAGS as well' "$all"
	measured '--no-cache' "$all" --no-cache ./...
	measured '--bench' "$all" --bench . ./...
	measured '--note' "$all" --note ./...
	cd a
	measured 'without packages' 'a ' --quiet
	cd ..
	printf '{"settle": "300ms"}\n' >budgets.tmp && mkdir budgets && mv budgets.tmp budgets/_policy.json
	measured 'the policy, where it measures' "$all"
	rm -r budgets
}

failing() {
	shop
	echo 'package a

import "testing"

func TestBad(t *testing.T) { t.Fatal("bad") }' >a/bad_test.go
	gb 3 check ./...
	gb 3 check ./...
	contains 'what fails is never kept' "$OUT" 'TestBad'
	rm a/bad_test.go
	measured 'mended' "$none"
	echo 'package a

func broken(' >a/bad.go
	gb 3 check ./...
	rm a/bad.go
	printf 'package a\n\nimport "fmt"\n\nfunc init() { fmt.Sprintf("%%d", "x") }\n' >a/vet.go
	gb 3 check ./...
	gb 3 check ./...
	rm a/vet.go
}

# Over never comes from the cache, nor what grew; budgets are not part of what is measured.
over() {
	shop
	measured 'without budgets' "$none"
	gb 0 record ./...
	measured 'with them' "$none"
	contains 'within' "$OUT" 'within budget'
	rm -r budgets && mkdir budgets
	printf '{"ceilings": [{"tests": "TestOne", "alloc_space": 100}]}\n' >budgets/_policy.json
	for i in 1 2; do
		gb 1 check --json "$TMPDIR/report.json" ./...
		json "over is measured ($i)" "$TMPDIR/report.json" \
			'[.packages[] | select(.path | endswith("/a")) | .cached // false] == [false]'
		json "with its line ($i)" "$TMPDIR/report.json" \
			'[.. | objects | select(.file? == "a/a.go" and .line? == 3)] | length > 0'
		json "and the rest is not ($i)" "$TMPDIR/report.json" \
			'[.packages[] | select(.cached)] | length == 3'
	done
	git checkout -q . && git clean -qfdx
	cat >a/leak_test.go <<'END_GO'
package a

import "testing"

func TestLeak(t *testing.T) { go func() { select {} }() }
END_GO
	for i in 1 2; do
		gb ANY check --json "$TMPDIR/report.json" ./...
		json "what stays behind is measured ($i)" "$TMPDIR/report.json" \
			'[.packages[] | select(.path | endswith("/a")) | .cached // false] == [false]'
	done
	rm a/leak_test.go
}

# A cache that somebody broke is no cache.
broken() {
	shop
	measured 'known' "$none"
	find "$GOBUDGET_CACHE/v1" -type f | while read -r file; do
		printf 'x' | dd of="$file" bs=1 seek=300 conv=notrunc 2>"$ERR"
	done
	measured 'damaged entries' "$all"
	measured 'and replaced' "$none"
	find "$GOBUDGET_CACHE/v1" -type f | while read -r file; do : >"$file"; done
	measured 'empty entries' "$all"
	rm -rf "$GOBUDGET_CACHE"
	measured 'deleted' "$all"
	measured 'made again' "$none"
	chmod 777 "$GOBUDGET_CACHE"
	measured 'others can write' "$all"
	chmod 700 "$GOBUDGET_CACHE"
	GOBUDGET_CACHE=off measured 'off' "$all"
	(
		unset GOBUDGET_CACHE XDG_CACHE_HOME
		GOCACHE=$(go env GOCACHE) GOPATH=$(go env GOPATH) GOMODCACHE=$(go env GOMODCACHE)
		export GOCACHE GOPATH GOMODCACHE
		env -u HOME "$GOBUDGET" check ./... >"$OUT" 2>"$ERR"
	)
	lacks 'no home: no cache, and no word' "$OUT" 'ached'
	lacks 'nor on standard error' "$ERR" 'ache'
}

# More than fits: old entries go, and it stays within its size.
bounded() {
	shop
	export GOBUDGET_CACHE_SIZE=64KiB
	for i in 1 2 3 4 5 6 7 8; do
		echo "// $i" >>a/a.go
		gb 0 check ./...
	done
	at_most 'no more than was allowed' \
		"$(find "$GOBUDGET_CACHE/v1" -type f -printf '%k\n' | awk '{ n += $1 } END { print n }')" 64
	measured 'the last are there' "$none"
	unset GOBUDGET_CACHE_SIZE
}

# Two at once, and one that is killed.
together() {
	shop
	rm -rf "$GOBUDGET_CACHE"
	"$GOBUDGET" check --quiet ./... >"$TMPDIR/one" 2>&1 &
	one=$!
	"$GOBUDGET" check --quiet ./... >"$TMPDIR/two" 2>&1 &
	two=$!
	run_ok 'two at once: the one' wait $one
	run_ok 'and the other' wait $two
	measured 'and what they kept' "$none"
	git status --porcelain >"$OUT"
	equal 'nothing is left in the work tree' "$(cat "$OUT")" ''
}

# What changed while it was measured may have been seen by the tests or not: not kept.
meanwhile() {
	shop
	cat >c/slow_test.go <<'END_GO'
package c

import (
	"os"
	"testing"
)

func TestSlow(t *testing.T) {
	os.ReadFile("testdata/data.txt")
	os.WriteFile("testdata/data.txt", []byte("changed\n"), 0o644)
}
END_GO
	measured 'a file that tests write' 'c '
	measured 'is not known' 'c '
	git checkout -q .
	cat >c/slow_test.go <<'END_GO'
package c

import (
	"os"
	"testing"
)

func TestSlow(t *testing.T) {
	f, _ := os.OpenFile("c.go", os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("// more\n")
	f.Close()
}
END_GO
	measured 'a source that changes meanwhile' 'c '
	measured 'is not known either' 'c '
}

# What measuring alone needs is measured.
alone() {
	shop
	mkdir budgets
	printf '{"ceilings": [{"tests": "TestOne", "inuse_space": "1 MiB"}]}\n' \
		>budgets/_policy.json
	"$GOBUDGET" check ./... >"$OUT" 2>"$ERR" || :
	"$GOBUDGET" check --json "$TMPDIR/report.json" ./... >"$OUT" 2>"$ERR" || fail alone "$(cat "$ERR")"
	json 'what is measured alone is measured' "$TMPDIR/report.json" \
		'[.packages[] | select(.cached | not) | .path] == ["example.com/shop/a"]'
}

# --affected knows what tests did read, whatever their sources look like.
reads() {
	shop
	mkdir far
	printf 'package far\n' >far/far.go
	printf 'page of docs\n' >far/where
	cat >far/far_test.go <<'END_GO'
package far

import (
	"os"
	"strings"
	"testing"
)

func TestFar(t *testing.T) {
	up := strings.Repeat(".", 2)
	if _, err := os.ReadFile(up + "/docs/page.txt"); err != nil {
		t.Fatal(err)
	}
}
END_GO
	printf 'package shop\n' >shop.go
	git add -A
	git commit -qm far
	gb 0 check ./...
	echo more >>docs/page.txt
	gb 0 check --affected --base HEAD -v ./far ./plain .
	contains 'what tests read the last time' "$OUT" \
		'example.com/shop/far: its tests read docs/page.txt, which changed'
	lacks 'and only those' "$OUT" 'example.com/shop/plain:'
	git checkout -q .
}

# What came out within budget after more runs is known, too.
reruns() {
	shop
	cat >a/a_test.go <<'END_GO'
package a

import (
	"os"
	"testing"
)

var kept []byte

func TestOne(t *testing.T) {
	kept = One()
	if os.Getenv("GOGC") != "off" {
		kept = make([]byte, 1<<20)
	}
}
END_GO
	mkdir budgets
	printf '{"ceilings": [{"tests": "TestOne", "alloc_space": 100000}]}\n' >budgets/_policy.json
	gb 0 check --json "$TMPDIR/first.json" ./...
	json 'more runs were needed' "$TMPDIR/first.json" '.runs > 1'
	measured 'and are kept' "$none"
	strip='del(.wall_ms, .packages[].wall_ms, .packages[].cached, .packages[].measured_at)'
	equal 'the report is the same' "$(jq -c "$strip | del(.. | .evidence?)" "$TMPDIR/report.json")" \
		"$(jq -c "$strip | del(.. | .evidence?)" "$TMPDIR/first.json")"
}

hits
reads
reruns
misses
failing
over
alone
broken
bounded
together
meanwhile
finish
