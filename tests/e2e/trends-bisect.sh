#!/bin/sh
# trends --bisect: the commits behind steps of the newest nights, of two tests, one of them in two
# metrics; what is not news is left alone, and so is all of the user's.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME='Ann Author' GIT_AUTHOR_EMAIL=ann@example.com
export GIT_COMMITTER_NAME='Ann Author' GIT_COMMITTER_EMAIL=ann@example.com

store() { # BYTES
	cat >store/store.go <<END
package store

type Cache struct{ m map[int][]byte }

func New() *Cache { return &Cache{m: map[int][]byte{}} }

func (c *Cache) Put(i int) { c.m[i] = make([]byte, $1) }
END
}

commit() { # SUBJECT
	git add -A
	git -c gc.auto=0 commit -qm "$1" --allow-empty
}

# One night is measured for all that are like it.
nights() { # HOW_MANY
	"$GOBUDGET" check -q --note ./... >"$OUT" 2>&1 || :
	git notes --ref gobudget show HEAD >../note
	left=$1
	while [ "$left" -gt 1 ]; do
		left=$((left - 1))
		commit "Night $left"
		git notes --ref gobudget add -F ../note HEAD 2>/dev/null
	done
}

mkdir -p shop/store
cd shop
git init -q -b main .
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
store 100
cat >store/store_test.go <<'END'
package store

import "testing"

func TestCache(t *testing.T) {
	c := New()
	for i := 0; i < 50; i++ {
		c.Put(i)
	}
}

func TestTwo(t *testing.T) {
	c := New()
	for i := 0; i < 20; i++ {
		c.Put(i)
	}
}
END
commit 'Begin'
nights 8
echo 'func broken( {' >>store/store.go
commit 'Does not build'
store 100
commit 'Builds again'
store 900
commit 'Leave room for growth'
culprit=$(git rev-parse HEAD)
for i in 1 2 3 4; do commit "More $i"; done
nights 8

# In the middle of something.
echo edited >>store/store.go
echo new >new
git status --short >../before
find . -type f -exec cksum {} + | sort >../files

gb 0 trends
matches 'without it the command is offered' "$OUT" 'which commit: gobudget bisect Test(Cache|Two) example.com/shop/store'
gb 0 trends --bisect --json --html ../page.html
cp "$OUT" ../trends.json
contains 'told on the way' "$ERR" 'Leave room for growth'
find . -type f -exec cksum {} + | sort >../files.after
git status --short >../after
run_ok 'everything is as it was' cmp ../files ../files.after
run_ok 'so is what git says' cmp ../before ../after
json 'the culprit of every step upwards of what is exact' ../trends.json \
	"[.series[] | select(.metric | startswith(\"alloc\")) | .changes[] | select(.kind == \"step\" and .after > .before) | .culprit.commit] | length >= 2 and unique == [\"$culprit\"]"
json 'its author and subject' ../trends.json \
	'[.series[].changes[].culprit | select(.) | .author + ": " + .subject] | unique == ["Ann Author: Leave room for growth"]'
json 'the line that did it' ../trends.json \
	'[.series[].changes[].culprit | select(.)] | all(.evidence | contains("store/store.go:7"))'
json 'what was measured for one test is not measured for the other' ../trends.json \
	'[.series[].changes[].culprit | select(.) | .measured] | (max <= 5) and (min == 0)'
json 'they are alarms' ../trends.json '[.series[] | select(.broken) | .broken] | unique == ["grew"]'
if python3 -c 'import jsonschema' 2>/dev/null; then
	equal 'what it writes follows the schema' valid "$("$PROJECT/tests/e2e/schema/valid" \
		"$PROJECT/budgets/schema/trends.json" ../trends.json)"
else
	skip 'what it writes follows the schema' 'python3-jsonschema is not installed'
fi

contains 'on the page' ../page.html 'the commit: <code>'
contains 'with the line' ../page.html 'store/store.go:7'

gb 0 trends --bisect --bisect-time 1ms
contains 'no time: told' "$OUT" 'not found: the time for it is over'
matches 'and how to go on' "$OUT" 'which commit: gobudget bisect Test(Cache|Two) example.com/shop/store'
gb 0 trends --bisect --newest 1
contains 'what is no news is not looked for' "$ERR" 'no change of the newest nights has to be looked for'
equal 'no scratch folder is left' 0 "$(find "$TMPDIR" -maxdepth 1 -name 'gobudget-*' | wc -l)"
finish
