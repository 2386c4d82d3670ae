#!/bin/sh
# Ceilings that move with the nights before, and tests that stay near their budget: measured for
# real at commits of several days.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
git init -q -b main work
cd work
printf 'module example.com/queue\n\ngo 1.21\n' >go.mod
mkdir budgets
queue() { # BYTES: what the test takes; TestRoom stays at 9,472
	cat >queue_test.go <<END
package queue

import "testing"

var sink []byte

func TestQueue(*testing.T) { sink = make([]byte, $1) }

func TestRoom(*testing.T) { sink = make([]byte, 9472) }
END
}
policy() { printf '%s\n' "$1" >budgets/_policy.json; }
commit() { # DAY MESSAGE
	git add -A
	GIT_AUTHOR_DATE="2026-11-$1T03:00:00Z" GIT_COMMITTER_DATE="2026-11-$1T03:00:00Z" \
		git commit -q --allow-empty -m "$2"
}
WINDOW='{"tests": "TestQueue", "metric": "alloc_space", "days": 7, "over": "20%"}'
policy "{\"windows\": [$WINDOW]}"

# Five nights: one is too old, then three, and the one that is judged.
queue 4096
commit 01 old
gb 0 check --note .
contains 'no window yet, nowhere a note' "$OUT" 'no window yet for 1 measurement: 0 of 3 nights are known within 7 days before'
contains 'and how to get some' "$OUT" 'notes fetch'
contains 'never a silent pass' "$OUT" 'new, without a window yet'
contains 'it is new' "$OUT" '1 new'
day=9
for size in 4096 4096 4864; do
	day=$((day + 1))
	queue $size
	commit $day "Night $day"
	gb 0 check --note .
done
contains 'two of three' "$OUT" 'alloc_space 4,864 B, 2 of 3 nights in 7 days'
contains 'what would make it three' "$OUT" 'on another commit adds one'
gb 0 check --json r.json .
json 'in JSON' r.json '[.verdicts[] | select(.verdict == "new" and .metric == "alloc_space")
	| .by == "window" and .window.nights == 2 and .window.at_least == 3 and .window.of == "median"
	and .window.percent == 20 and (.window | has("value") | not) and .measured == 4864] == [true]'
rm r.json

queue 4864
commit 13 'Within'
gb 0 check -v .
contains 'the ceiling of the window' "$OUT" 'at most 120% of the median of 7 days (4,915 B, 3 nights)'
queue 5376
commit 14 'More'
gb 1 check --json r.json --markdown r.md --html r.html --junit r.xml --sarif r.sarif .
contains 'over, and why' "$OUT" 'above 120% of the median of 7 days (4,915 B, 3 nights)'
matches 'the median stands left' "$OUT" 'over +alloc_space +4,096 B → 5,376 B +\+1,280 B +\+31\.'
json 'in JSON' r.json '[.verdicts[] | select(.verdict == "over")
	| .by == "window" and .ceiling == 4915 and .measured == 5376 and .window.value == 4096
	and .window.nights == 3 and .window.line == 1] == [true]'
for form in r.md r.html r.xml r.sarif; do
	contains "in $form" $form 'above 120% of the median of 7 days (4,915 B, 3 nights)'
done
if python3 -c 'import jsonschema' 2>"$ERR"; then
	equal 'as the schema has it' "$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/report.json" r.json)" valid
else
	skip 'as the schema has it' 'python3-jsonschema is not installed'
fi
gb 1 report --json again.json --markdown again.md --html again.html r.json
run_ok 'read back it is the same' cmp r.json again.json
run_ok 'in Markdown, too' cmp r.md again.md
run_ok 'and in the page' cmp r.html again.html
rm r.* again.*

# The same commit is judged alike, whatever day it is, and by its own note not at all.
gb 1 check --note .
gb 1 check .
contains 'its own note is none of its nights' "$OUT" '(4,915 B, 3 nights)'

# What the gate does, and what lifts it.
policy "{\"windows\": [$WINDOW], \"on\": {\"window\": \"warn\"}}"
gb 0 check .
contains 'it can only warn' "$OUT" '1 over (warning)'
policy '{"windows": [{"tests": "*", "metric": "alloc_space", "over": "20%", "and": "2 KiB"}]}'
gb 0 check .
policy '{"windows": [{"tests": "*", "metric": "alloc_space", "of": "max", "over": "20%"}]}'
gb 0 check .
policy '{"windows": [{"tests": "*", "metric": "alloc_space", "days": 2, "at_least": 1, "over": "20%"}]}'
gb 0 check -v .
contains 'two days back there is one night' "$OUT" 'at most 120% of the median of 2 days (5,836 B, 1 night)'
policy "{\"windows\": [$WINDOW], \"waivers\": [{\"package\": \"example.com/queue\", \"test\": \"TestQueue\",
	\"metric\": \"alloc_space\", \"ceiling\": 6000, \"until\": \"2999-01-01\", \"reason\": \"r\"}]}"
gb 0 check .
policy '{"windows": [{"tests": "*", "metric": "alloc_space", "over": 0.2}]}'
gb 2 check .
contains 'line and key' "$ERR" 'budgets/_policy.json:1: windows[0].over: expected a percentage'
policy '{"windows": [{"tests": "*", "metric": "ns/op", "over": "5%"}]}'
gb 2 check .
contains 'no such gate' "$ERR" 'ns/op is shown, never judged'

# A budget and a window: the window bites within the budget, too.
policy "{\"windows\": [$WINDOW]}"
gb 0 record .
gb 1 check .
contains 'beside a budget' "$OUT" 'above 120% of the median of 7 days'
git checkout -q -f main
git clean -qfd

# A change does not move its window: nights are those of the base, its notes are none.
git checkout -q -b feature main~1
queue 6144
commit 15 'Much more'
gb 1 check --note --base main~1 .
commit 16 'and again'
gb 1 check --note --base main~1 .
commit 17 'and again'
gb 1 check --base main~1 .
contains 'the base and what is before it' "$OUT" '(4,915 B, 3 nights)'
# Nor does it loosen it, where the base says so.
git checkout -q -f main~1
policy "{\"windows\": [$WINDOW], \"raise\": \"reason\"}"
commit 14 'Ask for a reason'
git branch strict
queue 6144
policy "{\"windows\": [{\"tests\": \"*\", \"metric\": \"alloc_space\", \"over\": \"90%\"}], \"raise\": \"reason\"}"
commit 15 'Loosen it'
gb 1 check --base strict .
contains 'it says so' "$OUT" "windows: the base's policy counts for 1 measurement: it wants a new reason before its windows are loosened"
policy "{\"windows\": [{\"tests\": \"*\", \"metric\": \"alloc_space\", \"over\": \"90%\", \"reason\": \"a new format\"}], \"raise\": \"reason\"}"
gb 0 check --base strict .
contains 'with a reason it may' "$OUT" "windows: this change loosens the policy's for 1 measurement"
git checkout -q -f main
git clean -qfd

# Trends shows what each night was allowed: the page as a line that moves.
gb 0 trends --json TestQueue --metric alloc_space
json 'the window of each night' "$OUT" '[.series[] | select(.test == "TestQueue") | .points[] | .[1:4]] ==
	[[4096, null], [4096, null], [4096, null], [4864, null], [5376, null, 4915]]'
json 'the last is over it' "$OUT" '.series[0].over and .series[0].broken == "over"'
if python3 -c 'import jsonschema' 2>"$ERR"; then
	cp "$OUT" trends.json
	equal 'as its schema has it' "$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/trends.json" trends.json)" valid
	rm trends.json
else
	skip 'as its schema has it' 'python3-jsonschema is not installed'
fi
gb 0 trends --html trends.html --openmetrics metrics TestQueue
contains 'for people' "$OUT" 'now 5,376 B, over what the nights before allow, 4,915 B'
contains 'on the page' trends.html 'over its window, 4,915 B'
contains 'for Prometheus' metrics 'gobudget_window{package="example.com/queue",test="TestQueue",metric="alloc_space"'
rm trends.html metrics

# Hostile and missing history: said, and no pass where the gate is to fail.
echo '{' >"$TMPDIR/note"
git notes --ref gobudget add -f -F "$TMPDIR/note" main~2 2>"$ERR"
gb 0 check .
contains 'a broken note is said' "$OUT" "windows: $(git rev-parse --short=12 main~2) says nothing: its git note"
contains 'and is no night' "$OUT" '2 of 3 nights'
git clone -q --depth 1 "file://$PWD" ../shallow
git -C ../shallow fetch -q origin 'refs/notes/gobudget:refs/notes/gobudget'
cd ../shallow
gb 3 check .
contains 'where history ends' "$OUT" 'this clone is shallow'
cd ../work

# Near its budget for nights: TestRoom holds 9,472 of 10,000 bytes that people gave it.
cat >budgets/_policy.json <<'END'
{"near": [{"tests": "**", "metric": "alloc_space", "share": "80%", "nights": 3}],
 "ceilings": [{"tests": "TestRoom", "alloc_space": 10000}]}
END
git add -A
commit 15 'Ceilings'
gb 0 check --json r.json --markdown r.md .
matches 'near, for so many nights' "$OUT" 'near +alloc_space +10,000 B → 9,472 B'
contains 'since when' "$OUT" '80% of its budget or more for 5 nights, since 2026-11-01'
contains 'counted' "$OUT" '1 near'
json 'in JSON' r.json '[.verdicts[] | select(.verdict == "near")
	| .test == "TestRoom" and .near.percent == 80 and .near.since == "2026-11-01" and .action == "warn"] == [true]'
contains 'in Markdown' r.md 'since 2026-11-01'
gb 0 report --json again.json --markdown again.md r.json
run_ok 'read back it is the same' cmp r.json again.json
run_ok 'in Markdown, too' cmp r.md again.md
rm r.* again.*
sed -i 's/"nights": 3/"nights": 9/' budgets/_policy.json
gb 0 check .
lacks 'not for nine nights yet' "$OUT" '1 near'
sed -i 's/"nights": 9/"nights": 1/; s/80%/95%/' budgets/_policy.json
gb 0 check .
lacks 'not at 95%' "$OUT" '1 near'
finish
