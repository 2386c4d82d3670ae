#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Nothing is reported where nothing is wrong: some fifty shapes of tests whose goroutines do end, as
# users run them, very often, and with a scheduler that chooses at random.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

runs=4
[ -z "${E2E_ALL-}" ] || runs=20

nothing() { # NAME
	json "$1: no verdict at all" report.json '.verdicts == []'
	json "$1: no goroutines" report.json '[.packages[].tests[].goroutines // empty] == []'
	json "$1: no failure" report.json '[.packages[].troubles[]] == []'
}

shapes() {
	cp -R "$PROJECT/tests/e2e/benign" benign
	cd benign
	gb 0 check --json report.json ./quick
	nothing 'as users run it'
	json 'they are many' report.json \
		'[.packages[].tests[] | select(.kind == "test" and .outcome == "pass")] | length >= 40'
	gb 0 check --stress "$runs" --calm --json report.json ./...
	nothing "$runs runs"
	json "all of them $runs times" report.json \
		"[.packages[].tests[] | select(.kind == \"test\").stress.runs] | unique == [$runs]"
	gb 0 check --stress "$runs" --json report.json ./quick
	nothing "$runs runs, the scheduler choosing at random"
	cd ..
}

newest_go shapes
finish
