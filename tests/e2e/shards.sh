#!/bin/sh
# shellcheck disable=SC2016 # programs of jq
# plan, check --shard and merge: parts of a module become the report of the whole.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :

# What must be equal where memory is not measured to the byte twice.
gist() { # FILE
	jq -S '{verdicts: [.verdicts[] | [.package, .test, .metric, .verdict, .action, .by]] | sort,
		packages: [.packages[] | [.path, .passed, .measured, [.tests[] | [.name, .kind, .outcome]]]],
		"module": .module, command, exit_status, environment, filtered, whole, no_budgets, base, policy, living,
		left_out, notes, totals}' "$1"
}

# A whole report cut into N by jq, merged again: nothing of it may be lost or moved.
cut_and_merge() { # WHOLE N
	rm -f cut-*.json
	for i in $(seq "$2"); do
		jq --argjson i "$i" --argjson n "$2" '
			[.packages | to_entries[] | select(.key % $n == $i - 1).value.path] as $mine |
			[.packages[].path] as $all |
			.shard = {index: $i, of: $n, plan: "p", all: ($all | length), packages: $mine} |
			.packages |= map(select(.path | IN($mine[]))) |
			.verdicts |= map(select((.package | IN($mine[])) or
				($i == 1 and (.package | IN($all[]) | not)))) |
			.totals.tests = ([.packages[].tests[] | select(.kind != "package" and .outcome != "skip"
				and .metrics != {})] | length) |
			if .escapes then
				.escapes.warnings |= map(select(.package | IN($mine[]))) |
				.escapes.packages |= map(.asked = (.path | IN($mine[]))) else . end' "$1" >"cut-$i.json"
	done
	# Backwards, as a download may order them.
	# shellcheck disable=SC2046 # file names without blanks
	gb 1 merge $(find . -name 'cut-*.json' | sort -r) --json merged.json --markdown merged.md \
		--html merged.html --junit merged.xml
	gb 1 report "$1" --json whole.json --markdown whole.md --html whole.html --junit whole.xml
	for form in md html xml; do
		run_ok "merged of $2, $form" cmp whole.$form merged.$form
	done
	# What was asked for is no part of a package that only a cut knows.
	jq 'del(.escapes.packages[]?.asked)' whole.json >whole.n
	jq 'del(.escapes.packages[]?.asked)' merged.json >merged.n
	run_ok "merged of $2, json" cmp whole.n merged.n
}

sample() {
	cp -R "$PROJECT/tests/sample" sample
	cd sample
	git init -q -b main .
	git add .
	git commit -qm one
	gb 1 check ./... --escapes --json ../report.json
	cp ../report.json before.json
	gb 1 report before.json --json again.json
	run_ok 'a report read back is the same' cmp before.json again.json
	rm again.json before.json
	cd ..
	for n in 1 3 7 20; do cut_and_merge report.json "$n"; done
}

# Real jobs, each by itself; the plan says the same.
jobs() {
	cd sample
	gb 0 plan ./... --shards 3
	cp "$OUT" ../matrix
	equal 'one line' "$(wc -l <../matrix | tr -d ' ')" 1
	json 'a matrix' ../matrix '[.include[].shard] == ["1/3", "2/3", "3/3"] and
		([.include[].packages] | add) == 10'
	for i in 1 2 3; do
		gb 1 check ./... --escapes --shard "$i/3" --json "../job-$i.json"
		json 'as planned' "../job-$i.json" ".shard.packages | length ==
			$(jq ".include[$i - 1].packages" ../matrix)"
	done
	cd ..
	equal 'each package once' "$(jq -r '.shard.packages[]' job-?.json | sort | uniq -c |
		awk '$1 != 1')" ''
	gb 1 merge job-3.json job-1.json job-2.json --json jobs.json
	gist report.json >whole.gist
	gist jobs.json >jobs.gist
	run_ok 'three jobs say what one says' diff whole.gist jobs.gist
	jq .escapes.values report.json >whole.gist
	jq .escapes.values jobs.json >jobs.gist
	run_ok 'the compiler, too' cmp whole.gist jobs.gist
	gb 1 merge job-3.json job-1.json
	contains 'the missing one is named' "$OUT" 'shard 2 of 3 is missing'
	jq '.commit = "0123456789012345678901234567890123456789"' job-2.json >other.json
	gb 2 merge job-1.json other.json job-3.json
	contains 'another commit is refused' "$ERR" 'other.json is of another commit than job-1.json'
	cd sample
	gb 0 plan ./... --shards 2 --durations ../report.json -q
	gb ANY check ./... --shard 1/2 --durations ../report.json --json ../known.json -q
	gb ANY check ./... --shard 2/2 --json ../guessed.json -q
	cd ..
	gb 2 merge known.json guessed.json
	contains 'jobs that dealt differently are refused' "$ERR" 'of another plan'
}

# Two packages with budgets, of which one and a test of the other go.
gone() {
	mkdir gone
	cd gone
	printf 'module example.com/gone\n\ngo 1.21\n' >go.mod
	for p in one two old; do
		mkdir "$p"
		printf 'package %s\n\nimport "testing"\n\nfunc TestStays(t *testing.T) {}\n\nfunc TestGoes(t *testing.T) {}\n' \
			"$p" >"$p/x_test.go"
	done
	gb 0 record ./... -q
	rm -r old
	sed '/TestGoes/d' one/x_test.go >x
	mv x one/x_test.go
	gb 3 check ./... --json ../gone.json
	for i in 1 2; do gb ANY check ./... --shard "$i/2" --json "../gone-$i.json"; done
	cd ..
	json 'one shard tells of the package' gone-1.json \
		'[.verdicts[] | select(.verdict == "gone" and .test == null).package] == ["example.com/gone/old"]'
	json 'the other does not' gone-2.json '[.verdicts[] | select(.verdict == "gone" and .test == null)] == []'
	gb 3 merge gone-1.json gone-2.json --json gone-both.json
	gist gone.json >whole.gist
	gist gone-both.json >jobs.gist
	run_ok 'what is gone is told once' diff whole.gist jobs.gist
}

# Only what the change can move is dealt; nothing is a pass in every job.
affected() {
	cd gone
	sed 's/TestStays/&/' two/x_test.go >x
	mv x two/x_test.go
	rm -r budgets
	git init -q -b main .
	git add .
	git commit -qm one
	for i in 1 2; do
		gb 0 check --affected --base HEAD --shard "$i/2" ./... --json "../none-$i.json"
		contains 'nothing to do' "$OUT" 'nothing that the change can move'
	done
	gb 0 merge ../none-1.json ../none-2.json
	echo '// more' >>two/x_test.go
	gb 0 plan --affected --base HEAD ./... --shards 2
	json 'one package is dealt' "$OUT" '[.include[].packages] == [1, 0]'
	for i in 1 2; do gb 0 check --affected --base HEAD --shard "$i/2" ./... --json "../one-$i.json"; done
	contains 'nor is an empty shard a failure' "$OUT" 'shard 2 of 2 has none of 1 package'
	gb 0 merge ../one-1.json ../one-2.json --json ../one.json
	json 'what was left out is told' ../one.json '.left_out == 1 and
		[.packages[].path] == ["example.com/gone/two"]'
}

sample
jobs
gone
affected
finish
