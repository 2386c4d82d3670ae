# trends: series from git notes, where they changed for good, what comes next; mistakes.
try() {
	printf '%s\n' "--- gobudget trends $*"
	status=0
	gobudget trends "$@" || status=$?
	echo "exit $status"
}
names() { sed -E 's/(the commit: )[0-9a-f]{12}/\1COMMIT/; s/[0-9a-f]{12}\.\.[0-9a-f]{12}/GOOD..BAD/g; s/[0-9a-f]{40}/COMMIT/g'; }
try
git init -q -b main .
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
mkdir budgets
cat >budgets/store.json <<'END'
{
  "package": "example.com/shop/store",
  "environments": [
    {
      "env": {"go": "1.26", "platform": "linux/amd64", "gomaxprocs": 2, "gcflags": "-l",
              "tags": "", "cgo": true, "race": false, "accounting": "runtime"},
      "tests": {
        "TestCache": {"goroutines": 0, "alloc_space": 10000}
      }
    }
  ]
}
END
git add -A
# 45 nights: TestCache takes a step up on night 20 and one down on 40, TestPage drifts, TestFlaky
# doubles every tenth night, TestStill never moves.
GIT_COMMITTER_DATE='1759990000 +0000' git -c gc.auto=0 commit -qm 'Give the store budgets'
env=$(gobudget history --json -n 1 | tr ',' '\n' | sed -n 's/.*"environment": *"\(.*\)".*/\1/p' | head -n 1)
night=0
while [ $night -lt 45 ]; do
	night=$((night + 1))
	when="$((1760000000 + night * 86400)) +0000"
	# One that no night measured lies before the step.
	[ $night -ne 20 ] || GIT_COMMITTER_DATE=$when git -c gc.auto=0 commit -q --allow-empty -m 'In between'
	GIT_AUTHOR_DATE=$when GIT_COMMITTER_DATE=$when git -c gc.auto=0 commit -q --allow-empty -m "Night $night"
	cache=9216 flaky=100
	if [ $night -ge 20 ] && [ $night -lt 40 ]; then cache=12288; fi
	if [ $((night % 10)) -eq 0 ]; then flaky=200; fi
	printf '{"version":1,"measured":{"%s":{"example.com/shop/store":{"TestCache":{"goroutines":0,"alloc_space":%s},"TestFlaky/it'"'"'s \\"odd\\"":{"alloc_space":%s},"TestPage":{"alloc_space":%s},"TestStill":{"alloc_objects":7}}},"go1.20 plan9/mips":{"m":{"TestOther":{"alloc_space":%s}}}}}' \
		"$env" $cache $flaky $((5000 + night * 20)) $((night / 30)) >note
	git notes --ref gobudget add -f -F note HEAD 2>/dev/null
done
try | names
try --all --metric alloc_space -n 30 | names
try TestCache | names
try TestStill
try TestPage HEAD~20 | names
try --least 50% | names
try --env plan9 | names
try --package '**/store' --metric alloc_objects --all
try TestCache --metric alloc_space --json HEAD~20..HEAD~10 | names
try --openmetrics -
try --openmetrics metrics TestStill
grep -c TestStill metrics
try TestNone
try --package 'nowhere'
try --env go9
try --metric alloc
try --least much
try --nights 0
try A B C
try --json --openmetrics -
try main...HEAD
# Nothing was measured on a machine of this kind: the newest of another's.
git init -q -b main other
cd other || exit
GIT_AUTHOR_DATE='1760000000 +0000' GIT_COMMITTER_DATE='1760000000 +0000' git commit -q --allow-empty -m 'Begin'
printf '{"version":1,"measured":{"go1.20 plan9/mips":{"m":{"TestOther":{"alloc_space":1}}},"go1.22 plan9/mips":{"m":{"TestOther":{"alloc_space":2}}}}}' >note
git notes --ref gobudget add -f -F note HEAD 2>/dev/null
try --all
