# nightly: what it refuses, and why; where there is nothing to measure.
try() {
	printf '%s\n' "--- gobudget nightly $*"
	status=0
	gobudget nightly "$@" || status=$?
	echo "exit $status"
}
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
export GOFLAGS=-mod=mod GOTOOLCHAIN=local
try -- -bench=.
try -- -count=3
try -- -cpu=1,2
try -- -C sub
try -- -json
try -- ./...
try --repeat 0
try --base nothing
try ./...
