# hook: installed, chained, looked at, taken away; and mistakes.
try() {
	printf '%s\n' "--- gobudget hook $*"
	status=0
	gobudget hook "$@" || status=$?
	echo "exit $status"
}
try
try status
git init -q -b main .
try instal
try run
try run origin
try status
try uninstall
rm -f .git/hooks/pre-push.sample
printf 'module example.com/shop\n' >go.mod
git add go.mod
git commit -qm module
try install
try install
try status
sed -e 's|^gobudget=.*|gobudget=gobudget|' .git/hooks/pre-push
try uninstall
find .git/hooks -name 'pre-push*'

echo '--- another hook is there'
printf '#!/bin/sh\necho "first: $*"; cat\n' >.git/hooks/pre-push
chmod 711 .git/hooks/pre-push
try status
try install
try status
find .git/hooks -name 'pre-push*' -printf '%m %f\n' | sort
echo '# older' >>.git/hooks/pre-push
try status
printf '#!/bin/sh\n' >.git/hooks/pre-push
try install
try uninstall
cp .git/hooks/pre-push.gobudget-before .git/hooks/pre-push
rm .git/hooks/pre-push.gobudget-before
try install
try uninstall
cat .git/hooks/pre-push
rm .git/hooks/pre-push

echo '--- core.hooksPath'
git config core.hooksPath githooks
try install
try uninstall
git config core.hooksPath .husky/_
try install
grep -n "gobudget=" .husky/pre-push
try uninstall
echo 'go test ./...' >.husky/pre-push
try install
echo 'gobudget hook run "$@"' >>.husky/pre-push
try install
try status
try uninstall
git config --unset core.hooksPath
echo '{}' >lefthook.yml
try install
echo '# run: gobudget hook run {0}' >lefthook.yml
try status

echo '--- what git says is pushed'
rm lefthook.yml
git rm -q go.mod
git commit -qm 'no module'
try install
try status
printf 'nonsense\n' | gobudget hook run origin nowhere
gobudget hook run origin nowhere </dev/null
printf '(delete) %040d refs/heads/x %s\n' 0 "$(git rev-parse HEAD)" | gobudget hook run origin nowhere
printf 'HEAD %s refs/heads/x %040d\n' "$(git rev-parse HEAD)" 0 | gobudget hook run origin nowhere
printf 'main %064d refs/heads/x %064d\n' 1 0 | gobudget hook run origin nowhere
