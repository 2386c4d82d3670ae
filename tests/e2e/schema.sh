#!/bin/sh
# The JSON Schemas and the program agree on what a budget file, a policy and a service's budget are.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

python3 -c 'import jsonschema' 2>/dev/null || skip_all 'python3-jsonschema is not installed'
data=$PROJECT/tests/e2e/schema
env='{"go": "1.20", "platform": "plan9/mips", "gomaxprocs": 2, "gcflags": "-l", "tags": "", "cgo": true, "race": false, "accounting": "runtime"}'

mkdir -p m/budgets
printf 'module example.com/m\n\ngo 1.21\n' >m/go.mod
printf 'package m\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' >m/m_test.go

# accepts FILE KIND: the program takes it; it may find that nothing is comparable, or nobody at the
# other end.
accepts() {
	rm -f m/budgets/*
	status=0
	if [ "$2" = service ]; then
		"$GOBUDGET" capture --budget "$1" --timeout 1s http://127.0.0.1:9 \
			>"$OUT" 2>"$ERR" </dev/null || status=$?
		[ "$status" -ne 2 ]
		return
	fi
	case $2 in
	budget) cp "$1" m/budgets/_root.json ;;
	policy) cp "$1" m/budgets/_policy.json ;;
	esac
	(cd m && "$GOBUDGET" check ./...) >"$OUT" 2>"$ERR" </dev/null || status=$?
	[ "$status" -ne 2 ]
}

# The schema is asked once for all cases: starting Python is what takes the time.
mkdir cases
number=100
grep -v '^#' "$data/cases" | while read -r kind verdict text; do
	number=$((number + 1))
	printf '%s\n' "$text" | sed -e 's|@F(\(.*\))@|{"package": "example.com/m", "environments": [{"env": @ENV@, "tests": {\1}}]}|' \
		-e "s|@ENV@|$env|g" >"cases/$number-$kind-$verdict.json"
done
for kind in budget policy service; do
	for file in cases/*-"$kind"-*.json; do
		echo "$file"
	done >"$kind.names"
	# shellcheck disable=SC2046 # names of ours, without blanks
	"$data/valid" "$PROJECT/budgets/schema/$kind.json" $(cat "$kind.names") >"$kind.said"
done

for kind in budget policy service; do
	paste -d' ' "$kind.names" "$kind.said" >"$kind.both"
	while read -r file said; do
		name=$(cut -c1-110 "$file")
		case $file:$said in
		*-good.json:valid | *-bad.json:not | *-code.json:*) pass "schema, $kind: $name" ;;
		*) fail "schema, $kind: $name" "the schema says: $said" ;;
		esac
		taken=no
		if accepts "$file" "$kind"; then taken=yes; fi
		case $file:$taken in
		*-good.json:yes | *-bad.json:no | *-code.json:no) pass "program, $kind: $name" ;;
		*) fail "program, $kind: $name" "$(cat "$ERR")" ;;
		esac
	done <"$kind.both"
done

# What is offered, and what the page on the format shows, is what both take.
mkdir page
"$data/valid" --examples "$PROJECT/budgets/README.md" page
cp "$PROJECT/budgets/ready-policy.json" page/policy-ready.json
for file in page/*.json; do
	kind=$(basename "$file" | sed 's/-.*//')
	equal "schema: $file" "$("$data/valid" "$PROJECT/budgets/schema/$kind.json" "$file")" valid
	if [ "$kind" = budget ]; then
		sed 's|"package": "[^"]*"|"package": "example.com/m"|' "$file" >page.json
	else
		cp "$file" page.json
	fi
	if accepts page.json "$kind"; then pass "program: $file"; else fail "program: $file" "$(cat "$ERR")"; fi
done
equal 'the page has examples of each' "$(find page -name '*-[0-9]*.json' | sed 's|page/||; s|-.*||' | sort -u | xargs)" 'budget policy service'
finish
