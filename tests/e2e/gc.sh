#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The collector's health: what the tests themselves read of MemStats is what the report says, and what
# gobudget collects for itself shows nowhere.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

export TRUTH="$TMPDIR/truth"

# row PACKAGE METRIC: as jq finds it.
row() {
	echo ".packages[] | select(.path | endswith(\"/$1\")) | .tests[] | select(.name == \"(package)\")
		| .metrics[\"$2\"].in_order.min"
}

counted() { # NAME: of package forced, exactly
	equal "$1" "$(jq -c "[($(row forced gc_count)), ($(row forced gc_pause_total)), ($(row forced gc_pause_worst))]" \
		report.json)" "$(cat "$TRUTH")"
}

gc() {
	cp -R "$PROJECT/tests/e2e/gc" gc
	cd gc
	gb 0 check -v --json report.json ./...
	equal 'as many as were asked for' "$(jq "$(row forced gc_count)" report.json)" 300
	counted 'collections and their pauses'
	contains 'they are told' "$OUT" '300 garbage collections, the world stopped for '
	json 'what is kept is live' report.json "$(row live heap_live) >= 8388608"
	json 'what tests, pools and closures held is not' report.json "$(row live heap_live) < 9437184"
	json 'nothing is judged' report.json '[.verdicts[] | select(.metric // "" | startswith("gc_"))] == []'

	mkdir -p budgets
	cat >budgets/_policy.json <<-'END'
		{"ceilings": [{"tests": "(package)", "packages": "**/forced", "gc_count": 299, "gc_pause_worst": "10s"}]}
	END
	gb 1 check --repeats 0 ./forced
	matches 'a ceiling judges' "$OUT" 'over +gc_count +299 → 300'
	gb 0 check --json report.json ./forced -- -bench . -benchtime 1x
	json 'with benchmarks nothing is known' report.json "($(row forced gc_count)) == null"
	contains 'which is said' "$OUT" 'in example.com/gc/forced was not judged: benchmarks ran'
	echo '{"ceilings": [{"tests": "**", "gc_count": 1}]}' >budgets/_policy.json
	gb 2 check ./forced
	contains 'no test has it' "$ERR" 'no test has gc_count of its own'
	rm -r budgets

	gb 0 record --runs 2 --metric gc_count --metric heap_live ./forced ./live
	json 'a budget where it was asked for' budgets/forced.json \
		'.environments[0].tests["(package)"].gc_count == 300'
	gb 0 check ./forced ./live
	rm -r budgets
	gb 0 check --accounting testing --json report.json ./forced ./live
	equal 'by package testing alone' "$(jq "$(row forced gc_count)" report.json)" 300
	json '... and what is live' report.json \
		"$(row live heap_live) | . >= 8388608 and . < 12582912"
}

each_go gc
finish
