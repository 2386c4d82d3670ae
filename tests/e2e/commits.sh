#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The commits of a change in its report: what each did to budgets, and what notes measured there.
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
mkdir box
shelf 4096
sed 's/package shelf/package box/; s/TestShelf/TestBox/' shelf_test.go >box/box_test.go
gb 0 record ./...
git add -A
git commit -qm one
git checkout -q -b feature
shelf 8192
gb 0 record --raise TestShelf --reason larger .
git add -A
git commit -qm 'Hold more'
gb 0 check --note --base main .
lacks 'one commit is no table' "$OUT" 'commits of this change'
shelf 6144
gb 0 record --tighten .
git add -A
git commit -qm 'Hold less | @all'
git commit -q --allow-empty -m 'Say nothing'

shown() { # OPTIONS...
	gb 0 check --json "$TMPDIR/r.json" --markdown "$TMPDIR/r.md" --html "$TMPDIR/r.html" "$@" .
	contains 'the text has a table' "$OUT" 'commits of this change'
	matches 'what each did' "$OUT" 'Hold more +[0-9]+ raised'
	matches 'and lowered' "$OUT" 'Hold less \| @all +[0-9]+ lowered'
	contains 'and what was measured' "$OUT" 'shelf.TestShelf alloc_space 8,192 B'
	json 'as JSON' "$TMPDIR/r.json" '(.commits.list | map(.subject)) == ["Say nothing", "Hold less | @all", "Hold more"]
		and .commits.more == 0 and (.commits.list[2].raised > 0) and (.commits.list[1].lowered > 0)
		and (.commits.columns | map(.metric) | index("alloc_space") != null)
		and (.commits.list[2].measured | index(8192) != null)'
	contains 'folded in Markdown' "$TMPDIR/r.md" '<summary>3 commits in this change</summary>'
	contains 'in the page' "$TMPDIR/r.html" 'id="commits"'
	if python3 -c 'import jsonschema' 2>"$ERR"; then
		equal 'as the schema has it' "$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/report.json" "$TMPDIR/r.json")" valid
	else
		skip 'as the schema has it' 'python3-jsonschema is not installed'
	fi
	gb 0 report --json "$TMPDIR/again.json" "$TMPDIR/r.json"
	run_ok 'read back it is the same' cmp "$TMPDIR/r.json" "$TMPDIR/again.json"
}
shown --base main

# Shards look at the same commits; merged they tell what one job would have told.
gb 0 check --base main --json "$TMPDIR/whole.json" ./...
gb 0 check --base main --json "$TMPDIR/s1.json" --shard 1/2 ./...
gb 0 check --base main --json "$TMPDIR/s2.json" --shard 2/2 ./...
gb 0 merge --json "$TMPDIR/merged.json" "$TMPDIR/s1.json" "$TMPDIR/s2.json"
equal 'merged, the commits are the same' "$(jq -c .commits "$TMPDIR/merged.json")" "$(jq -c .commits "$TMPDIR/whole.json")"

# As GitHub checks a pull request out: the merge is not one of the change's own.
git checkout -q main
git commit -q --allow-empty -m 'Elsewhere'
git checkout -q --detach main
git merge -q --no-ff -m merge feature
export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request GITHUB_REF=refs/pull/7/merge GITHUB_BASE_REF=main
shown
unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_REF GITHUB_BASE_REF

# A clone without those commits has no table, and no trouble.
git clone -q --depth 1 --no-local "file://$PWD" ../shallow 2>"$ERR"
cd ../shallow
gb 0 check .
lacks 'nothing is made up' "$OUT" 'commits of this change'
finish
