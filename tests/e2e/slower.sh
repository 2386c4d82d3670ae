#!/bin/sh
# Of a benchmark that became slower: the function and the line, from CPU profiles, with go tool pprof's
# shares.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

module shop
mkdir cart
cat >cart/cart_test.go <<'END'
package cart

import "testing"

var sum int

func BenchmarkTotal(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sum += total(500)
	}
}

func BenchmarkOther(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sum += add(500)
	}
}
END
cart() { # LINES OF total
	printf 'package cart\n\nfunc add(n int) (s int) {\n\tfor i := 0; i < n; i++ {\n\t\ts += i & s\n\t}\n\treturn s\n}\n\n' >cart/cart.go
	printf '//go:noinline\nfunc total(n int) int {\n\ts := add(n)\n%b\treturn s\n}\n' "$1" >>cart/cart.go
}
measure() { # NAME: samples, and a profile of so many operations that it has samples, too, under load
	go test -c -o "$1.bin" ./cart
	(cd cart && "../$1.bin" -test.run '^$' -test.bench . -test.count 10 -test.benchtime 5000x) >"$1.txt"
	sed -i '1i pkg: example.com/shop/cart' "$1.txt"
	(cd cart && "../$1.bin" -test.run '^$' -test.bench . -test.benchtime 500000x -test.cpuprofile "../$1.cpu") >/dev/null
}
cart ''
measure old
# Ten times the work, in a line that was not there: line 13.
cart '\tfor i := 0; i < 9*n; i++ {\n\t\ts += i & s\n\t}\n'
measure new

gb 1 bench old.txt new.txt --old-profile old.cpu --new-profile new.cpu --json "$TMPDIR/out.json"
matches 'the function and its line' "$OUT" '^    \+[0-9.]+ [num]s/op in example.com/shop/cart.total at cart.go:1[34]$'
# The other may be anything where this machine has more to do than this.
total='.benchmarks[] | select(.name | startswith("BenchmarkTotal"))'
json 'which is over' "$TMPDIR/out.json" "[$total | .verdict] == [\"over\"]"
json 'only what is over or warns is explained' "$TMPDIR/out.json" '[.benchmarks[] | select(.slower != []) | .verdict] - ["over", "warn"] == []'

# As a share of what is below the benchmark, in percent: by us, and by pprof.
ours=$(jq "$total"' | .slower[0].flat / .after.median * 1000 | round' "$TMPDIR/out.json")
go tool pprof -sample_index samples -focus 'BenchmarkTotal$' -top -nodefraction 0 new.cpu >top 2>/dev/null
# total() without add(), with what the runtime does below it: on a busy machine, preemption.
theirs=$(awk '$6 ~ /cart\.total$/ { total = $4 } $6 ~ /cart\.add$/ { add = $4 } $6 ~ /BenchmarkTotal$/ { all = $4 }
	END { printf "%.0f\n", (total - add) / all * 1000 }' top)
at_most "$ours of 1,000 samples, by pprof $theirs" "$(((ours - theirs) * (ours - theirs)))" 4

# The same profile on both sides: nothing is slower in it.
gb 1 bench old.txt new.txt --old-profile new.cpu --new-profile new.cpu --json "$TMPDIR/same.json"
json 'its shares are the same' "$TMPDIR/same.json" "[$total | . as \$row | .slower[] | (.flat_before / \$row.before.median - .flat / \$row.after.median) | fabs < 0.001] | all"
gb 2 bench old.txt new.txt --old-profile old.txt --new-profile new.cpu
contains 'no profile' "$ERR" 'old.txt is no profile'
finish
