#!/bin/sh
# Night after night on a real module: commits, each measured for real, with two steps, a drift, a test
# that flakes and an upgrade of Go planted; what trends says of them, and what it leaves alone.
#
# With E2E_ALL 120 nights, else 24, in which no drift can be seen.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export TERM=dumb GOBUDGET_CACHE="$TMPDIR/cache"
nights=24 first_step=8 upgrade=14 second_step=20 drift=0
[ -z "${E2E_ALL-}" ] || nights=120 first_step=30 upgrade=60 second_step=80 drift=66
old_go=go1.25.5 new_go=go1.26.8

mkdir lru
cd lru
git init -q -b main .
printf 'module example.com/lru\n\ngo 1.21\n' >go.mod
dir=$(go mod download -json github.com/hashicorp/golang-lru/v2@v2.0.7 2>"$ERR" | jq -r .Dir) || dir=''
[ -d "$dir" ] || { fail 'fetch golang-lru' "$(cat "$ERR")"; finish; }
mkdir internal simplelru
cp "$dir"/internal/* internal
cp "$dir"/simplelru/* simplelru
chmod -R u+w .
find . -name '*.go' -exec sed -i 's|"github.com/hashicorp/golang-lru/v2/|"example.com/lru/|' {} +
sed -i 's|^func (c \*LRU\[K, V\]) Add(.*|&\n\tpad()|; s|^func (c \*LRU\[K, V\]) Purge(.*|&\n\tleave()|; s|^func (c \*LRU\[K, V\]) Keys(.*|&\n\tdrift()|' simplelru/lru.go
cat >simplelru/flaky_test.go <<'END'
package simplelru

import (
	"testing"
	"time"
)

var page []byte

func TestFlaky(t *testing.T) {
	page = make([]byte, 1024)
	if time.Now().UnixNano()/1000%8 == 0 {
		page = make([]byte, 8192)
	}
}

func BenchmarkAdd(b *testing.B) {
	l, _ := NewLRU[int, int](64, nil)
	for i := 0; i < b.N; i++ {
		l.Add(i, i)
	}
}
END

plant() { # NIGHT: the code as of that night
	bytes=0 leaves='' more=0
	[ "$1" -lt $first_step ] || bytes=64
	[ "$1" -lt $second_step ] || leaves='go func() { select {} }()'
	if [ $drift -gt 0 ] && [ "$1" -gt $drift ]; then more=$((($1 - drift) * 4)); fi
	cat >simplelru/planted.go <<END
package simplelru

var padding []byte
var drops []*[16]byte

func pad() { padding = make([]byte, $bytes) }

func leave() { $leaves }

func drift() {
	drops = make([]*[16]byte, 0, 1024)
	for i := 0; i < 600+$more; i++ {
		drops = append(drops, new([16]byte))
	}
}
END
}

# Two commits a day: the first may do something, the second never does.
night=0
while [ $night -lt $nights ]; do
	night=$((night + 1))
	when="$((1750000000 + night * 86400)) +0000"
	export GIT_AUTHOR_DATE="$when" GIT_COMMITTER_DATE="$when"
	GOTOOLCHAIN=$old_go
	[ $night -lt $upgrade ] || GOTOOLCHAIN=$new_go
	export GOTOOLCHAIN
	plant $night
	git add -A
	git commit -q --allow-empty -m "Work of day $night"
	case $night in
	"$first_step") git tag first-step ;;
	"$second_step") git tag second-step ;;
	esac
	echo "Day $night." >>NOTES
	git add -A
	git commit -qm "Notes of day $night"
	status=0
	"$GOBUDGET" nightly --repeat 2 --count 2 --no-alone --quiet ./simplelru -- -benchtime=20ms \
		>"$OUT" 2>"$ERR" || status=$?
	want=0
	# A goroutine that can never run again fails.
	[ $night -lt $second_step ] || want=1
	[ $status -eq $want ] || fail "night $night: $status, not $want" "$(tail -n 20 "$OUT" "$ERR")"
done
pass "$nights nights"

gb 0 trends --json
cp "$OUT" ../trends.json
json 'all nights, both eras' ../trends.json "[.nights[].go] | group_by(.) | map([.[0], length]) ==
	[[\"go1.25\", $((upgrade - 1))], [\"go1.26\", $((nights - upgrade + 1))]]"
changes() { # KIND METRIC FACTOR: test, commit before and after, of rises by more than that
	jq -r ".series[] | . as \$s | select(.metric == \"$2\") | .changes[] |
		select(.kind == \"$1\" and .after > .before * $3) | [\$s.test, .from, .to] | @tsv" ../trends.json
}
# Every step stands where it was planted, and in no test that does not go there.
around() { # TAG: the nights on either side of a commit
	printf '%s\t%s' "$(git rev-parse "$1~")" "$(git log --format=%H --reverse "$1"..HEAD | head -n 1)"
}
# The first nights of the drift are a small step.
changes step alloc_space 1.05 >../steps
matches 'the first step is told' ../steps 'TestLRU'
equal 'at its commit, and no other rise of bytes is' "$(cut -f 2- ../steps | sort -u)" "$(around first-step)"
changes step goroutines 1 >../left
matches 'the goroutine left behind is told' ../left 'TestLRU'
equal 'at its commit' "$(cut -f 2- ../left | sort -u)" "$(around second-step)"
json 'a test that flakes raises no alarm' ../trends.json '[.series[] | select(.test == "TestFlaky") | .changes[] | select(.kind != "upgrade")] == []'
if [ $drift -gt 0 ]; then
	changes drift alloc_space 1 >../drifts
	matches 'the drift is told' ../drifts 'TestLRU'
	lacks 'in no test without it' ../drifts TestFlaky
else
	equal 'no drift where there is none' "$(changes drift alloc_space 1)" ''
fi

gb 0 trends --bisect --newest $nights --json
cp "$OUT" ../bisected.json
culprits=$(jq -r '.series[].changes[] | select(.kind == "step" and .after > .before) | .culprit.commit' ../bisected.json | sort -u)
contains 'bisect names the commit of the newest step' ../bisected.json "$(git rev-parse second-step)"
equal 'the repository is as it was' "$(git status --porcelain; git worktree list | wc -l)" '1'
[ "$culprits" ] || fail 'no culprit'

gb 0 trends --html ../nights.html
lacks 'the page asks nobody' ../nights.html 'src='
contains 'the page tells the upgrade apart' ../nights.html 'instead of go1.25: not comparable'
gb 0 trends
[ -z "${E2E_KEEP-}" ] || cp ../nights.html ../trends.json "$OUT" "$E2E_KEEP"
finish
