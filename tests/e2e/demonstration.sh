#!/bin/sh
# All of it together: a repository of three public modules whose commits improve, worsen, raise, rename
# and revert; bases, verdicts, history, bisect, and the hook on a real push.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export GOBUDGET_CACHE="$TMPDIR/cache" TERM=dumb
bin=$(dirname "$GOBUDGET")
export PATH="$bin:$PATH"

fetch() { # MODULE@VERSION FOLDER: its files, as packages of ours
	dir=$(go mod download -json "$1" 2>"$ERR" | jq -r .Dir) || dir=''
	[ -d "$dir" ] || { fail "fetch $1" "$(cat "$ERR")"; finish; }
	cp -R "$dir" "$2"
	chmod -R u+w "$2"
	rm -rf "$2/go.mod" "$2/go.sum" "$2/.github"
	find "$2" -name '*.go' -exec sed -i "s|\"${1%@*}|\"example.com/trio/$2|" {} +
}

pad() { # BYTES: allocated at each Add of the cache
	cat >lru/simplelru/pad.go <<END
package simplelru

var padding []byte

func pad() { padding = make([]byte, $1) }
END
}

commit() { # SUBJECT
	git add -A
	git commit -qm "$1"
}

branch() { # NAME
	git checkout -q -b "$1" main
	git branch -q -u origin/main
}

merge() { # BRANCH: into main, and pushed
	git checkout -q main
	git merge -q --no-ff -m "Merge $1" "$1"
	git push -q origin main 2>"$ERR"
}

git init -q --bare -b main origin.git
git clone -q origin.git work 2>"$ERR"
cd work
git checkout -q -b main 2>"$ERR" || :
printf 'module example.com/trio\n\ngo 1.21\n' >go.mod
fetch github.com/hashicorp/golang-lru/v2@v2.0.7 lru
rm -rf lru/expirable lru/*.go # what chance decides is no demonstration
fetch github.com/spf13/pflag@v1.0.9 pflag
fetch github.com/google/uuid@v1.6.0 uuid
sed -i 's|^func (c \*LRU\[K, V\]) Add(.*|&\n\tpad()|' lru/simplelru/lru.go
pad 0
commit 'Three modules'
gb 0 record ./...
commit 'Give them budgets'
git push -q -u origin main 2>"$ERR"
git remote set-head origin main
gb 0 check ./...
contains 'the same commit is within its budgets' "$OUT" 'within budget'

# Worse: which line, against which base; nothing else is measured.
branch pages
pad 64
commit 'Pad each entry'
worse=$(git rev-parse HEAD)
gb 1 check --affected --measure-base ./...
contains 'the base' "$OUT" "base: refs/remotes/origin/main ($(git rev-parse --short=12 main)), merge base with refs/remotes/origin/main, the upstream of pages"
matches 'what cannot move is not measured' "$OUT" 'affected: [12] of [0-9]+ packages'
contains 'the line' "$OUT" 'at lru/simplelru/pad.go:5, simplelru.pad'
matches 'over' "$OUT" 'over +alloc_space'

# Raised, with a reason: shown, and allowed.
gb 0 record --raise '**' --reason 'entries are padded' ./lru/...
commit 'Raise what that costs'
raised=$(git rev-parse HEAD)
gb 0 check --affected ./...
contains 'the raise is shown' "$OUT" 'raised by this change'
contains 'with its reason' "$OUT" 'reason: entries are padded'
merge pages

# Renamed, with its budget file.
branch names
git mv uuid uid
git mv budgets/uuid.json budgets/uid.json
sed -i 's|example.com/trio/uuid|example.com/trio/uid|' budgets/uid.json
find uid -name '*.go' -exec sed -i 's|example.com/trio/uuid|example.com/trio/uid|' {} +
commit 'Say uid'
gb 0 check --affected ./...
lacks 'a renamed package is not gone' "$OUT" 'gone'
merge names

# Over, and merged all the same: the next change inherits that.
branch careless
pad 4096
commit 'Pad far more'
careless=$(git rev-parse HEAD)
merge careless
branch innocent
sed -i 's|^// |//  |' pflag/bool.go
commit 'Space a comment'
gb 0 check --measure-base ./...
contains 'inherited' "$OUT" 'inherited'
lacks 'and nothing is blamed on it' "$OUT" 'over budget'

# Reverted, and improved; the improvement is kept.
branch better
git revert -n "$careless"
git commit -qm 'Revert "Pad far more"'
gb 0 check --affected ./...
pad 16
commit 'Pad less'
gb 0 check --affected ./...
gb 0 record --tighten ./lru/...
commit 'Keep what was won'
kept=$(git rev-parse HEAD)
merge better

# What history says is what the files said, and what each commit really takes.
test='TestLRU'
package=example.com/trio/lru/simplelru
gb ANY check --each-commit "$worse~1..$kept" ./lru/...
gb 0 history $test --metric alloc_space --json
cp "$OUT" "$TMPDIR/history.json"
of() { # COMMIT KEY: of the test, as history has it
	jq "[.commits[] | select(.commit == \"$1\") | (.changes, .measured)[] | select(.package == \"$package\")][0].$2" \
		"$TMPDIR/history.json"
}
budget() { # COMMIT: as its file there has it
	git show "$1:budgets/lru/simplelru.json" | jq ".environments[0].tests.\"$test\".alloc_space"
}
measured() { # COMMIT: measured there, anew
	git worktree add -q --detach "$TMPDIR/at" "$1"
	(cd "$TMPDIR/at" && "$GOBUDGET" check --no-cache --json "$TMPDIR/truth.json" ./lru/simplelru >"$OUT" 2>&1) || :
	git worktree remove --force "$TMPDIR/at"
	jq "[.packages[].tests[] | select(.name == \"$test\") | .metrics.alloc_space[].min] | min" "$TMPDIR/truth.json"
}
for commit in "$raised" "$kept"; do
	json "history: there is a budget: $(git log -1 --format=%s "$commit")" "$TMPDIR/history.json" \
		"([.commits[] | select(.commit == \"$commit\") | .changes[].new] | length) > 0"
	equal 'history: and it is that of the file' "$(of "$commit" new)" "$(budget "$commit")"
done
# Along main: a merge that is over, and what came after.
for commit in $(git rev-list --first-parent "$worse~1..$kept" | sed -n '2p;4p;6p'); do
	equal "history: measured: $(git log -1 --format=%s "$commit")" "$(of "$commit" measured)" "$(measured "$commit")"
done

# One of sixty-four.
git checkout -q -b long main
i=1
while [ $i -le 64 ]; do
	[ $i -ne 41 ] || pad 512
	echo "// $i" >>pflag/doc_of_changes.go.txt
	commit "Change $i"
	i=$((i + 1))
done
git status --porcelain >"$TMPDIR/status"
gb 0 bisect $test ./lru/simplelru --metric alloc_space main..HEAD
contains 'bisect: the planted commit of 64' "$OUT" 'Change 41'
contains 'bisect: its line' "$OUT" 'lru/simplelru/pad.go:5'
equal 'bisect: nothing moved' "$(git status --porcelain; git rev-parse --abbrev-ref HEAD)" long

# The hook, on a real push.
git checkout -q main
gb 0 hook install
branch heavy
pad 8192
commit 'Pad without measure'
run_fails 'a push that is over stops' git push -q origin heavy
contains 'and says which line' "$ERR" 'lru/simplelru/pad.go:5'
equal 'nothing was pushed' "$(git ls-remote origin refs/heads/heavy)" ''
pad 16
commit 'Pad as before'
run_ok 'a push that is within goes on' git push -q origin heavy
equal 'it was pushed' "$(git ls-remote origin refs/heads/heavy | cut -f1)" "$(git rev-parse HEAD)"
finish
