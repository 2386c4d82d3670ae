# record: mistakes, a first recording, what it leaves alone, and what it prints.
try() {
	printf '%s\n' "--- gobudget record $*"
	status=0
	gobudget record "$@" 2>err.txt || status=$?
	grep -v '^ok' err.txt || :
	echo "exit $status"
}
try --raise TestA
try --metric alloc
try --metric ns/op
try --runs 0
mkdir store
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
cat >store/store_test.go <<'END'
package store

import "testing"

var sink []byte

func TestCache(t *testing.T) { sink = make([]byte, 1000) }
func TestPage(t *testing.T)  { sink = make([]byte, 4096) }
END
try --dry-run ./...
ls
try ./...
try ./...
sed -i 's/1000/2000/; s/4096/2048/' store/store_test.go
try ./...
try --raise TestCache --raise TestCash --reason 'two pages' ./...
try --tighten --raise TestCache --reason 'two pages' ./...
sed -i 's/TestPage/TestSheet/' store/store_test.go
try --prune ./... -- -run TestCache
try --prune ./...
sed 's/"env": .*/"env": .../; s/^ *"tags": .*//' budgets/store.json
sed -i 's/"alloc_space"/"alloc_spce"/' budgets/store.json
try ./...
