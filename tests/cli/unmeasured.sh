# The files that were asked for say so when nothing could be measured.
command -v go >/dev/null || exit 77
printf 'module example.com/x\n\ngo 1.21\n' >go.mod
printf 'package x\n' >x.go
mkdir budgets
echo '{"setle": "1s"}' >budgets/_policy.json
echo '{"exit_status": 0}' >report.json
gobudget check --json report.json --markdown report.md --junit report.xml || echo "exit $?"
grep -A 4 -e '"exit_status"' -e '"notes"' report.json
cat report.md report.xml
echo '--- wrong usage, too'
echo '{"exit_status": 0}' >report.json
gobudget check --json report.json --nonsense || echo "exit $?"
grep '"exit_status"' report.json
