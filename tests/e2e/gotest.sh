#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# check takes the place of `go test`: what that prints and writes, it prints and writes.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

timeless() { # FILE: without what differs between two runs
	sed -E -e 's/[0-9]+\.[0-9]+s/TIME/g' -e 's#[0-9/]{10} [0-9:]{8}#NOW#g' -e 's/0x[0-9a-f]+/ADDRESS/g' \
		-e 's/goroutine [0-9]+/goroutine N/g' -e 's#[^ ]*/go-build[0-9]+#WORK#g' "$1"
}

events() { # FILE: of go test -json, without times
	jq -c 'del(.Time, .Elapsed) | if .Output then .Output |= gsub("[0-9]+\\.[0-9]+s"; "TIME") else . end' "$1"
}

# same NAME FLAGS...: check prints first, and on the same stream, what go test prints.
same() {
	what=$1
	shift
	go test "-gcflags=$gcflags" -count=1 "$@" >plain.out 2>plain.err || :
	"$GOBUDGET" check -- "$@" >check.out 2>check.err || :
	timeless plain.out >plain.txt
	timeless check.out | head -n "$(wc -l <plain.txt)" >check.txt
	equal "$what: standard output" "$(diff plain.txt check.txt)" ''
	run_ok "$what: the report comes after it" grep -qE '^(ok|FAIL|could not measure) .* tests? in' check.out
	timeless plain.err >plain.txt
	timeless check.err >check.txt
	equal "$what: standard error" "$(diff plain.txt check.txt)" ''
}

compare() {
	cp -R "$PROJECT/tests/e2e/modules/tags" tags
	cd tags
	gcflags='example.com/tags/...=-l'
	same 'no flags'
	same '-v' -v
	same '-v -run' -v -run='Always|Flag'
	same '-short -tags' -v -short -tags=integration
	same '-failfast -shuffle' -v -failfast -shuffle=7
	same '-count' -v -count=2
	same '-cpu' -v -cpu=1,2
	same '-cover' -cover
	same '-run that matches none' -run=TestNobody
	same 'a flag that go test does not know' -nosuchflag
	same 'flags of the test binary' -v -args -leave=2
	same 'a flag that the test binary does not know' -v -args -nosuchflag
	same '-vet=off' -vet=off
	same '-timeout too short' -timeout=1h

	go test -gcflags="$gcflags" -count=1 -json . >plain.json
	gb 0 check . -- -json
	events plain.json >plain.txt
	events "$OUT" >check.txt
	equal '-json: standard output is events and nothing else' "$(diff plain.txt check.txt)" ''
	contains '-json: the report is on standard error' "$ERR" 'tests in'

	go test -gcflags="$gcflags" -count=1 -coverpkg=./... -coverprofile=plain.cov . >/dev/null
	gb 0 check . -- -coverpkg=./... -coverprofile=check.cov
	equal '-coverprofile' "$(diff plain.cov check.cov)" ''

	mkdir profiles
	gb 0 check . -- -outputdir=profiles -cpuprofile=cpu -memprofile=mem -blockprofile=block \
		-mutexprofile=mutex -trace=trace -o=kept.test
	for file in profiles/cpu profiles/mem profiles/block profiles/mutex profiles/trace kept.test; do
		run_ok "$file is written" test -s "$file"
	done
	rm -rf profiles kept.test

	own_exec
	own_overlay
	not_ok
}

# A user's own -exec is chained.
own_exec() {
	cat >wrap <<-'EOF'
		#!/bin/sh
		echo "wrapped with $1"
		shift
		exec "$@"
	EOF
	chmod +x wrap
	gb 0 check --json report.json . -- -v "-exec=$PWD/wrap 'two words'"
	contains 'the own -exec runs' "$OUT" 'wrapped with two words'
	json 'and all is measured' report.json \
		'.packages[0].tests | map({key: .name, value: .metrics.goroutines.in_order.max})
			| from_entries | .TestAlways == 1 and .TestLong == 2'
}

# A user's own -overlay is merged.
own_overlay() {
	sed 's/use.Leave(1)/use.Leave(5)/' tags_test.go >other.txt
	jq -n --arg from "$PWD/tags_test.go" --arg to "$PWD/other.txt" '{Replace: {($from): $to}}' >overlay.json
	gb 0 check --json report.json . -- -overlay=overlay.json
	json 'the own -overlay is merged' report.json \
		'.packages[0].tests[] | select(.name == "TestAlways") | .metrics.goroutines.in_order.max == 5'
	rm other.txt overlay.json wrap
}

# What fails prints what go test prints.
not_ok() {
	cp -R "$PROJECT/tests/e2e/bad" ../bad
	cd ../bad
	gcflags='example.com/bad/...=-l'
	for shape in failing exitthree logfatal skipped notests nocompile vetted prints; do
		cd "$shape"
		same "$shape"
		cd ..
	done
	cd failing
	same 'failing -v' -v
}

each_go compare
finish
