#!/bin/sh
# shellcheck disable=SC2317,SC1091 # functions that are called by name; a file beside this one
# Repositories of all kinds: what asks git works there, or says in a line why it does not.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
. "$PROJECT/tests/e2e/repo.sh"

copy() { # NAME: of the repository, and there
	cd "$TMPDIR"
	cp -a base "$1"
	cd "$1"
}

clone() { # NAME OPTIONS...
	cd "$TMPDIR"
	name=$1
	shift
	git clone -q "$@" "file://$TMPDIR/base" "$name"
	cd "$name"
}

repository base
git branch old HEAD~1
git config uploadpack.allowFilter true
git config uploadpack.allowAnySHA1InWant true

# Work trees.
git worktree add -q "$TMPDIR/linked"
cd "$TMPDIR/linked"
sees 'a linked work tree'
copy above
git -c protocol.file.allow=always submodule -q add "$TMPDIR/base/.git" below
git commit -qm submodule
cd below
git checkout -q main
sees 'a submodule'
cd ..
before
gb 0 check --affected --base HEAD ./...
contains 'a submodule below: the same' "$OUT" 'nothing that the change can move'
echo x >>below/go.mod
gb ANY check --affected --base HEAD --repeats 0 ./...
contains 'a submodule below that changed' "$OUT" 'below changed'
git -C below checkout -q .
untouched 'a submodule below'

# Clones.
clone one --depth 1
gb 3 check --affected --base HEAD~1 ./...
contains 'depth 1: what to do' "$ERR" 'git fetch --unshallow'
before
gb 1 check --repeats 0 ./...
gb ANY history TestBooks
contains 'depth 1: history says that it ends' "$OUT" 'shallow'
untouched 'depth 1'
clone two --depth 2
sees 'depth 2'
clone blobless --filter=blob:none
sees 'no blobs'
clone treeless --filter=tree:0
sees 'no trees'
clone away --filter=blob:none
git remote set-url origin "file://$TMPDIR/nowhere"
before
gb 1 check --affected --base HEAD~1 --repeats 0 ./...
contains 'no blobs, the remote away: judged' "$OUT" 'over  alloc_space'
contains 'no blobs, the remote away: said' "$OUT" 'this clone is partial, and origin does not give the rest'
contains 'no blobs, the remote away: what to do' "$OUT" 'git fetch --refetch'
untouched 'no blobs, the remote away'
cd "$TMPDIR"
git clone -q -s base borrowed
cd borrowed
sees 'alternates'
copy packed
git pack-refs --all
git gc -q
sees 'all packed'
cd "$TMPDIR"
git clone -q --bare base bare.git
cd bare.git
gb 0 history TestBooks
matches 'bare: history' "$OUT" '^[0-9a-f]{12} .* one$'

# Sparse.
clone cone --sparse
git sparse-checkout set books budgets
before
gb 1 check --affected --base HEAD~1 --repeats 0 ./...
lacks 'sparse: not gone' "$OUT" ' gone'
contains 'sparse: said' "$OUT" 'sparse checkout: 1 Go file is not here (pages/pages_test.go'
gb 1 check --note --repeats 0 ./...
lacks 'sparse: not dirty' "$OUT" 'nothing is kept'
git update-ref -d refs/notes/gobudget
gb 0 history TestBooks
untouched 'sparse'
git sparse-checkout set books
gb 3 check ./...
contains 'sparse without budgets: not a pass' "$ERR" 'budgets/books.json is left out of this sparse checkout'
contains 'sparse without budgets: what to do' "$ERR" "git sparse-checkout add 'budgets/'"
git sparse-checkout set --no-cone /books /go.mod /budgets/books.json
gb 1 check --affected --base HEAD~1 --repeats 0 ./...
lacks 'no cone: not gone' "$OUT" ' gone'
git sparse-checkout disable
gb 1 check --repeats 0 ./...
lacks 'whole again' "$OUT" 'sparse'

# What stands in .git.
copy index
git config core.untrackedCache true
git update-index --untracked-cache --index-version 4
sees 'untracked cache, index version 4'
git update-index --split-index
before
gb 1 check --affected --base HEAD~1 --repeats 0 ./...
contains 'a split index: all is measured' "$OUT" 'affected: everything is measured'
contains 'a split index: the base' "$OUT" '(7,416 B in 57 objects'
untouched 'a split index'
printf garbage >.git/index
gb 1 check --affected --note --base HEAD~1 --repeats 0 ./...
contains 'a broken index: all is measured' "$OUT" 'affected: everything is measured'
contains 'a broken index: no note' "$OUT" 'nothing is kept in git notes: look for changes'
contains 'a broken index: the base' "$OUT" '(7,416 B in 57 objects'
equal 'a broken index stays as it is' "$(cat .git/index)" garbage

copy objects
lose() {
	id=$(git rev-parse "$1")
	rm -f ".git/objects/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-)"
}
lose HEAD~1:books/books.go
gb 1 check --affected --base HEAD~1 --repeats 0 ./...
contains 'a lost file: judged' "$OUT" 'over  alloc_space'
contains 'a lost file: said' "$OUT" 'no comparison with the base HEAD~1'
lose 'HEAD~1^{tree}'
gb 1 check --affected --base HEAD~1 --repeats 0 ./...
contains 'a lost tree: said' "$OUT" 'its budgets are not compared'
lose HEAD:budgets/books.json
gb 3 history TestBooks
contains 'a lost budget: a line' "$ERR" 'is not in this clone'

copy replaced
git replace HEAD~1 "$(git commit-tree -m other 'HEAD^{tree}')"
sees 'replace refs are not looked at'

# Where .git is.
copy elsewhere
mv .git ../elsewhere.git
gb 3 check --base HEAD ./...
contains 'no repository' "$ERR" 'is in no git repository'
export GIT_DIR="$TMPDIR/elsewhere.git" GIT_WORK_TREE="$TMPDIR/elsewhere"
sees 'GIT_DIR and GIT_WORK_TREE'
unset GIT_WORK_TREE
sees 'GIT_DIR alone'
unset GIT_DIR
echo "gitdir: $TMPDIR/elsewhere.git" >.git
git config core.worktree "$TMPDIR/elsewhere"
sees 'a .git file and core.worktree'

cd "$TMPDIR"
mv packed "a b 'c' \$d ü"
cd "a b 'c' \$d ü"
sees 'a path of anything'
cd "$TMPDIR"
mkdir "$(printf 'new\nline')"
cp -a base/. "$(printf 'new\nline')"
cd "$(printf 'new\nline')"
gb 3 check --base HEAD~1 --repeats 0 ./...
gb 0 history TestBooks

# Sixty levels are nothing; hundreds are too many for libgit2, and said.
copy deep
p=d
i=0
while [ $i -lt 200 ]; do
	p=$p/d
	i=$((i + 1))
done
mkdir -p "$p"
echo x >"$p/x"
git add -A
git commit -qm deep
gb ANY check --affected --base HEAD~1 --repeats 0 ./...
contains 'deep: all is measured' "$OUT" 'affected: everything is measured'

# SHA-256.
cd "$TMPDIR"
git init -q --object-format=sha256 sha256
cp -R base/go.mod base/books base/pages base/budgets sha256
cd sha256
git add -A
git commit -qm one
before
gb 3 check --base HEAD ./...
contains 'SHA-256 is refused' "$ERR" 'names its objects by SHA-256, which is not supported'
gb 3 history
contains 'SHA-256 is refused, in history' "$ERR" 'hint: check and record work there'
gb 1 check --repeats 0 --note ./...
contains 'SHA-256: judged, and said' "$OUT" 'no base: the repository of . names its objects by SHA-256'
untouched 'SHA-256'
finish
