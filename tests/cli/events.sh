# Under which of GitHub's events a change's tests are not run.
command -v go >/dev/null || exit 77
printf 'module example.com/x\n\ngo 1.21\n' >go.mod
printf 'package x\n' >x.go
export GITHUB_ACTIONS=true COLUMNS=200
for event in pull_request_target workflow_run; do
	export GITHUB_EVENT_NAME=$event
	for command in check record 'explain TestX .' 'check --escapes-only'; do
		echo "--- $event: gobudget $command"
		# shellcheck disable=SC2086 # a list of words
		gobudget $command || echo "exit $?"
	done
done
echo "--- $event: gobudget check --trusted"
gobudget check -q --trusted || echo "exit $?"
echo '--- push: gobudget check'
GITHUB_EVENT_NAME=push gobudget check -q || echo "exit $?"
echo '--- elsewhere: gobudget check'
GITHUB_ACTIONS=false gobudget check -q || echo "exit $?"
