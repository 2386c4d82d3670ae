# notes: mistakes, nothing to do, and a remote that is not there.
try() {
	printf '%s\n' "--- gobudget notes $*"
	status=0
	gobudget notes "$@" || status=$?
	echo "exit $status"
}
try
try push
git init -q -b main .
try pull
try prune now
try prune --keep -1
try prune
git init -q --bare -b main there.git
try fetch there.git
try push there.git
echo '{' >note
git commit -q --allow-empty -m one
git notes --ref gobudget add -F note HEAD
try push there.git
git -C there.git rev-parse -q --verify refs/notes/gobudget >/dev/null && echo pushed
git notes --ref gobudget add -f -m '{"version":1,"measured":{}}' HEAD 2>/dev/null
git push -q there.git HEAD~0:refs/heads/main
git clone -q there.git other
cd other || exit
git notes --ref gobudget add -m '{"version":1,"measured":{}}' HEAD
try fetch
