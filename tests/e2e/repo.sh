# shellcheck shell=sh
# repo.sh - a small module in a repository, and whether anybody touched it; sourced after lib.sh.

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :

shelf() { # BYTES: what TestBooks allocates fifty times
	cat >books/books.go <<END
package books

type Shelf struct{ books []*[$1]byte }

func (s *Shelf) Put() { s.books = append(s.books, new([$1]byte)) }
END
}

# NAME: two packages with budgets, 'one'; and on main a commit that puts books over it, 'two'.
repository() {
	git init -q -b main "$1"
	cd "$1" || exit
	printf 'module example.com/shelf\n\ngo 1.21\n' >go.mod
	mkdir -p books pages
	shelf 128
	cat >books/books_test.go <<'END'
package books

import "testing"

func TestBooks(t *testing.T) {
	s := &Shelf{}
	for i := 0; i < 50; i++ {
		s.Put()
	}
}
END
	cat >pages/pages_test.go <<'END'
package pages

import "testing"

var sink []byte

func TestPages(t *testing.T) { sink = make([]byte, 100) }
END
	gb 0 record ./...
	git add -A
	git commit -qm one
	shelf 192
	git commit -qam two
}

state() { # what git sees of the repository here
	{
		git status --porcelain
		git for-each-ref
		git rev-parse HEAD
		git symbolic-ref -q HEAD
		git stash list
		git worktree list
		git config -l
		sha256sum "$(git rev-parse --git-path index)"
		ls "$(git rev-parse --git-path .)"
		git ls-files -s --others
	} 2>&1 || :
}

before() {
	state >/dev/null # git refreshes its index by the way
	state >"$TMPDIR/before"
}

untouched() { # NAME
	state >"$TMPDIR/after"
	equal "$1: untouched" "$(diff "$TMPDIR/before" "$TMPDIR/after")" ''
}

# NAME [BASE]: all that asks git here tells of the growth since BASE (HEAD~1), and takes one package.
sees() {
	before
	gb 1 check --affected --base "${2-HEAD~1}" --repeats 0 ./...
	matches "$1: the growth" "$OUT" 'over +alloc_space'
	contains "$1: its base" "$OUT" "note: base: ${2-HEAD~1} ("
	contains "$1: measured, too" "$OUT" '(7,416 B in 57 objects'
	contains "$1: one package" "$OUT" 'affected: 1 of 2 packages'
	untouched "$1"
	gb 0 history TestBooks
	matches "$1: history" "$OUT" '^[0-9a-f]{12} .* one$'
	untouched "$1, history"
	notes=$(git rev-parse -q --verify refs/notes/gobudget || :)
	gb 1 check --note --repeats 0 ./...
	equal "$1: a note of HEAD" "$(git notes --ref gobudget list HEAD | wc -l)" 1
	if [ "$notes" ]; then
		git update-ref refs/notes/gobudget "$notes"
	else
		git update-ref -d refs/notes/gobudget
	fi
	untouched "$1, but for notes"
}
