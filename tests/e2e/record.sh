#!/bin/sh
# record: what it writes is what check accepts; it writes all of a file or nothing of it.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

shop() {
	module "$1" example.com/shop
	mkdir store web
	cat >store/store_test.go <<-'EOT'
		package store

		import "testing"

		var sink []byte

		func TestCache(t *testing.T) { sink = make([]byte, 1000) }

		func TestSub(t *testing.T) {
			for _, name := range []string{"a", "b c"} {
				t.Run(name, func(t *testing.T) { t.Parallel(); sink = make([]byte, 64) })
			}
		}

		func BenchmarkPage(b *testing.B) {
			for i := 0; i < b.N; i++ {
				sink = make([]byte, 4096)
			}
		}
	EOT
	cat >web/web_test.go <<-'EOT'
		package web

		import "testing"

		var stop = make(chan bool)
		func TestServe(t *testing.T) { go func() { <-stop }() }
	EOT
	git init -q
	git add .
	git commit -qm first
}

shop plain
gb 0 record ./...
gb 0 check ./...
git add budgets
git commit -qm budgets
gb 0 record ./...
equal 'a second recording changes nothing' "$(git status --short)" ''
contains 'one line says so' "$OUT" 'nothing to record'

# A patch is what would have been written.
sed -i 's/1000/3000/' store/store_test.go
gb 1 check ./...
gb 0 record --raise TestCache --reason 'three pages' --patch ./...
cp "$OUT" ../raise.patch
equal 'a patch writes nothing' "$(git status --short budgets)" ''
run_ok 'git apply takes it' git apply ../raise.patch
cp budgets/store.json ../patched.json
git checkout -q budgets
gb 0 record --raise TestCache --reason 'three pages' ./...
run_ok 'and it is what record writes' cmp budgets/store.json ../patched.json
equal 'one line of one file changed' "$(git diff --numstat budgets)" "$(printf '1\t1\tbudgets/store.json')"
gb 0 check ./...
rm -r budgets
gb 0 record --patch ./...
cp "$OUT" ../new.patch
run_ok 'git apply takes new files' git apply ../new.patch
gb 0 check ./...

# Benchmarks and what is measured alone, only where asked for.
lacks 'no benchmark without --bench' budgets/store.json BenchmarkPage
gb 0 record --bench . --alone TestCache ./store -- -benchtime=100x
contains 'a benchmark per operation' budgets/store.json '"BenchmarkPage": {"goroutines": 0, "B/op": 4096, "allocs/op": 1'
contains 'a test alone' budgets/store.json '"inuse_space": '
gb 0 check ./...
gb 0 check --bench . ./... -- -benchtime=100x

# A package that fails is named and left as it was; the others are written.
shop failing
sed -i 's/{ sink = make(\[\]byte, 1000) }/{ t.Fatal("no") }/' store/store_test.go
gb 3 record ./...
contains 'the failing package is named' "$ERR" 'not recorded: example.com/shop/store: TestCache'
equal 'only the other one is written' "$(ls budgets)" web.json
echo 'broken' >>store/store_test.go
gb 3 record ./...
contains 'so is one that does not build' "$ERR" 'not recorded: example.com/shop/store: '

# A package that is no more: gone, until its budgets are pruned.
shop missing
gb 0 record ./...
git add budgets
git rm -qrf web
gb 3 check ./...
contains 'its package is gone' "$OUT" 'budgets/web.json:1'
gb 0 check ./store
gb 0 record --prune --patch ./...
cp "$OUT" ../prune.patch
run_ok 'git apply takes a file away' git apply ../prune.patch
equal 'the patch removes it' "$(ls budgets)" store.json
git checkout -q -- budgets
gb 0 record --prune ./...
equal 'its file is removed' "$(ls budgets)" store.json
gb 0 check ./...

# Another Go version: not comparable, until the block is rebased.
shop rebase
gb 0 record ./...
sed -i 's/"go": "[0-9.]*"/"go": "1.20"/' budgets/*.json
gb 3 check ./...
contains 'other environments are not compared' "$OUT" incomparable
gb 0 record --rebase ./...
lacks 'the block moved' budgets/store.json '"go": "1.20"'
gb 0 check ./...

# Interrupted: the old files stand.
shop interrupted
cat >web/slow_test.go <<-'EOT'
	package web

	import (
		"testing"
		"time"
	)

	func TestSlow(t *testing.T) { time.Sleep(20 * time.Second) }
EOT
"$GOBUDGET" record ./... >"$OUT" 2>"$ERR" </dev/null &
pid=$!
sleep 3
# A shell's background child ignores SIGINT; SIGTERM means the same to us.
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
equal 'interrupted: could not measure' "$status" 3
equal 'and nothing was written' "$(git status --short | grep -v slow_test || :)" ''

# Each module of a workspace has budgets of its own.
module work/a example.com/a
printf 'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' >a_test.go
module work/b example.com/b
mkdir deep
printf 'package deep\n\nimport "testing"\n\nfunc TestB(t *testing.T) {}\n' >deep/b_test.go
cd ..
printf 'go 1.21\n\nuse (\n\t./a\n\t./b\n)\n' >go.work
gb 0 record ./a/... ./b/...
equal 'one folder for each module' "$(find . -path '*budgets/*.json' | sort | xargs)" \
	'./a/budgets/_root.json ./b/budgets/deep.json'
gb 0 check ./a/... ./b/...
finish
