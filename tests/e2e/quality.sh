#!/bin/sh
# Real bugs are found, and at least those that goleak finds: a few kernels, quickly.  All of them,
# often, is ci/nightly's part.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

if [ ! -d "$(go env GOROOT)/src/runtime/testdata/testgoroutineleakprofile/goker" ]; then
	skip_all "$(go env GOVERSION) carries no kernels"
fi
if ! (module probe && go mod download go.uber.org/goleak@v1.3.0) >"$OUT" 2>&1; then
	skip_all "goleak cannot be fetched"
fi

# Two that hang, two that leave goroutines behind, one that only shows now and then.
export GOKER_RUNS=3 GOKER_STRESS=0 GOKER_LEAST=4
kernels='cockroach584 etcd7902 grpc1424 moby25384 kubernetes10182'
# shellcheck disable=SC2086 # a list
run_ok 'kernels' "$PROJECT/tests/quality/goker.sh" "$GOBUDGET" $kernels
cp "$OUT" table
for kernel in cockroach584 etcd7902; do
	matches "$kernel hangs: goleak never comes to look" table "^$kernel +0/3 +3/3 +3/3"
done
for kernel in grpc1424 moby25384; do
	matches "$kernel leaves something behind" table "^$kernel +3/3 +3/3 +3/3"
done
matches 'the totals' table 'of 5 kernels'

# The comparison can fail.
export GOKER_LEAST=2
run_fails 'one is not two' "$PROJECT/tests/quality/goker.sh" "$GOBUDGET" grpc1424
finish
