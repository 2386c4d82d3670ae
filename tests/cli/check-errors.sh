# What check refuses before it measures, and what is never a pass.
command -v go >/dev/null || exit 77
try() {
	echo "--- $*"
	"$@" || echo "exit $?"
}
try gobudget check --jobs 0
try gobudget check --timeout soon
try gobudget check --no-such-option
try gobudget check --accounting guess
try gobudget check --escapes-only --stress 3
try gobudget check --escapes-only --bench .
printf 'module example.com/x\n\ngo 1.21\n' >go.mod
printf 'package x\n' >x.go
export GOMAXPROCS=2 COLUMNS=200
try gobudget check ./... | sed "s|$(go env GOOS)/$(go env GOARCH)|PLATFORM|"
mkdir budgets
echo '{"setle": "1s"}' >budgets/_policy.json
try gobudget check ./...
echo '{"settle": 5}' >budgets/_policy.json
try gobudget check ./...
cat >budgets/_policy.json <<'END'
{
  "waivers": [
    {"package": "example.com/x", "test": "TestX", "metric": "goroutines", "ceiling": 3,
     "until": "2020-02-30", "reason": "no such day"}
  ]
}
END
try gobudget check ./...
rm budgets/_policy.json
echo '{"package": "example.com/y", "environments": []}' >budgets/_root.json
try gobudget check ./...
echo '{"package": "example.com/x", "environments": [], "package": "example.com/x"}' >budgets/_root.json
try gobudget check ./...
rm budgets/_root.json
try gobudget check --again
try gobudget check --each-commit HEAD
try gobudget check --each-commit HEAD~1...HEAD
try gobudget check --each-commit HEAD~1..HEAD
git init -q -b main .
git commit -q --allow-empty -m one
try gobudget check --each-commit nowhere..HEAD
try gobudget check --each-commit HEAD..HEAD
try gobudget check --each-commit HEAD..HEAD --base HEAD
