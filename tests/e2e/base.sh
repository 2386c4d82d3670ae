#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The base of a change: which one is taken, what the change raises, what it inherits.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :

shelf() { # SIZE
	cat >shelf.go <<END
package shelf

type Shelf struct{ books []*[$1]byte }

func (s *Shelf) Put() { s.books = append(s.books, new([$1]byte)) }
END
}

# A bare repository, and a clone of it with a recorded budget.
repository() {
	git init -q --bare -b main origin.git
	git clone -q origin.git work 2>"$ERR"
	cd work
	git checkout -q -b main 2>"$ERR" || :
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
	git add -A
	git commit -qm one
	git push -q origin main 2>"$ERR"
	git remote set-head origin main
}

note() { # NAME TEXT
	gb ANY check .
	contains "$1" "$OUT" "$2"
}

finding() {
	git checkout -q -b feature
	shelf 192
	git commit -qam two
	note 'the default branch' 'merge base with refs/remotes/origin/HEAD, the default branch'
	git branch -q -u origin/main
	note 'the upstream' 'merge base with refs/remotes/origin/main, the upstream of feature'
	note 'with its commit' "($(git rev-parse --short=12 main))"
	git replace --graft HEAD
	note 'what git replace says counts for nothing' \
		'1 replaced object (git replace) passed over'
	git replace -d "$(git rev-parse HEAD)" >"$OUT"
	gb 1 check --base main .
	contains 'the one asked for' "$OUT" "base: main ($(git rev-parse --short=12 main)), as asked for"
	contains 'and the difference' "$OUT" 'at shelf.go:5, shelf.(*Shelf).Put'
	gb 3 check --base nowhere .
	contains 'one that is not there' "$ERR" 'no commit "nowhere"'

	# As GitHub checks a pull request out: its own merge, detached.
	git checkout -q --detach main
	git merge -q --no-ff -m merge feature
	export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request GITHUB_REF=refs/pull/7/merge GITHUB_BASE_REF=main
	note 'the test merge' "base: HEAD^1 ($(git rev-parse --short=12 main)), first parent of the pull request's test merge"
	printf '{"merge_group": {"base_sha": "%s"}}' "$(git rev-parse main)" >"$TMPDIR/event.json"
	export GITHUB_EVENT_NAME=merge_group GITHUB_REF=refs/heads/gh-readonly-queue GITHUB_EVENT_PATH="$TMPDIR/event.json"
	unset GITHUB_BASE_REF
	note 'the merge group' 'what the merge_group event stands on'
	unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_REF GITHUB_EVENT_PATH
	git checkout -q feature
}

# The first parent's name is known, its files are not.
shallow() {
	git push -q origin feature 2>"$ERR"
	git clone -q --depth 1 --branch feature "file://$PWD/../origin.git" ../shallow
	cd ../shallow
	gb ANY check --base HEAD~1 .
	contains 'too shallow a clone says what to do' "$ERR" 'fetch-depth: 0'
	# actions/checkout's default: the test merge alone.
	cd ../work
	git checkout -q --detach main
	git merge -q --no-ff -m merge feature
	git push -q origin HEAD:refs/pull/7/merge 2>"$ERR"
	git checkout -q feature
	git init -q -b main ../alone
	cd ../alone
	git fetch -q --depth 1 "file://$PWD/../origin.git" refs/pull/7/merge
	git checkout -q --detach FETCH_HEAD
	export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request GITHUB_REF=refs/pull/7/merge GITHUB_BASE_REF=main
	gb 1 check --measure-base .
	contains 'the base is known by name' "$OUT" 'base: HEAD^1'
	contains 'and what is missing is said' "$OUT" 'is not in this clone'
	unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_REF GITHUB_BASE_REF
	cd ../work
}

raising() {
	gb 0 record --raise TestShelf --reason 'pages are larger' .
	git commit -qam 'three'
	gb 0 check .
	contains 'a raise is shown' "$OUT" 'raised by this change'
	contains 'with its reason' "$OUT" 'reason: pages are larger'
	gb 0 check --json report.json .
	json 'and written' report.json \
		'[.verdicts[] | select(.verdict == "raised" and .metric == "alloc_space")
			| .measured > .budget and .reason == "pages are larger"] == [true]'
	rm report.json

	# The base's policy decides, not the change's own.
	git checkout -q main
	printf '{"raise": "waiver"}\n' >budgets/_policy.json
	git add -A
	git commit -qm 'no raise without a waiver'
	git push -q origin main 2>"$ERR"
	git checkout -q feature
	git rebase -q main
	printf '{"raise": "allow"}\n' >budgets/_policy.json
	git commit -qam 'let me'
	gb 1 check .
	contains "the base's policy wants a waiver" "$OUT" "the base's policy wants a waiver for that"
	git checkout -q main
	printf '{"raise": "reason"}\n' >budgets/_policy.json
	git commit -qam 'no raise without a reason'
	git push -q origin main 2>"$ERR"
	git checkout -q feature
	git reset -q --hard HEAD~1
	git rebase -q main
	gb 0 check .
	sed -i 's/, "reason": "pages are larger"//' budgets/_root.json
	gb 1 check .
	contains 'or a reason' "$OUT" "the base's policy wants a reason for that"
	git checkout -q .
}

# Red already: the work tree changes nothing that matters.
inheriting() {
	git checkout -q --detach feature
	git checkout -q main -- budgets
	git commit -qm 'over'
	git commit -q --allow-empty -m 'innocent'
	gb 1 check .
	gb 0 check --base HEAD~1 .
	contains 'over at the base' "$OUT" 'inherited'
	contains 'with what the base had' "$OUT" 'at the base'
	shelf 256
	gb 1 check --base HEAD~1 .
	matches 'more than the base is over' "$OUT" 'over +alloc_space'
	git checkout -q .
}

outside() {
	mkdir ../plain
	cp go.mod shelf.go shelf_test.go ../plain
	cd ../plain
	gb 0 check .
	lacks 'no repository, no word of it' "$OUT" 'base:'
	gb 3 check --base main .
	contains 'asked for, it is an error' "$ERR" 'no git repository'
	cd ../work
}

# GOWORK by its whole path: the base has a workspace file of its own.
workspace() {
	mkdir ../many
	cd ../many
	git init -q -b main
	mkdir lib app
	printf 'module example.com/lib\n\ngo 1.21\n' >lib/go.mod
	printf 'package lib\n\nfunc Make() []byte { return make([]byte, 1024) }\n' >lib/lib.go
	printf 'module example.com/app\n\ngo 1.21\n\nrequire example.com/lib v0.0.0\n' >app/go.mod
	cat >app/app_test.go <<'END'
package app

import (
	"testing"

	"example.com/lib"
)

var sink []byte

func TestApp(t *testing.T) { sink = lib.Make() }
END
	printf 'go 1.21\n\nuse (\n\t./app\n\t./lib\n)\n' >go.work
	cd app
	gb 0 record .
	git add -A ..
	git commit -qm one
	sed -i s/1024/65536/ ../lib/lib.go
	export GOWORK="$PWD/../go.work"
	GOWORK=$(realpath "$GOWORK")
	gb 1 check --base HEAD --repeats 0 .
	contains 'the base of a workspace' "$OUT" '(1,024 B in 1 object'
	unset GOWORK
	gb 1 check --base HEAD --repeats 0 .
	contains 'and without GOWORK' "$OUT" '(1,024 B in 1 object'
	cd ../../work
}

# A package that moves, its budget file with it, and is raised on the way.
moving() {
	mkdir ../moved
	cd ../moved
	git init -q -b main
	printf 'module example.com/moved\n\ngo 1.21\n' >go.mod
	mkdir store
	(cd store && shelf 128 && cp ../../work/shelf_test.go .)
	gb 0 record ./...
	git add -A
	git commit -qm one
	base=$(git rev-parse HEAD)
	mkdir -p internal/depot
	git mv store/shelf.go store/shelf_test.go internal/depot
	mkdir budgets/internal
	git mv budgets/store.json budgets/internal/depot.json
	sed -i 's|moved/store"|moved/internal/depot"|' budgets/internal/depot.json
	gb 0 check --base "$base" ./...
	lacks 'moved alone' "$OUT" 'raised'
	(cd internal/depot && shelf 192)
	gb 0 record --raise '**' --reason 'pages are larger' ./...
	sed -i 's/^package shelf/package depot/' internal/depot/*.go
	git commit -qam two
	gb 0 check --base "$base" --json report.json ./...
	contains 'moved and raised' "$OUT" 'raised by this change'
	contains 'where it was' "$OUT" 'was in example.com/moved/store; reason: pages are larger'
	json 'with the numbers of the old row' report.json \
		'[.verdicts[] | select(.verdict == "raised" and .metric == "alloc_space" and .test == "TestShelf")
			| .measured > .budget and .was == "example.com/moved/store"] == [true]'
	rm report.json
	git checkout -q "$base"
	printf '{"raise": "waiver"}\n' >budgets/_policy.json
	git add -A
	git commit -qm 'no raise without a waiver'
	git cherry-pick main >"$OUT" 2>&1
	gb 1 check --base HEAD~1 ./...
	contains 'and refused' "$OUT" "was in example.com/moved/store; the base's policy wants a waiver for that"
	cd ../work
}

repository
finding
shallow
raising
moving
inheriting
outside
workspace
finish
