#!/bin/sh
# bench and nightly beside benchstat, on the same numbers: medians, intervals, differences, p and n to the
# digit.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

run_ok 'benchstat is there' env GOBIN="$PWD/bin" GOFLAGS=-mod=mod \
	go install golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

# What both have: rows with two sides, without benchstat's footnotes and shortened names.  A p that
# a double takes for 0 is left out by benchstat.
rows() {
	grep ' ± .* ± ' "$1" | sed -E 's/[¹²³⁴⁵⁶⁷⁸⁹⁰]//g; s/^ *(Benchmark)?//; s/ +/ /g; s/ $//; s/ \(n=/ (p=0.000 n=/' | sort
}
same() { # NAME OLD NEW LEAST [REPORT]: of bench, or of a report of these numbers
	if [ "${5-}" ]; then gb ANY report -v "$5"; else gb ANY bench --all "$2" "$3"; fi
	rows "$OUT" >ours
	run_ok "benchstat takes $1" bin/benchstat -filter '-.unit:B/s' "$2" "$3"
	rows "$OUT" >theirs
	at_most "$1: there is something to compare" "$4" "$(wc -l <ours)"
	if diff theirs ours >differ; then
		pass "$1: $(wc -l <ours) rows as benchstat prints them"
	else
		fail "$1: as benchstat prints them (< theirs, > ours)" "$(cat differ)"
	fi
}

run_ok 'samples are made up' go run "$PROJECT/tests/e2e/benchstat/samples.go" old.txt new.txt
same 'made up' old.txt new.txt 900

# And what go test prints, with tests between.
module real
cat >real_test.go <<'END'
package real

import (
	"fmt"
	"strings"
	"testing"
)

func TestPrints(t *testing.T) { fmt.Println("Benchmark of nothing") }

var sink string

func BenchmarkEmpty(b *testing.B) {
	for i := 0; i < b.N; i++ {
	}
}

func BenchmarkRepeat(b *testing.B) {
	b.ReportAllocs()
	for _, n := range []int{1, 100, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for i := 0; i < b.N; i++ {
				sink = strings.Repeat("x", n)
			}
		})
	}
}
END
for side in old new; do
	run_ok "go test measures, $side" go test -v -bench . -benchmem -benchtime 2ms -count 8
	cp "$OUT" ../$side.real
done
cd ..
same 'of go test' old.real new.real 12

# A night, of which the report has all samples.
cd real
git init -q -b main .
git add -A
git commit -qm before
sed 's/10000}/20000}/; s/"x", n/"x", n + n\/2/' real_test.go >changed
mv changed real_test.go
git commit -qam after
gb ANY nightly --base HEAD^ --no-alone --repeat 1 --count 7 --json ../night.json . -- -benchtime=500x
cd ..
for side in before after; do
	jq -r --arg side $side '"pkg: " + .module, (.benchmarks.rows[] | select(.[$side]) |
		. as $row | .[$side].samples[] | "\($row.name) 1 \(if $row.metric == "ns/op" then . / 1000 else . end) \($row.metric)")' \
		night.json >night.$side
done
same 'of a night' night.before night.after 9 night.json

if python3 -c 'import jsonschema' 2>/dev/null; then
	gb ANY bench --json all.json old.txt new.txt
	run_ok 'the schema knows all of it' python3 -c '
import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
		all.json "$PROJECT/budgets/schema/bench.json"
else
	skip 'the schema knows all of it' 'python3-jsonschema is not installed'
fi
finish
