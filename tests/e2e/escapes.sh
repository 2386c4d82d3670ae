#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# What the compiler puts on the heap: counted, budgeted, compared with a base, and judged by rules.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

commit() { # MESSAGE
	git add -A
	git commit -qm "$1"
}

# LINE once for each value that a file's comments promise.
promised() { # FILE
	awk '/\/\/ heap/ { n = $NF ~ /^[0-9]+$/ ? $NF : 1; while (n-- > 0) print FNR }' "$1"
}

suspects() { # FILE
	jq -r ".escapes.suspects[] | select(.file == \"$1\") | .line" report.json
}

measured() { # PACKAGE: its escapes
	jq "[.verdicts[] | select(.metric == \"escapes\" and .package == \"example.com/escapes/$1\")
		| .measured] | first" report.json
}

counted() {
	cp -R "$PROJECT/tests/e2e/escapes" counted
	cd counted
	mkdir budgets
	echo '{"ceilings": [{"tests": "(package)", "escapes": 0}]}' >budgets/_policy.json
	gb 1 check --escapes-only --json report.json ./...
	total=$(promised store/store.go | wc -l)
	equal 'the count is that of the comments' "$(measured store)" "$((total))"
	equal 'every value has its line' "$(suspects store/store.go)" "$(promised store/store.go)"
	contains 'the text names lines' "$OUT" 'store/store.go:16, New: &Store{...} returned'
	json 'no test ran' report.json '.compiled_only and ([.packages[].tests[].name] | unique == ["(package)"])'
	equal 'tests do not count' "$(suspects store/store_test.go)" ''
	equal 'nothing is left behind' "$(find . -newer budgets/_policy.json -type f | sort)" ./report.json

	(cd store && gb 1 check --escapes-only --json ../report.json)
	equal 'from another folder the lines are the same' "$(suspects store/store.go)" \
		"$(promised store/store.go)"
	gb 1 check --escapes-only --json report.json ./store -- -tags=extra -run=Nothing -v
	equal 'tags choose files' "$(measured store)" "$((total + 1))"
	equal 'and name their lines' "$(suspects store/tagged.go)" "$(promised store/tagged.go)"
	gb 1 check --escapes-only --json report.json ./store -- -trimpath
	equal '-trimpath changes no name' "$(suspects store/store.go)" "$(promised store/store.go)"
	cd ..
}

budgeted() {
	cp -R "$PROJECT/tests/e2e/escapes" budgeted
	cd budgeted
	total=$(promised store/store.go | wc -l)
	gb 0 check --escapes-only ./...
	contains 'no budget, no judgement' "$OUT" 'escapes have no budget yet'
	gb 0 record --runs 1 ./...
	lacks 'record leaves them out' budgets/store.json '"escapes"'
	gb 0 record --runs 1 --metric escapes ./...
	json 'and budgets them where asked' budgets/store.json \
		".environments[0].tests[\"(package)\"].escapes == $((total))"
	gb 0 check --escapes-only --json report.json ./...
	gb 0 check --json report.json ./...
	json 'a budget makes check ask the compiler' report.json \
		'.verdicts | map(select(.metric == "escapes" and .package == "example.com/escapes/store"))
			| map(.verdict) == ["within"]'
	gb 0 check --escapes-only --json report.json ./... -- -p=1
	GOMAXPROCS=1 gb 0 check --escapes-only --json report.json ./...
	json 'processors do not matter to a compiler' report.json \
		'.verdicts | map(select(.metric == "escapes" and .package == "example.com/escapes/store"))
			| map(.verdict) == ["within"]'
	gb 3 check --escapes-only ./... -- -tags=extra
	contains 'another environment is not compared' "$OUT" 'store'

	git init -q .
	rm report.json
	commit first
	sed -e 's/^var shared/\n\n&/' -e 's/^	y := n .*/	y := n\n	z := y/' \
		-e 's/shared = &y/shared = \&z/' -e 's/return n \/\/ heap/return len(fmt.Sprint(\&n))/' \
		store/store.go >moved
	mv moved store/store.go
	gb 1 check --escapes-only --base HEAD --json report.json ./...
	equal 'moved lines are no news' "$(jq -r '[.escapes.new[].expr] | join(" ")' report.json)" \
		'z len(fmt.Sprint(... argument...))'
	equal 'what is gone' "$(jq -r '[.escapes.gone[].expr] | join(" ")' report.json)" y
	gb 1 check --escapes-only --json report.json ./...
	gb ANY check --escapes --base HEAD --json report.json ./...
	equal 'the same with tests, and packages that have none' \
		"$(jq -r '[.escapes.new[].expr] | join(" ")' report.json)" 'z len(fmt.Sprint(... argument...))'
	git checkout -q .
	rm report.json
	equal 'the tree is as it was' "$(git status --short)" ''

	echo 'package store; func bad() { x := 1 }' >store/bad.go
	gb 3 check --escapes-only ./...
	equal 'one line and a hint' "$(wc -l <"$ERR")" 2
	contains 'what does not compile is named' "$ERR" 'store/bad.go:1:29: '
	cd ..
}

line() { # FILE MARKER
	grep -nF -e "// $2" "$1" | cut -d: -f1
}

warned() { # RULE: FILE:LINE of its warnings
	jq -r ".escapes.warnings[] | select(.rule == \"$1\") | \"\\(.file):\\(.line)\"" report.json
}

rules() {
	cp -R "$PROJECT/tests/sample" sample
	cd sample
	[ "$(go_minor)" != 21 ] || sed -i.old 's/^go 1.22/go 1.21/' go.mod
	gb 0 check --escapes-only --json report.json ./...
	equal '(c) a closure keeps a list for its length' "$(warned large-capture)" \
		"handlers/tariff.go:$(line handlers/tariff.go 'bug: (c)')"
	equal '(e) a deferred Close starts a goroutine' "$(warned captured-pointer)" \
		"store/batch.go:$(grep -n 'defer func' store/batch.go | cut -d: -f1)"
	json 'the fixed twins are left alone' report.json \
		'[.escapes.warnings[] | select(.file | endswith("_fixed.go"))] | length == 0'
	cd legacy
	gb 0 check --escapes-only --json report.json ./...
	equal '(b) goroutines share the loop variable' "$(warned loop-variable)" \
		"feeds/feeds.go:$(line feeds/feeds.go 'bug: (b)')"
	equal 'and that is all' "$(jq '.escapes.warnings | length' report.json)" 1
	mkdir -p budgets
	echo '{"rules": {"loop-variable": false}}' >budgets/_policy.json
	gb 0 check --escapes-only --json report.json ./...
	equal 'the policy switches it off' "$(jq '.escapes.warnings | length' report.json)" 0
	if [ "$(go_minor)" -ge 22 ]; then
		rm budgets/_policy.json
		sed -i.old 's/^go 1.21/go 1.22/' go.mod
		gb 0 check --escapes-only --json report.json ./...
		equal 'since Go 1.22 there is nothing to warn of' \
			"$(jq '.escapes.warnings | length' report.json)" 0
	fi
	cd ../..
}

library() {
	cd "$(go env GOROOT)/src"
	for package in strings sort bytes; do
		gb 0 check --escapes-only --json "$TMPDIR/report.json" "$package"
		json "no warning in $package" "$TMPDIR/report.json" '.escapes.warnings == []'
	done
	cd "$TMPDIR"
}

each_go counted
each_go budgeted
each_go rules
each_go library
finish
