# init: what it shows, and that it writes nothing unless it is told to.
command -v go >/dev/null || exit 77
try() {
	printf '%s\n' "--- gobudget init $*"
	status=0
	gobudget init "$@" >out 2>&1 || status=$?
	sed "s|gobudget='.*'|gobudget='GOBUDGET'|" out
	rm out
	echo "exit $status"
}
try
try here
try --force
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
printf 'package shop\n' >shop.go
mkdir store
cd store || exit
try --no-record
test ! -e ../budgets && echo 'nothing written'
cd .. || exit
git init -q -b 'trunk"2' .
mkdir -p .github/workflows sub
printf 'jobs: {a: {steps: [{run: go test ./...}]}}\n' >.github/workflows/ci.yml
printf 'stages: []\n' >.gitlab-ci.yml
try --no-record --no-hook
git status --short
try --yes --no-record
find budgets .github -type f | sort
try --yes --no-record
try --no-record
rm .github/workflows/gobudget.yml
echo '{"settle": 5}' >budgets/_policy.json
try --yes
rm -r budgets .github go.mod
printf 'module example.com/sub\n\ngo 1.21\n' >sub/go.mod
rm .git/hooks/pre-push
echo '{}' >lefthook.yml
cd sub || exit
try --yes --no-record
git remote add origin git@github.com:example/shop.git
try --yes --no-record --no-hook
