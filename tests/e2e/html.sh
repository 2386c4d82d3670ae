#!/bin/sh
# The pages for people, in a browser: check --html of the sample, profile flame, and the
# Markdown that says the same.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

# drive SCRIPT ARGS...: its lines "ok NAME" and "not ok NAME: SEEN" become checks.
drive() {
	what=$1 status=0
	timeout 300 python3 -B "$PROJECT/tests/e2e/html/$what.py" "$2" "$3" >drive.out 2>drive.err || status=$?
	while read -r line; do
		case $line in
		'ok '*) pass "${line#ok }" ;;
		'not ok '*) fail "${line#not ok }" ;;
		esac
	done <drive.out
	if [ $status -gt 1 ] || grep -q Traceback drive.err; then fail "$what.py itself" "$(cat drive.err)"; fi
	matches "$what.py came to its end" drive.out '^(not )?ok (and )?(nothing went wrong|nor break the page)'
}

browser=''
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=${browser:-$(command -v $name || :)}
done

cp -R "$PROJECT/tests/sample" sample
cd sample
gb 1 check --html ../report.html --markdown ../report.md ./...
cd ..
contains 'the comment says the outcome' report.md '### gobudget: FAIL'
contains 'and names the line' report.md 'scheduler/pool&#46;go&#58;'
at_most 'and keeps to the ceiling' "$(wc -c <report.md)" 65000
cmp -s report.html /dev/null || pass 'the page is written'
for address in http: https: '//cdn' '@import' 'url('; do
	lacks "the page asks nobody: $address" report.html "$address"
done

module hostile
mkdir bad
cat >bad/bad_test.go <<'END'
package bad

import (
	"strings"
	"testing"
)

func TestBad(t *testing.T) {
	for _, name := range []string{
		"</script><script>pwned=1</script>", "<img src=x onerror=pwned=1>", "'\" onmouseover=pwned=1 x='",
		"a|b`c`\n\n# @all", "\u202eevil\u2028", "\xff\x00",
		strings.Repeat("long", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			go func() { select {} }()
		})
	}
}
END
gb ANY check --html ../hostile.html --markdown ../hostile.md ./...
gb ANY check --json - ./...
contains 'go test prints to standard error' "$ERR" 'ok  	example.com/hostile/bad'
json 'where a report has standard output for itself' "$OUT" '.version == 1'
cd ..
lacks 'a hostile name is no script' hostile.html 'pwned=1</script>'
lacks 'nor a mention' hostile.md '@all'

module flame
cat >flame_test.go <<'END'
package flame

import (
	"encoding/json"
	"testing"
)

var keep [][]byte

func grow(n int) {
	for i := 0; i < n; i++ {
		keep = append(keep, make([]byte, 1024))
	}
}

func TestFlame(t *testing.T) {
	grow(SIZE)
	for i := 0; i < ROUNDS; i++ {
		var v any
		if err := json.Unmarshal([]byte(`{"a": [1, 2, {"b": "c"}]}`), &v); err != nil {
			t.Fatal(err)
		}
	}
}
END
printf 'package flame\n\nconst SIZE, ROUNDS = 500, 400\n' >size_test.go
run_ok 'a profile of before' go test -count=1 -memprofile=old.pprof -memprofilerate=1 .
printf 'package flame\n\nconst SIZE, ROUNDS = 900, 100\n' >size_test.go
run_ok 'a profile of after' go test -count=1 -memprofile=new.pprof -memprofilerate=1 .
gb 0 profile flame --base old.pprof --sample alloc_space -o one.html new.pprof
lacks 'only the type asked for' one.html alloc_objects
gb 0 profile flame --base old.pprof -o ../flame.html new.pprof
cd ..

if [ "$browser" ] && command -v python3 >/dev/null; then
	drive report report.html hostile.html
	drive flame flame.html big.html
else
	skip 'what the pages look like and do' 'no Chromium, or no python3'
fi
finish
