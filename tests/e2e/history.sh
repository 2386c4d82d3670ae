#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# history's index: whatever happens to the repository or to the cache, it says what a walk says.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

cache=$TMPDIR/cache
budget() { # FILE TEST BYTES
	mkdir -p budgets
	cat >"budgets/$1.json" <<END
{"package": "example.com/m/$1", "environments": [{"env": {"go": "1.26", "platform": "linux/amd64",
 "gomaxprocs": 2, "gcflags": "-l", "tags": "", "cgo": true, "race": false, "accounting": "runtime"},
 "tests": {"$2": {"alloc_space": $3}}}]}
END
}
commit() {
	git add -A
	git commit -q --allow-empty -m "$1"
}
same() { # NAME ARGS...: with the cache as it is, and again, as without
	name=$1
	shift
	GOBUDGET_CACHE=off "$GOBUDGET" history "$@" >"$TMPDIR/want" 2>&1 || :
	for round in first again; do
		GOBUDGET_CACHE=$cache "$GOBUDGET" history "$@" >"$TMPDIR/got" 2>&1 || :
		if cmp -s "$TMPDIR/want" "$TMPDIR/got"; then
			pass "$name, $round"
		else
			fail "$name, $round" "$(diff "$TMPDIR/want" "$TMPDIR/got")"
		fi
	done
}
git init -q -b main work
cd work
printf 'module example.com/m\n\ngo 1.21\n' >go.mod
for i in 1 2 3 4 5; do
	budget a TestA $((i * 100))
	[ $((i % 2)) = 0 ] || budget b TestB $((i * 10))
	commit "change $i"
done
same 'a test' TestA
same 'all tests' --json
same 'a range' TestA HEAD~3..HEAD~1
same 'so many' TestA -n 2
run_ok 'it is kept' test -d "$cache/v1/history"
budget a TestA 7
commit top
same 'a commit on top' TestA
same 'of all tests' --json
commit nothing
same 'one that changes nothing' TestA
git checkout -q -b side HEAD~3
budget b TestB 3
commit side
git checkout -q main
git merge -q -X theirs -m merge side
same 'a merge' TestB
same 'a merge, all' --json
git commit -q --amend -m 'rewritten'
same 'rewritten' TestB
git reset -q --hard HEAD~2
same 'moved back' TestA
git checkout -q side
same 'another branch' TestA
git checkout -q main

# The test moves to another file: other files are to be watched.
git mv budgets/a.json budgets/c.json
sed -i 's|/m/a"|/m/c"|' budgets/c.json
commit moved
same 'moved' TestA
same 'of a test that is nowhere' TestNone

# Grafts and replaced commits.
git replace --graft HEAD~1 HEAD~3
same 'a replaced commit' TestA
git replace -d HEAD~1 >"$OUT"

git clone -q --depth 2 "file://$PWD" ../shallow
cd ../shallow
same 'a shallow clone' TestA
same 'a shallow clone, all'
git fetch -q --deepen 2
same 'deepened' TestA
git fetch -q --unshallow
same 'whole' TestA
cd ..

# Another repository at the same path.
mv work was
git init -q -b main work
cd work
printf 'module example.com/m\n\ngo 1.21\n' >go.mod
budget a TestA 1
commit other
same 'another repository at its place' TestA
cd ..
rm -rf work
mv was work
cd work

# Broken, hostile, gone.
spoil() { # HOW FILE
	case $1 in
	emptied) : >"$2" ;;
	longer) printf x >>"$2" ;;
	shorter) head -c 100 "$2" >"$TMPDIR/part" && cat "$TMPDIR/part" >"$2" ;;
	'a folder') rm "$2" && mkdir "$2" ;;
	endless) rm "$2" && ln -s /dev/zero "$2" ;;
	esac
}
for how in emptied longer shorter 'a folder' endless; do
	rm -rf "$cache"
	GOBUDGET_CACHE=$cache "$GOBUDGET" history TestA >"$OUT"
	find "$cache/v1/history" -type f >"$TMPDIR/files"
	while read -r f; do spoil "$how" "$f"; done <"$TMPDIR/files"
	same "entries that are $how" TestA
done
rm -rf "$cache"
same 'cache deleted' TestA
rm -rf "$cache"
pids=''
for i in 1 2 3 4 5 6; do
	GOBUDGET_CACHE=$cache "$GOBUDGET" history TestA >"$TMPDIR/at-once$i" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid" || fail 'one of six at once' "exit $?"; done
for i in 1 2 3 4 5 6; do
	run_ok "six at once, $i" cmp "$TMPDIR/want" "$TMPDIR/at-once$i"
done
same 'and then' TestA

# Another history than the one that was made: passed over, and said.
git replace --graft HEAD
same 'git replace' TestA
contains 'which is said' "$TMPDIR/got" 'note: 1 replaced object (git replace) passed over'
gb 2 bisect TestA nowhere..HEAD
contains 'by bisect, too' "$ERR" 'git replace'
gb 2 check --each-commit nowhere..HEAD
contains 'and by --each-commit' "$ERR" 'git replace'
git replace -d "$(git rev-parse HEAD)" >"$OUT"
git rev-parse HEAD >.git/info/grafts
same 'grafts' TestA
contains 'which are said' "$TMPDIR/got" 'note: 1 graft (.git/info/grafts) passed over'
rm .git/info/grafts
run_ok 'the repository is as it was' git diff --quiet HEAD
finish
