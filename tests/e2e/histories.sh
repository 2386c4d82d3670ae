#!/bin/sh
# shellcheck disable=SC2317,SC1091 # functions that are called by name; a file beside this one
# Histories of all shapes: which base is taken, and what is said where there is none.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
. "$PROJECT/tests/e2e/repo.sh"

copy() { # NAME: of the repository, and there
	cd "$TMPDIR"
	cp -a base "$1"
	cd "$1"
}

affected() { # NAME STATUS TEXT...: `check --affected` says all of that
	what=$1
	before
	gb "$2" check --affected --repeats 0 ./...
	shift 2
	for text; do
		contains "$what: $text" "$OUT" "$text"
	done
	untouched "$what"
}

repository base
git branch old HEAD~1

copy detached
git checkout -q --detach
affected 'detached' 1 'affected: everything is measured: no base: no upstream, no origin/HEAD'

cd "$TMPDIR"
git init -q -b main unborn
cp -R base/go.mod base/books base/pages base/budgets unborn
cd unborn
gb 3 check --base HEAD ./...
contains 'unborn: a line' "$ERR" 'no commit "HEAD": nothing is committed yet'
gb 1 check --affected --note --repeats 0 ./...
contains 'unborn: all is measured' "$OUT" 'affected: everything is measured: no base: nothing is committed yet'
contains 'unborn: no note' "$OUT" 'nothing is kept in git notes: no commit "HEAD"'
gb 2 history
contains 'unborn: no history' "$ERR" 'nothing is committed yet'

copy apart
git checkout -q --orphan other
git commit -qm root
git branch -q -u old
affected 'no commits in common' 1 'no base: HEAD and refs/heads/old, the upstream of other, have no commit in common'
gb 1 check --repeats 0 ./...
contains 'no commits in common: said without being asked' "$OUT" 'have no commit in common'
gb 1 check --affected --base old --repeats 0 ./...
contains 'no commits in common: one that is named' "$OUT" 'affected: 1 of 2 packages'
git clone -q --depth 1 --no-single-branch "file://$PWD" ../shallow
cd ../shallow
git branch -q -u origin/old
git remote set-head origin -d
# shellcheck disable=SC2016 # backticks of ours
affected 'shallow' 1 'in this clone, which is shallow: `git fetch --unshallow` (actions/checkout: fetch-depth: 0)'

# Criss-cross: two merge bases, and git's first one is taken.
copy cross
git checkout -q -b a
echo a >a.txt
git add .
git commit -qm a
git checkout -q -b b main
echo b >b.txt
git add .
git commit -qm b
a=$(git rev-parse a) b=$(git rev-parse b)
git merge -q --no-edit "$a"
git checkout -q a
git merge -q --no-edit "$b"
git branch -q -u b
equal 'there are two' "$(git merge-base --all a b | wc -l)" 2
affected 'criss-cross' 1 "base: refs/heads/b ($(git merge-base a b | cut -c1-12))"
gb 0 history TestBooks
equal 'criss-cross: history' "$(cut -d' ' -f1 "$OUT" | grep -cE '^[0-9a-f]{12}$')" \
	"$(git log --format=%h -- budgets/books.json | wc -l)"

# A merge brings growth of the other side: blamed on neither of them twice.
copy merged
git checkout -q -b side old
echo note >note.txt
git add .
git commit -qm side
git merge -q --no-edit main
git branch -q -u main
gb 0 check --measure-base --repeats 0 ./...
contains 'merged: the growth is inherited' "$OUT" '1 inherited'

# Line ends.
copy ends
git reset -q --hard old
printf '*.go text eol=crlf\n*.json text eol=crlf\n' >.gitattributes
git add -A
git commit -qm ends
rm -rf books pages budgets
git checkout -q .
equal 'they are CRLF' "$(grep -c "$(printf '\r')" budgets/books.json)" "$(wc -l <budgets/books.json)"
git branch -q -u old
affected 'CRLF in budgets and sources' 0 'base: refs/heads/old'
before
gb 0 check --affected --base HEAD ./...
contains 'CRLF: nothing changed' "$OUT" 'nothing that the change can move'
untouched 'CRLF'
shelf 192
gb 1 check --base HEAD --repeats 0 ./...
contains 'CRLF: a base with the same line ends' "$OUT" 'at books/books.go:5'
copy auto
git reset -q --hard old
git config core.autocrlf true
rm -rf books pages budgets
git checkout -q .
before
gb 0 check --affected --base HEAD ./...
contains 'autocrlf: nothing changed' "$OUT" 'nothing that the change can move'
untouched 'autocrlf'

# Names.
copy names
name="x/\$(touch-x);\`id\`'ä|-"
git checkout -q -b "$name"
git branch -q -u old
affected 'a branch of anything' 1 "the upstream of $name"
gb 1 check --base "$name~1" --repeats 0 ./...
gb 3 check --base=--help ./...
contains 'a base like an option' "$ERR" 'no commit "--help"'
gb 3 check --base "$(printf 'a\033[31mb')" ./...
if grep -q "$(printf '\033')" "$ERR"; then fail 'no escape reaches the terminal' "$(cat -v "$ERR")"; else pass 'no escape reaches the terminal'; fi
untouched 'names'

# A package that moved.
copy moved
git reset -q --hard old
git mv books tomes
sed -i 's/package books/package tomes/' tomes/*.go
git mv budgets/books.json budgets/tomes.json
sed -i s/books/tomes/ budgets/tomes.json
git commit -qam moved
gb 0 check --base HEAD~1 --repeats 0 ./...
lacks 'moved with its budgets: not gone' "$OUT" 'gone'
lacks 'moved with its budgets: not new' "$OUT" 'new'
git mv budgets/tomes.json budgets/books.json
sed -i s/tomes/books/ budgets/books.json
gb 3 check --base HEAD~1 --repeats 0 ./...
matches 'moved without: gone' "$OUT" 'gone'
matches 'moved without: new' "$OUT" 'new'

# 100,000 files.
copy large
mkdir data
awk 'BEGIN { for (i = 0; i < 100000; i++) {
	if (i % 1000 == 0) system("mkdir data/" i / 1000)
	f = "data/" int(i / 1000) "/" i; print i >f; close(f) } }'
git config gc.auto 0
git add -A
git commit -qm large
echo '// edited' >>pages/pages_test.go
before
gb 0 check --affected --base HEAD ./...
contains 'large: one package' "$OUT" 'affected: 1 of 2 packages'
untouched 'large'
git checkout -q .
before
gb 0 check --affected --base HEAD ./...
contains 'large: nothing' "$OUT" 'nothing that the change can move'
untouched 'large'
finish
