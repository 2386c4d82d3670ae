#!/bin/sh
# init in a repository: what it writes works, run again it writes nothing.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export TERM=dumb
mkdir shop && cd shop
git init -q -b main .
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
mkdir store broken
cat >store/store_test.go <<'END'
package store

import "testing"

var sink []byte

func TestKeep(*testing.T) { sink = make([]byte, 4096) }
END
git add -A
git commit -qm one

gb 2 init
contains 'without a terminal it says how' "$ERR" 'gobudget init --yes'
equal 'and writes nothing' "$(git status --porcelain)" ''

if command -v script >/dev/null && script --version 2>/dev/null | grep -q util-linux; then
	printf 'n\ny\ny\nn\n' | script -qec "$GOBUDGET init" /dev/null >"$OUT" 2>&1 || :
	run_fails 'asked, and told no' test -e budgets
	run_ok 'asked, and told yes' test -e .github/workflows/gobudget.yml
	lacks 'told no, nothing is measured' "$OUT" 'would record'
	gb 0 hook status
	gb 0 hook uninstall
	rm -r .github
else
	skip 'asking' 'there is no util-linux script to make a terminal'
fi

cd store
gb 0 init --yes
contains 'budgets are shown' "$OUT" '"TestKeep": {"goroutines": 0, "alloc_space": 4096'
cd ..
equal 'three files, nothing else' "$(git status --porcelain -uall | tr '\n' ' ')" \
	'?? .github/workflows/gobudget.yml ?? budgets/_policy.json ?? budgets/store.json '
gb 0 check ./...
gb 0 hook status
cp -R . "$TMPDIR/before"
gb 0 init --yes
contains 'run again it has nothing to do' "$OUT" 'all is there'
run_ok 'and touches nothing' diff -r . "$TMPDIR/before"

# A package that fails is left out, the others are written.
git clean -qfdx
mkdir broken
printf 'package broken\n\nimport "testing"\n\nfunc TestNo(t *testing.T) { t.Fail() }\n' >broken/b_test.go
gb 3 init --yes
run_ok 'what passes is written' test -e budgets/store.json
run_fails 'what fails is not' test -e budgets/broken.json
rm -r broken
git clean -qfdx

# A workspace, from a linked work tree: the policy beside go.work, the budgets in each module.
git worktree add -q "$TMPDIR/linked" -b linked
cd "$TMPDIR/linked"
mkdir one two
git mv go.mod store one/
printf 'module example.com/two\n\ngo 1.21\n' >two/go.mod
printf 'package two\n\nimport "testing"\n\nfunc TestTwo(*testing.T) {}\n' >two/two_test.go
printf 'go 1.21\n\nuse (\n\t./one\n\t./two\n)\n' >go.work
cd two
gb 0 init --yes --no-workflow --no-hook
cd ..
equal 'each module has its budgets' "$(find . -name '*.json' | sort | tr '\n' ' ')" \
	'./budgets/_policy.json ./one/budgets/store.json ./two/budgets/_root.json '
gb 0 check ./one/... ./two/...
finish
