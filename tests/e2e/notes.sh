#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Measurements in git notes: what check keeps, eight writers at once, pruning.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
git init -q --bare -b main origin.git
git clone -q origin.git work 2>"$ERR"
cd work
git checkout -q -b main 2>"$ERR" || :
printf 'module example.com/shelf\n\ngo 1.21\n' >go.mod
cat >shelf_test.go <<'END'
package shelf

import "testing"

var sink []byte

func TestShelf(*testing.T) { sink = make([]byte, 4096) }
func TestFails(t *testing.T) {
	if len(sink) == 1 {
		t.Fail()
	}
}
END
git add -A
git commit -qm one
git push -q origin main 2>"$ERR"

gb 0 check --note .
git notes --ref gobudget show HEAD >note.json
json 'the note has what was measured' note.json \
	'[.measured[][] | to_entries[] | select(.key == "TestShelf").value.alloc_space] == [4096]'
if python3 -c 'import jsonschema' 2>"$ERR"; then
	equal 'as the schema has it' "$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/note.json" note.json)" valid
else
	skip 'as the schema has it' 'python3-jsonschema is not installed'
fi
# What the collector did hangs on the moment: the smaller is kept of it.
steady() { sed -E 's/,"(gc_[a-z_]*|heap_live)":[0-9]+//g'; }
steady <note.json >"$TMPDIR/first"
gb 0 check --note .
contains 'a work tree with changes is not HEAD' "$OUT" 'nothing is kept in git notes'
contains 'it names one' "$OUT" 'note.json'
rm note.json
gb 0 check --note .
git notes --ref gobudget show HEAD | steady >"$TMPDIR/again"
run_ok 'measured again it says the same' cmp "$TMPDIR/first" "$TMPDIR/again"
gb 2 check --note --stress 2 .
gb 2 notes
gb 2 notes pull
gb 3 notes push nowhere
gb 0 notes push
equal 'the remote has it' "$(git -C ../origin.git rev-parse refs/notes/gobudget)" \
	"$(git rev-parse refs/notes/gobudget)"

# Eight clones, each with a test of its own and one they all have, of one commit, and a commit of its own.
note() { # TEST BYTES
	printf '{"version":1,"measured":{"e":{"p":{"%s":{"alloc_space":%d},"TestAll":{"alloc_space":%d,"goroutines":%d}}}}}' \
		"$1" "$2" "$2" "$2"
}
head=$(git rev-parse HEAD)
cd ..
for i in 1 2 3 4 5 6 7 8; do
	git clone -q origin.git "w$i"
	(
		cd "w$i"
		git commit -q --allow-empty -m "own $i"
		note "Test$i" "900719925474099$i" >n
		git notes --ref gobudget add -F n "$head"
		git notes --ref gobudget add -F n HEAD
	) 2>"$ERR"
done
pids=''
for i in 1 2 3 4 5 6 7 8; do
	(cd "w$i" && "$GOBUDGET" notes push >"../push$i" 2>&1) &
	pids="$pids $!"
done
pushed=0
for pid in $pids; do
	if wait "$pid"; then pushed=$((pushed + 1)); fi
done
equal 'eight writers at once all get through' "$pushed" 8
cat push?
cd work
gb 0 notes fetch
git notes --ref gobudget show "$head" >"$TMPDIR/merged"
for i in 1 2 3 4 5 6 7 8; do
	contains "nothing of writer $i is lost, to the last digit" "$TMPDIR/merged" \
		"\"Test$i\":{\"alloc_space\":900719925474099$i}"
done
contains 'nor of the first measurement' "$TMPDIR/merged" '"TestShelf":{'
contains 'bytes keep the smallest, goroutines the largest' "$TMPDIR/merged" \
	'"TestAll":{"goroutines":9007199254740998,"alloc_space":9007199254740991}'
equal 'nine commits have notes' "$(git notes --ref gobudget list | wc -l)" 9
equal 'both have the same' "$(git rev-parse refs/notes/gobudget)" \
	"$(git -C ../origin.git rev-parse refs/notes/gobudget)"

# Pruned: of those that are here, the newest and what a tag names.
for i in 1 2 3 4; do
	GIT_COMMITTER_DATE="2040-01-0${i}T00:00:00Z" git commit -q --allow-empty -m "more $i"
	git notes --ref gobudget copy "$head" HEAD 2>"$ERR"
done
git tag -a -m tag v1 HEAD~2
gb 0 notes prune --keep 1
contains 'three were neither newest nor tagged' "$OUT" '3 notes dropped'
run_ok 'the newest stays' git notes --ref gobudget show HEAD
run_ok 'the tagged one stays' git notes --ref gobudget show 'v1^{commit}'
run_fails 'an old one went' git notes --ref gobudget show HEAD~1
mkdir budgets
printf '{"notes": {"keep": 0}}\n' >budgets/_policy.json
gb 0 notes prune
contains "without --keep it is the policy's word" "$OUT" '1 notes dropped'
run_ok 'the tagged one stays again' git notes --ref gobudget show 'v1^{commit}'
gb 0 notes push
gb 0 notes fetch
run_fails 'it does not come back from the remote' git notes --ref gobudget show "$head"
finish
