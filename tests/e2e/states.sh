#!/bin/sh
# shellcheck disable=SC1091 # a file beside this one
# Repositories in the middle of something, by chance: check is right or says in a line why not, and
# leaves everything as it is.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
. "$PROJECT/tests/e2e/repo.sh"

seed=${STATES_SEED:-$(date +%s)}
echo "# STATES_SEED=$seed"
draw() { # N: 0 to N-1
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

repository base
git checkout -q -b other HEAD~1
shelf 160
git commit -qam other
git checkout -q -b far HEAD~1
echo '// far' >>pages/pages_test.go
git commit -qam far
git checkout -q main

quietly() { # a git command that may well stop in the middle
	"$@" >/dev/null 2>&1 || :
}

# One thing that people leave a repository in.
disturb() {
	draw 14
	did="$did $drawn"
	case $drawn in
	0) quietly git merge other ;;
	1) quietly git rebase other ;;
	2) quietly git cherry-pick other ;;
	3) quietly git revert --no-edit HEAD ;;
	4) quietly git bisect start main main~1 ;;
	5) : >.git/index.lock ;;
	6) quietly git checkout --detach other ;;
	7) echo '// mine' >>books/books.go ;;
	8) quietly git mv pages leaves ;;
	9) quietly git worktree add --detach "$TMPDIR/gone-$n" far && rm -rf "$TMPDIR/gone-$n" ;;
	10) echo '// stashed' >>go.mod && quietly git stash ;;
	11) quietly git rm -q --cached books/books.go ;;
	12) quietly git checkout --orphan fresh ;;
	*) echo 'package books' >books/more.go && quietly git add -N books/more.go ;;
	esac
}

n=0
while [ $n -lt 14 ]; do
	cd "$TMPDIR"
	rm -rf work
	cp -a base work
	cd work
	did=''
	disturb
	disturb
	draw 2
	[ "$drawn" -eq 0 ] || disturb
	broken=$(grep -l '^<<<<<<<' books/books.go go.mod 2>/dev/null || :)
	before
	status=0
	"$GOBUDGET" check --affected --base far --repeats 0 ./... >"$OUT" 2>"$ERR" </dev/null || status=$?
	what="state$did, exit $status"
	# What the files here say is what has to come out: 128 bytes are within, more are over.
	size=$(sed -n 's/.*\[\]\*\[\([0-9]*\)\]byte.*/\1/p' books/books.go 2>/dev/null | head -n 1)
	if [ "$broken" ]; then
		equal "$what: conflicts do not compile" "$status" 3
	elif [ -d leaves ]; then
		# The package's budgets name a folder that is no more.
		if [ "$status" -ne 2 ]; then pass "$what: a package moved"; else fail "$what" "$(cat "$OUT" "$ERR")"; fi
	elif [ "${size:-0}" -gt 128 ]; then
		equal "$what: over" "$status" 1
	else
		equal "$what: within" "$status" 0
	fi
	if [ "$status" -gt 1 ] && ! [ -s "$ERR" ] && ! grep -q 'could not measure' "$OUT"; then
		fail "$what: no word of why" "$(cat "$OUT")"
	fi
	lacks "$what: no crash" "$ERR" 'Sanitizer'
	untouched "$what"
	n=$((n + 1))
done
finish
