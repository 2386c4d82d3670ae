#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# A planted commit among 64, some of which do not build, and merges; nothing of the user's moves.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME='Ann Author' GIT_AUTHOR_EMAIL=ann@example.com
export GIT_COMMITTER_NAME='Ann Author' GIT_COMMITTER_EMAIL=ann@example.com

store() { # BYTES [LEAK]
	cat >shop/store/store.go <<END
package store

type Cache struct{ m map[int][]byte }

func New() *Cache { return &Cache{m: map[int][]byte{}} }

func (c *Cache) Put(i int) { c.m[i] = make([]byte, $1) }

func (c *Cache) Close() { ${2-} }
END
}

commit() { # SUBJECT
	git add -A
	git commit -qm "$1"
}

# Three commits in the middle do not build; the culprit stands behind them.
repository() {
	git init -q -b main work
	cd work
	mkdir -p shop/store
	printf 'module example.com/shop\n\ngo 1.21\n' >shop/go.mod
	store 100
	cat >shop/store/store_test.go <<'END'
package store

import "testing"

func TestCache(t *testing.T) {
	c := New()
	for i := 0; i < 50; i++ {
		c.Put(i)
	}
	c.Close()
}

func TestOther(t *testing.T) { _ = New() }
END
	(cd shop && "$GOBUDGET" record ./... >"$OUT" 2>&1)
	commit 'Begin'
	git tag v1
	i=1
	while [ "$i" -le 64 ]; do
		case $i in
		30) echo 'func broken( {' >>shop/store/store.go ;;
		33) store 100 ;;
		43) store 900 ;;
		50) store 900 'go func() { select {} }()' ;;
		*) ;;
		esac
		echo "$i" >count
		case $i in
		43) commit 'Leave room for growth' ;;
		50) commit 'Close in the background' ;;
		*) commit "Change $i" ;;
		esac
		i=$((i + 1))
	done
}

picture() { # everything of the user's: files, index, HEAD, references, configuration
	find . -type f -exec cksum {} + | sort
}

linear() {
	# In the middle of something: staged, edited, untracked, stashed.
	echo stashed >>count
	git stash -q
	echo staged >staged
	git add staged
	echo edited >>count
	echo untracked >new
	git status --short >"$TMPDIR/status"
	picture >"$TMPDIR/before"
	cd shop
	gb 0 bisect TestCache --metric alloc_space --json "$TMPDIR/found.json" v1..HEAD
	cd ..
	picture >"$TMPDIR/after"
	culprit=$(git rev-parse HEAD~21)
	contains 'the culprit' "$OUT" "$(git rev-parse --short=12 "$culprit")"
	contains 'its subject and author' "$OUT" 'Ann Author  Leave room for growth'
	contains 'what does not build is skipped' "$OUT" 'skipped: does not build'
	contains 'the line that did it' "$OUT" 'at store/store.go:7, store.(*Cache).Put'
	contains 'the budget, and who gave it' "$OUT" "set in $(git rev-parse --short=12 v1) by Ann Author"
	run_ok 'everything is as it was' cmp "$TMPDIR/before" "$TMPDIR/after"
	json 'the culprit, in JSON' "$TMPDIR/found.json" ".culprit.commit == \"$culprit\""
	json 'in at most seven measurements between both ends' "$TMPDIR/found.json" '.steps | length <= 7'
	json 'one of them of a commit that does not build' "$TMPDIR/found.json" \
		'[.steps[] | select(.word == "skipped")] | length == 1'
	json 'numbers before and after' "$TMPDIR/found.json" \
		'.culprit.parent.value == .good.value and .culprit.measured.value == .bad.value'
	if python3 -c 'import jsonschema' 2>/dev/null; then
		equal 'what it writes follows the schema' valid "$("$PROJECT/tests/e2e/schema/valid" \
			"$PROJECT/budgets/schema/bisect.json" "$TMPDIR/found.json")"
	fi
	git checkout -q -f main
	git stash drop -q
	git clean -qfd
}

# Goroutines, by itself the first number that is looked at; and what stands in notes is not asked for.
notes() {
	cd shop
	gb 0 bisect TestCache --note --json "$TMPDIR/one.json" v1..HEAD
	contains 'the leak is what is found' "$OUT" 'Close in the background'
	gb 0 bisect TestCache ./store --json "$TMPDIR/two.json" v1..HEAD
	json 'the same' "$TMPDIR/two.json" \
		".culprit.commit == \"$(jq -r .culprit.commit "$TMPDIR/one.json")\""
	json 'without a measurement of what builds' "$TMPDIR/two.json" \
		'[.steps[], .good, .bad | select(.known | not) | .word] | all(. == "skipped")'
	gb 3 bisect TestCache --metric alloc_space HEAD~10..HEAD
	contains 'nothing is worse' "$ERR" 'there is nothing to find'
	gb 2 bisect TestCache --limit 1 --metric alloc_space v1..HEAD
	contains 'a limit that parts nothing' "$ERR" 'must lie above 1 B'
	gb 0 bisect TestCache --limit '50 KiB' --metric alloc_space v1..HEAD
	contains 'one that does' "$OUT" 'Leave room for growth'
	gb 3 bisect TestCache HEAD~34..HEAD
	contains 'an end that does not build' "$ERR" 'HEAD~34 cannot be measured: does not build'
	cd ..
	git update-ref -d refs/notes/gobudget
}

# The culprit came in by a merge, on a branch of its own; the package is elsewhere on another.
merges() {
	git checkout -q -b left v1
	for i in 1 2 3 4 5 6; do echo "l$i" >left && commit "left $i"; done
	git checkout -q -b right v1
	for i in 1 2 3; do echo "r$i" >right && commit "right $i"; done
	store 500
	commit 'right, larger'
	for i in 4 5; do echo "r$i" >right && commit "right $i"; done
	git checkout -q left
	git merge -q --no-ff -m 'merge right' right
	for i in 7 8 9; do echo "l$i" >left && commit "left $i"; done
	cd shop
	gb 0 bisect TestCache ./store --json "$TMPDIR/merge.json" v1..left
	contains 'found behind the merge' "$OUT" 'right, larger'
	json 'in at most five measurements' "$TMPDIR/merge.json" '.steps | length <= 5'
	cd ..

	# Only commits that cannot be measured lie between: they are listed.
	git checkout -q -b gap v1
	mv shop/store shop/shelf
	commit 'moved away'
	echo more >also
	commit 'still away'
	mv shop/shelf shop/store
	store 700
	commit 'back, and larger'
	cd shop
	gb 3 bisect TestCache ./store --json "$TMPDIR/gap.json" v1..gap
	contains 'those that it may be' "$OUT" 'one of these 3 commits'
	json 'in JSON, too' "$TMPDIR/gap.json" '.culprit == null and (.candidates | length) == 3'
	cd ..
	git checkout -q main
}

# kill -9 in the middle: nothing of ours in the repository, the child ends, the folder is swept.
killed() {
	git status --short >"$TMPDIR/status"
	picture >"$TMPDIR/before"
	cd shop
	: >"$TMPDIR/killed"
	: >"$TMPDIR/stopped"
	(exec "$GOBUDGET" bisect TestCache v1..HEAD >"$TMPDIR/killed" 2>&1 </dev/null) &
	pid=$!
	tries=0
	until grep -q left "$TMPDIR/killed" || [ $tries -gt 600 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	kill -9 $pid
	wait $pid 2>/dev/null || :
	tries=0
	while pgrep -f "measure --into=$TMPDIR/" >/dev/null && [ $tries -lt 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	equal 'its child ends as well' "$(pgrep -f "measure --into=$TMPDIR/" || echo none)" none
	gb 1 check ./store
	equal 'and the next gobudget sweeps its folder' \
		"$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*' | wc -l)" 0
	cd ..
	picture >"$TMPDIR/after"
	run_ok 'after kill -9 everything is as it was' cmp "$TMPDIR/before" "$TMPDIR/after"

	cd shop
	(exec "$GOBUDGET" bisect TestCache v1..HEAD >"$TMPDIR/stopped" 2>&1 </dev/null) &
	pid=$!
	tries=0
	until grep -q left "$TMPDIR/stopped" || [ $tries -gt 600 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	equal 'interrupted: status 3' $status 3
	contains 'how to go on' "$TMPDIR/stopped" 'go on with: gobudget bisect TestCache ./store --metric'
	equal 'and its folder is gone' "$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*' | wc -l)" 0
	cd ..
	picture >"$TMPDIR/after"
	run_ok 'after SIGTERM everything is as it was' cmp "$TMPDIR/before" "$TMPDIR/after"
}

repository
linear
notes
merges
killed
finish
