# history: who changed a budget, from what to what, and why; mistakes.
try() {
	printf '%s\n' "--- gobudget history $*"
	status=0
	gobudget history "$@" || status=$?
	echo "exit $status"
}
try
git init -q -b main .
try
try TestA --metric alloc
try --json --csv
try A B C
budget() { # BYTES [REASON]
	reason=${2:+", \"reason\": \"$2\""}
	cat >budgets/store.json <<END
{
  "package": "example.com/shop/store",
  "environments": [
    {
      "env": {"go": "1.26", "platform": "linux/amd64", "gomaxprocs": 2, "gcflags": "-l",
              "tags": "", "cgo": true, "race": false, "accounting": "runtime"},
      "tests": {
        "TestCache": {"goroutines": 0, "alloc_space": $1, "measured": {"alloc_space": 9000}$reason},
        "TestPage": {"alloc_space": 64}
      }
    }
  ]
}
END
}
commit() { # SUBJECT
	day=$((day + 1))
	git add -A
	GIT_AUTHOR_DATE="2026-03-0${day}T12:00:00+01:00" GIT_COMMITTER_DATE="2026-03-0${day}T12:00:00+01:00" \
		git -c gc.auto=0 commit -qm "$1"
}
day=0
mkdir budgets
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
budget 9216
commit 'Give the store budgets'
echo 'more' >README
commit 'Say more'
budget 12288 'holds two pages now'
commit 'Hold two pages'
echo '{' >budgets/store.json
commit 'Break it'
budget '"10 KiB"' 'one and a bit'
commit 'Hold less'
names() { sed -E 's/^[0-9a-f]{12} /COMMIT /; s/[0-9a-f]{40}/COMMIT/g'; }
try TestCache --metric alloc_space | names
LC_ALL=C gobudget history TestCache --metric alloc_space | tail -n 1
try TestCache --metric alloc_space HEAD~4..HEAD~2 | names
try -n 1 | names
try --csv HEAD~4.. | names
try --json -n 1 TestCache | names
try TestNone | names
try TestCache nowhere
try main...HEAD
