#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Every commit of a range, kept in git notes: what does not build, merges, stopped and gone on with.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :

shelf() { # BYTES
	cat >shelf.go <<END
package shelf

type Shelf struct{ books [][]byte }

func (s *Shelf) Put() { s.books = append(s.books, make([]byte, $1)) }
END
}

commit() { # SUBJECT
	git add -A
	git commit -qm "$1"
}

picture() { # everything of the user's, but notes and the objects they are made of
	find . -path ./.git/objects -prune -o -path ./.git/refs/notes -prune -o \
		-path ./.git/logs/refs/notes -prune -o -type f -exec cksum {} + | sort
	git for-each-ref --exclude=refs/notes 2>/dev/null || git for-each-ref refs/heads refs/tags
}

git init -q -b main work
cd work
printf 'module example.com/shelf\n\ngo 1.21\n' >go.mod
shelf 128
cat >shelf_test.go <<'END'
package shelf

import "testing"

func TestShelf(t *testing.T) {
	s := &Shelf{}
	for i := 0; i < 50; i++ {
		s.Put()
	}
}
END
gb 0 record .
commit 'Begin'
git tag v1
echo one >one
commit 'Nothing'
shelf 512
commit 'Larger books'
echo 'func (' >broken.go
commit 'Broken'
rm broken.go
gb 0 record --raise TestShelf --reason 'large books' .
commit 'Raise it'
git checkout -q -b side v1
shelf 64
commit 'Smaller, aside'
git checkout -q main
git merge -q -X theirs -m 'Merge side' side 2>"$ERR" || { git checkout -q --theirs . && commit 'Merge side'; }
git status --short >"$TMPDIR/status"
picture >"$TMPDIR/before"

gb 1 check --each-commit v1..HEAD ./...
matches 'within' "$OUT" '^\[1/5\] [0-9a-f]{12} Nothing ... within budget'
matches 'over' "$OUT" '^\[2/5\] [0-9a-f]{12} Larger books ... 2 over|^\[2/5\] [0-9a-f]{12} Larger books ... 1 over'
matches 'does not build' "$OUT" '^\[3/5\] [0-9a-f]{12} Broken ... does not build'
matches 'raised' "$OUT" '^\[4/5\] [0-9a-f]{12} Raise it ... .*raised'
matches 'a merge is one commit' "$OUT" '^\[5/5\] [0-9a-f]{12} Merge side'
lacks 'what it merged is not on the line' "$OUT" 'Smaller, aside ...'
contains 'where it moved' "$OUT" "$(git rev-parse --short=12 HEAD~3) Larger books"
matches 'the sum' "$OUT" '^5 commits: 4 measured, 1 not measured whole .* 1 over budget'
cp "$OUT" "$TMPDIR/first"
picture >"$TMPDIR/after"
run_ok 'everything but notes is as it was' cmp "$TMPDIR/before" "$TMPDIR/after"
equal 'four notes' "$(git notes --ref gobudget list | wc -l)" 4

# Nothing is measured again, what does not build is tried; the verdicts are those of the notes.
gb 1 check --each-commit v1..HEAD ./...
matches 'from notes' "$OUT" '^5 commits: 0 measured, 4 from notes, 1 not measured whole .* 1 over budget'
matches 'its verdict' "$OUT" '^\[2/5\] .* over.* from its note'
sed -n '/^moved/,/^$/p' "$TMPDIR/first" >"$TMPDIR/moved"
sed -n '/^moved/,/^$/p' "$OUT" >"$TMPDIR/again"
run_ok 'the table is the same' cmp "$TMPDIR/moved" "$TMPDIR/again"
gb 0 check --each-commit HEAD~2.. --again .
matches 'again' "$OUT" '^2 commits: 2 measured'

# Another package: its note has not everything.
mkdir other
printf 'package other\n\nimport "testing"\n\nfunc TestOther(*testing.T) {}\n' >other/other_test.go
commit 'Another package'
gb 0 check --each-commit HEAD~1.. .
gb 0 check --each-commit HEAD~1.. ./...
matches 'a package that the note lacks is measured' "$OUT" '^1 commit: 1 measured'
gb 0 check --each-commit HEAD~1.. ./...
matches 'then not' "$OUT" '^1 commit: 0 measured, 1 from notes'

# Stopped in the middle, as Ctrl-C on a terminal does it, politely, and at once; then gone on with.
stop() { # SIGNAL
	: >"$TMPDIR/stopped"
	setsid env --default-signal=INT "$GOBUDGET" check --each-commit v1..HEAD ./... \
		>"$TMPDIR/stopped" 2>&1 </dev/null &
	pid=$!
	tries=0
	until grep -q '^\[3/6\]' "$TMPDIR/stopped" || [ $tries -gt 1200 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	if [ "$1" = INT ]; then kill -s INT -- "-$pid"; else kill -"$1" $pid; fi
	status=0
	wait $pid 2>/dev/null || status=$?
}

picture >"$TMPDIR/before"
for signal in INT TERM KILL; do
	[ ! -e .git/refs/notes/gobudget ] || git update-ref -d refs/notes/gobudget
	stop $signal
	if [ $signal = KILL ]; then
		equal 'killed' $status 137
		tries=0
		while pgrep -f "measure --into=$TMPDIR/" >/dev/null && [ $tries -lt 300 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
	else
		equal "$signal: status 3" $status 3
		contains "$signal: how to go on" "$TMPDIR/stopped" 'the same command goes on there'
		equal "$signal: its folder is gone" \
			"$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*' | wc -l)" 0
	fi
	equal "$signal: its child ends as well" \
		"$(pgrep -f "measure --into=$TMPDIR/" || echo none)" none
	picture >"$TMPDIR/after"
	run_ok "$signal: everything but notes is as it was" cmp "$TMPDIR/before" "$TMPDIR/after"
	run_ok "$signal: notes and all can be read" git fsck --no-dangling --no-progress
done
gb 1 check --each-commit v1..HEAD ./...
matches 'it goes on' "$OUT" '^\[1/6\] .* from its note'
equal 'what a killed one left is swept away' \
	"$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*' | wc -l)" 0
equal 'and all have a note' "$(git notes --ref gobudget list | wc -l)" 5

gb 2 check --each-commit HEAD ./...
gb 2 check --each-commit nowhere..HEAD ./...
gb 3 check --each-commit HEAD..HEAD ./...
gb 2 check --each-commit v1..HEAD --stress 3 ./...
gb 2 check --each-commit v1..HEAD --json out.json ./...
finish
