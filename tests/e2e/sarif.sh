#!/bin/sh
# shellcheck disable=SC2016 # programs of jq
# check --sarif: the official schema, the rules of GitHub's code scanning, fingerprints that stay.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
modules=$("$PROJECT/tests/node/setup" "$PROJECT/tests/sarif")
multitool=$modules/@microsoft/sarif-multitool-linux

valid() { # FILE
	run_ok "$1 follows the schema" python3 - "$multitool/sarif-2.1.0.json" "$1" <<'END'
import json, sys
import jsonschema
schema, report = (json.load(open(f, encoding="utf-8")) for f in sys.argv[1:])
errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(report))
for error in errors[:5]:
    print(list(error.absolute_path), error.message[:300])
sys.exit(bool(errors))
END
}

scanning() { # FILE...: errors of what GitHub wants
	if [ "$(uname -sm)" != 'Linux x86_64' ]; then
		skip 'the rules of code scanning' 'the validator is a program for Linux on x86-64'
		return
	fi
	chmod +x "$multitool/Sarif.Multitool" # npm unpacks it without
	DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$multitool/Sarif.Multitool" validate "$@" \
		--rule-kind 'Sarif;Ghas' --level 'Error' >"$OUT" 2>"$ERR" || :
	contains 'the validator ran' "$OUT" 'Analysis completed successfully'
	lacks 'nothing is wrong with it' "$OUT" ': error '
}

cp -R "$PROJECT/tests/sample" sample
mkdir repository
mv sample repository/service
cd repository
git init -q -b main .
git add .
git commit -qm one
cd service
gb 1 check ./... --escapes --sarif "$TMPDIR/one.sarif" --json "$TMPDIR/one.json"
cd "$TMPDIR"
valid one.sarif
json 'the guilty line, from the top of the repository' one.sarif '[.runs[0].results[] |
	select(.ruleId == "goroutines" and (.message.text | test("TestPool")))][0].locations[0].physicalLocation |
	.artifactLocation == {uri: "service/scheduler/pool.go", uriBaseId: "SRCROOT"} and .region.startLine == 19'
equal 'a result for each that fails' "$(jq '[.runs[0].results[] | select(.level == "error")] | length' one.sarif)" \
	"$(jq .totals.failing one.json)"
json 'the compiler, too' one.sarif 'any(.runs[0].results[]; .ruleId == "captured-pointer")'
json 'each has a place' one.sarif 'all(.runs[0].results[]; .locations | length == 1)'
json 'and a fingerprint of its own' one.sarif '[.runs[0].results[].partialFingerprints["gobudget/v1"]] |
	length == (unique | length)'
gb 1 report one.json --sarif again.sarif
run_ok 'the saved report gives the same' cmp one.sarif again.sarif

# Five lines more above everything.
cd repository/service
find . -name '*.go' | while read -r file; do
	printf '// a\n// b\n// c\n// d\n\n' | cat - "$file" >x
	mv x "$file"
done
gb 1 check ./... --escapes --sarif "$TMPDIR/two.sarif"
cd "$TMPDIR"
for i in one two; do
	jq -r '.runs[0].results[] | .partialFingerprints["gobudget/v1"]' "$i.sarif" | sort >"$i.prints"
	jq -r '.runs[0].results[].locations[0].physicalLocation.region.startLine' "$i.sarif" | sort >"$i.lines"
done
run_ok 'fingerprints stay when lines move' cmp one.prints two.prints
run_fails 'and lines do move' cmp one.lines two.lines

# What did not build is no result, and no success.
mkdir broken
cd broken
printf 'module example.com/broken\n\ngo 1.21\n' >go.mod
printf 'package broken\n\nfunc f() { x }\n' >x.go
printf 'package broken\n' >x_test.go
gb 3 check ./... --sarif "$TMPDIR/broken.sarif"
cd "$TMPDIR"
valid broken.sarif
json 'told as what the tool met' broken.sarif '.runs[0] | .results == [] and (.invocations[0] |
	.executionSuccessful == false and .exitCode == 3 and
	(.toolExecutionNotifications[0].message.text | test("did not build")))'
scanning one.sarif broken.sarif
finish
