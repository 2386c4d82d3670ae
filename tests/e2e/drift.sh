#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Growth since a fixed commit: small steps that pass every gate, and together do not.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
git init -q -b main work
cd work
printf 'module example.com/shelf\n\ngo 1.21\n' >go.mod
shelf() { # BYTES
	cat >shelf_test.go <<END
package shelf

import "testing"

var sink []byte

func TestShelf(*testing.T) { sink = make([]byte, $1) }
END
}
policy() { # DRIFT ON
	mkdir -p budgets
	printf '{"drift": %s, "on": {"drift": "%s"}, "raise": "%s"}\n' "$1" "$2" "${3:-allow}" >budgets/_policy.json
}
shelf 4096
gb 0 record .
git add -A
git commit -qm one
git tag v1
policy '{"since": "v1"}' fail
gb 0 check .
lacks 'nothing drifted' "$OUT" drift

# Three steps below every gate, each recorded.
for size in 4864 5376 6144; do
	shelf $size
	gb 0 record --raise TestShelf --reason more .
	git add -A
	git commit -qm "$size"
done
gb 1 check --json r.json --markdown r.md --html r.html --junit r.xml .
contains 'it has a table' "$OUT" 'drift'
contains 'with the anchor' "$OUT" "since v1 ($(git rev-parse --short=12 v1)), at most 4,300 B"
json 'in JSON' r.json '[.verdicts[] | select(.verdict == "drift" and .metric == "alloc_space")
	| .at_anchor == 4096 and .measured == 6144 and (.anchor | startswith("v1 ("))] == [true]'
contains 'in Markdown' r.md 'At the anchor'
contains 'in the page' r.html 'since v1 ('
contains 'in JUnit' r.xml 'since v1 ('
if python3 -c 'import jsonschema' 2>"$ERR"; then
	equal 'as the schema has it' "$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/report.json" r.json)" valid
else
	skip 'as the schema has it' 'python3-jsonschema is not installed'
fi
gb 1 report --json again.json --markdown again.md r.json
run_ok 'read back it is the same' cmp r.json again.json
run_ok 'in Markdown, too' cmp r.md again.md
rm r.* again.*
policy '{"since": "v1"}' warn
gb 0 check .
contains 'or it only warns' "$OUT" '1 drift'
policy '{"since": "v1"}' ignore
gb 0 check .
lacks 'or is none' "$OUT" drift
policy '{"since": "v1", "over": "60%"}' fail
gb 0 check .

# What was measured there says more than what its files recorded.
git checkout -q .
printf '{"version":1,"measured":{' >"$TMPDIR/note"
git checkout -q -f v1
gb 0 check --note .
git checkout -q -f main
git notes --ref gobudget show v1 | sed 's/"alloc_space":4096/"alloc_space":6100/' >"$TMPDIR/note"
git notes --ref gobudget add -f -F "$TMPDIR/note" v1 2>"$ERR"
policy '{"since": "v1"}' fail
gb 0 check .
echo '{' >"$TMPDIR/note"
git notes --ref gobudget add -f -F "$TMPDIR/note" v1 2>"$ERR"
gb 1 check .
contains 'a broken note is said' "$OUT" 'drift: its git note'
git update-ref -d refs/notes/gobudget

# Not to be found: no silent pass.
policy '{"since": "v2"}' fail
gb 3 check .
contains 'it says what is missing' "$OUT" 'drift is not judged: tag v2 is not in this clone'
policy '{"since": "v2"}' warn
gb 0 check .
contains 'also where it only warns' "$OUT" 'drift is not judged'
policy '{"since": "2001-01-01"}' fail
gb 3 check .
contains 'history is younger' "$OUT" 'history begins after 2001-01-01'
policy '{"since": "v1"}' fail
gb 3 check . -- -race
contains 'another environment' "$OUT" 'nothing that was measured in this environment is known of v1'
policy '{"since": "HEAD~1"}' fail
gb 2 check .
contains 'names that move are refused' "$ERR" 'drift.since: expected a tag, a date or a commit that stays'

# A change that moves the anchor does so as the base allows.
policy '{"since": "v1"}' fail reason
git add -A
git commit -qm policy
git tag v2
git branch base
policy '{"since": "v2"}' fail reason
gb 1 check --base base .
contains 'without a reason the base counts' "$OUT" "the base's policy counts (since v1): it wants a reason"
policy '{"since": "v2", "reason": "a new major version"}' fail reason
gb 0 check --base base .
contains 'with one it is said' "$OUT" 'loosens the policy'
contains 'and why' "$OUT" 'reason: a new major version'
finish
