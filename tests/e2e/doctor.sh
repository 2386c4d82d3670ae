#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# doctor: tells what is in place, and notices a gate that cannot fire.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

healthy() {
	mkdir healthy
	cd healthy
	printf 'module example.com/healthy\n\ngo 1.21\n' >go.mod
	gb 0 doctor
	matches 'the toolchain' "$OUT" '^ok +go +go1\.'
	matches 'exact accounting' "$OUT" '^ok +counting +exact'
	matches 'the gate fires' "$OUT" '^ok +gate +fires: a planted goroutine and a planted megabyte were found'
	matches 'no budgets yet is no fault' "$OUT" '^warn +budgets'
	equal 'nothing is left here' "$(ls)" go.mod
	cd ..
}

broken_budgets() {
	module broken
	mkdir budgets
	echo '{"package": "example.com/broken", "environments": [}' >budgets/_root.json
	gb 1 doctor
	matches 'the file and the line' "$OUT" '^fail +budgets +.*budgets/_root.json:1'
	rm budgets/_root.json
}

# A go command that drops our overlay: nothing is counted, so nothing can fail.
deaf() {
	real=$(command -v go)
	mkdir "$TMPDIR/bin"
	cat >"$TMPDIR/bin/go" <<END
#!/bin/sh
if [ "\$1" = test ]; then
	for arg; do
		shift
		case \$arg in
		-overlay=*) ;;
		*) set -- "\$@" "\$arg" ;;
		esac
	done
fi
exec "$real" "\$@"
END
	chmod +x "$TMPDIR/bin/go"
	PATH=$TMPDIR/bin:$PATH gb 1 doctor
	matches 'a gate that cannot fire' "$OUT" '^fail +gate +DOES NOT FIRE: .*NOT FOUND'
}

# Budgets that look like a gate and are none.
never_fires() {
	module lax
	cat >lax_test.go <<'END'
package lax

import "testing"

var sink []byte

func TestLax(t *testing.T) { sink = make([]byte, 4096) }
END
	gb 0 record .
	gb 0 doctor
	matches 'budgets that fire' "$OUT" '^ok +rules +each of [0-9]+ budgets can fail a run'
	sed -i 's/"alloc_space": [0-9]*,/"alloc_space": "8 GiB",/' budgets/_root.json
	gb 0 doctor
	matches 'one that does not' "$OUT" '^warn +rules +1 of [0-9]+ budgets can never fail a run: example.com/lax TestLax alloc_space fails above'
	printf '{"gates": {"alloc_space": {"over": "900000%%"}, "alloc_objects": {"over": 1000000}, "goroutines": {"over": 10000}}}\n' \
		>budgets/_policy.json
	gb 1 doctor
	matches 'headroom for everything' "$OUT" '^fail +rules +[0-9]+ of [0-9]+ budgets can never fail a run'
	printf '{"warn_only": ["alloc_space", "alloc_objects", "goroutines"]}\n' >budgets/_policy.json
	gb 1 doctor
	matches 'all only warn' "$OUT" '^fail +rules +none of [0-9]+ budgets can fail a run: warn_only'
	printf '{"waivers": [{"package": "example.com/lax", "test": "TestLax", "metric": "alloc_space", "ceiling": "1 MiB", "until": "2020-01-01", "reason": "x"}]}\n' \
		>budgets/_policy.json
	gb 1 doctor
	matches 'a waiver that has ended' "$OUT" '^fail +budgets +.*2020-01-01'
	cd ..
}

# What is around: the clone, notes, the hook, the cache, GitHub.
around() {
	module around
	printf 'package around\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) {}\n' >around_test.go
	git init -q -b main
	gb 0 record .
	git add -A
	git commit -qm one
	gb 0 doctor
	matches 'no notes yet' "$OUT" '^ok +notes +none here'
	matches 'no hook' "$OUT" '^ok +hook +none'
	matches 'the cache' "$OUT" '^(ok|warn) +cache '
	lacks 'no word of GitHub' "$OUT" 'github'
	gb 0 check --note .
	gb 0 hook install
	export GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_TOKEN=ghs_never_to_be_seen
	gb 0 doctor
	matches 'notes' "$OUT" '^ok +notes +measurements of 1 commit, HEAD among them'
	matches 'the hook' "$OUT" '^ok +hook +.*pre-push'
	matches 'a token' "$OUT" '^ok +github +push event, with a token'
	lacks 'never itself' "$OUT" 'ghs_'
	unset GITHUB_TOKEN
	gb 0 doctor
	matches 'no token' "$OUT" '^warn +github +push event, no token'
	unset GITHUB_ACTIONS GITHUB_EVENT_NAME
	git clone -q --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	gb 0 doctor
	matches 'a shallow clone' "$OUT" '^warn +clone +shallow'
	cd ..
}

each_go healthy
never_fires
around
broken_budgets
deaf
gb 2 doctor now
finish
