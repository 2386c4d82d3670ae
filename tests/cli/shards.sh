# plan, check --shard and merge: what is refused, what is named.
command -v go >/dev/null || exit 77
export GOMAXPROCS=2 COLUMNS=200
sample=$PROJECT/tests/fuzz/corpus/report/sample.json
try() {
	printf '%s\n' "--- gobudget $*" | sed "s|$PROJECT/||"
	status=0
	gobudget "$@" >out 2>err || status=$?
	sed "s|$(go env GOOS)/$(go env GOARCH)|PLATFORM|" err out
	echo "exit $status"
}
try plan
try plan --shards 0
try plan --shards 2 --base HEAD
try check --shard 0/2
try check --shard 3/2
try check --shard two
try check --durations last.json
printf 'module example.com/x\n\ngo 1.21\n' >go.mod
mkdir a b c
for p in a b c; do echo "package $p" >$p/$p.go; done
printf 'package a\nimport "testing"\nfunc TestA(t *testing.T) {}\n' >a/a_test.go
printf 'package b\n\nimport "testing"\n\nfunc TestB(t *testing.T) { t.Log("a longer one") }\n' >b/b_test.go
try plan ./... --shards 2 -v
try plan ./... --shards 4 -q
try plan ./none --shards 2
try plan a/a_test.go --shards 2
try plan --shards 2 -- ./...
try plan ./... --shards 2 --durations none.json
try check -q --shard 4/4 ./... --json 4.json
try check -q --shard 1/2 ./none --json nothing.json
try merge
try merge none.json
try merge "$sample"
try merge 4.json
try merge 4.json 4.json
try merge nothing.json 4.json
try merge nothing.json
