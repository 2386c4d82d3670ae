# bisect: mistakes; what is found is in tests/e2e/bisect.sh.
try() {
	printf '%s\n' "--- gobudget bisect $*"
	status=0
	gobudget bisect "$@" || status=$?
	echo "exit $status"
}
try
try TestA
try TestA ./...
try TestA ..HEAD
try TestA HEAD~1..HEAD
git init -q -b main .
export GIT_AUTHOR_DATE="2026-03-01T12:00:00Z" GIT_COMMITTER_DATE="2026-03-01T12:00:00Z"
mkdir a b
echo 'func TestA(t *testing.T) {}' >a/a_test.go
cp a/a_test.go b/b_test.go
git add -A
git commit -qm one
git commit -q --allow-empty -m two
git checkout -q -b side HEAD~1
git commit -q --allow-empty -m three
git checkout -q main
try TestA HEAD~7..HEAD
try TestA HEAD..HEAD
try TestA side..HEAD
try TestA HEAD~1..HEAD
try TestB HEAD~1..HEAD
try TestA --metric ns/op HEAD~1..HEAD
try TestA --metric bytes HEAD~1..HEAD
try TestA --limit -3 HEAD~1..HEAD
GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request_target try TestA HEAD~1..HEAD
git status --short
