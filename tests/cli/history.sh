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
# What git notes keep, in two environments, and of a commit that changed no budget.
note() { # REV ENVIRONMENT BYTES
	printf '{"version":1,"measured":{"%s":{"example.com/shop/store":{"TestCache":{"goroutines":1,"alloc_space":%s},"TestPage":{"alloc_space":64}}}}}' \
		"$2" "$3" | git notes --ref gobudget add -f -F - "$1" 2>/dev/null
}
here=$(gobudget history --json -n 1 | tr ',' '\n' | sed -n 's/.*"environment": *"\(.*\)".*/\1/p' | head -n 1)
note HEAD "$here" 9300
note HEAD~2 "$here" 9200
note HEAD~3 "$here" 9100
note HEAD~4 'go1.20 plan9/mips' 7
try TestCache --metric alloc_space | names
try TestCache --metric alloc_space --all-envs -n 1 HEAD~4 | names
try TestCache --env plan9 HEAD~4 | names
try TestPage --csv | names
try -n 3 | names
try TestPage --json -n 1 | names
try --all-envs
try TestPage --env a --all-envs
# What is no note says nothing.
echo '{' | git notes --ref gobudget add -f -F - HEAD 2>/dev/null
try TestPage -n 1 | names
try TestCache nowhere
try main...HEAD
