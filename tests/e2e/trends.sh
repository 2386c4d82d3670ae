#!/bin/sh
# trends over many nights of notes: what other programs say of its JSON and of its OpenMetrics, and
# the page in a browser.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

env='go1.26 linux/amd64 gomaxprocs=2 -gcflags=-l cgo runtime accounting'

mkdir shop
cd shop
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
        "TestCache": {"alloc_space": 10000}
      }
    }
  ]
}
END
git add -A
night=0
while [ $night -lt 40 ]; do
	night=$((night + 1))
	when="$((1760000000 + night * 86400)) +0000"
	# One that no night measured lies before the step.
	[ $night -ne 20 ] || GIT_COMMITTER_DATE=$when git -c gc.auto=0 commit -q --allow-empty -m 'In between'
	GIT_AUTHOR_DATE=$when GIT_COMMITTER_DATE=$when git -c gc.auto=0 commit -q --allow-empty -m "Night $night"
	[ $night -ne 20 ] || git tag bad
	cache=9216
	if [ $night -ge 20 ]; then cache=12288; fi
	printf '{"version":1,"measured":{"%s":{"example.com/shop/store":{"TestCache":{"goroutines":0,"alloc_space":%s},"TestLoop":{"goroutines":%s},"Test\\"A\\"\\n\\\\":{"alloc_space":%s}}}}}' \
		"$env" $cache $((night / 30)) $((5000 + night * 20)) >note
	git notes --ref gobudget add -f -F note HEAD 2>/dev/null
done

gb 0 trends --json --env "$env"
cp "$OUT" ../trends.json
json 'every night is there' ../trends.json '.nights | length == 40'
json 'the step, and its commits' ../trends.json \
	"[.series[] | select(.test == \"TestCache\" and .metric == \"alloc_space\") | .changes[] | [.kind, .from, .to]] == [[\"step\", \"$(git rev-parse bad~2)\", \"$(git rev-parse bad)\"]]"
json 'a goroutine from none comes first' ../trends.json '.series[0].test == "TestLoop"'
json 'the budget stands beside' ../trends.json \
	'[.series[] | select(.test == "TestCache" and .metric == "alloc_space") | .points[][2]] | unique == [10000]'
json 'what is over its budget says so' ../trends.json '[.series[] | select(.over) | .test] == ["TestCache"]'
if python3 -c 'import jsonschema' 2>/dev/null; then
	run_ok 'the schema knows all of it' python3 -c '
import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
		../trends.json "$PROJECT/budgets/schema/trends.json"
else
	skip 'the schema knows all of it' 'python3-jsonschema is not installed'
fi

gb 0 trends --openmetrics ../metrics --env "$env"
contains 'for people, the command to go on with' "$OUT" 'which commit: gobudget bisect TestCache example.com/shop/store'
# Debian's package would start a server as well: only its tool is wanted.
promtool=$(command -v promtool) || {
	mkdir ../prometheus
	(cd ../prometheus && apt-get -qq -o APT::Sandbox::User=root download prometheus &&
		dpkg-deb -x prometheus_*.deb .) >/dev/null 2>&1 || :
	promtool=$PWD/../prometheus/usr/bin/promtool
}
if [ -x "$promtool" ]; then
	run_ok 'promtool takes the metrics' "$promtool" check metrics <../metrics
	run_ok 'and the rules' "$promtool" check rules "$PROJECT/budgets/alerts.example.yml"
else
	skip 'promtool takes the metrics and the rules' 'it is not installed'
fi
# What was asked for wrote nothing else.
run_ok 'nothing but the notes' git diff --quiet HEAD
cd ..

# Another Go is not another program: what it does to a number is told apart, and raises no alarm.
mkdir eras
cd eras
git init -q -b main .
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
git add -A
night=0
while [ $night -lt 30 ]; do
	night=$((night + 1))
	when="$((1760000000 + night * 86400)) +0000"
	GIT_AUTHOR_DATE=$when GIT_COMMITTER_DATE=$when git -c gc.auto=0 commit -q --allow-empty -m "Night $night"
	version=go1.25 bytes=1000
	[ $night -le 15 ] || version=go1.26 bytes=1100
	[ $night -le 22 ] || bytes=1200
	printf '{"version":1,"measured":{"%s":{"example.com/shop":{"TestA":{"alloc_space":%s},"TestB":{"alloc_space":%s}}}}}' \
		"$version ${env#* }" $bytes $((900 + night / 16)) >note
	git notes --ref gobudget add -f -F note HEAD 2>/dev/null
done
gb 0 trends --json
cp "$OUT" ../eras.json
json 'an upgrade, then a step' ../eras.json '[.series[] | select(.test == "TestA") | .changes[] | [.kind, .before, .after]] ==
	[["upgrade", 1000, 1100], ["step", 1100, 1200]]'
json 'nights know their Go' ../eras.json '[.nights[].go] | group_by(.) | map([.[0], length]) == [["go1.25", 15], ["go1.26", 15]]'
json 'less than is worth telling is not told' ../eras.json '[.series[] | select(.test == "TestB") | .changes[]] == []'
gb 0 trends
contains 'the upgrade in words' "$OUT" ', measured under go1.26 instead of go1.25: not comparable'
contains 'it is none of those that changed' "$OUT" '1 of 2 series changed for good in 30 nights'
contains 'which Go until when' "$OUT" 'under go1.25 until 2025-10-24'
gb 0 trends --json --env go1.26
json 'one environment alone, if asked for' "$OUT" '(.nights | length) == 15 and .other_environments == 1'
cd ..

if ! command -v python3 >/dev/null; then
	skip 'the page' 'no python3'
	finish
fi
# history NAME TESTS NIGHTS
history() {
	mkdir "$1"
	cd "$1"
	git init -q -b main .
	python3 -B "$PROJECT/tests/e2e/trends/nights.py" "$2" "$3" | git fast-import --quiet
	git remote add origin https://ann:secret@github.com/me/shop.git
	gb 0 trends --env "$env" --html "../$1.html"
	cd ..
}
history small 28 90
lacks 'no password of the remote' small.html secret
for address in 'src=' '//cdn' '@import' 'url('; do
	lacks "the page asks nobody: $address" small.html "$address"
done
history big 500 365
at_most '500 tests of 365 nights are less than 3 MB' "$(wc -c <big.html)" 3000000

browser=''
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=${browser:-$(command -v $name || :)}
done
if [ "$browser" ]; then
	status=0
	timeout 300 python3 -B "$PROJECT/tests/e2e/trends/page.py" small.html big.html >drive.out 2>drive.err || status=$?
	while read -r line; do
		case $line in
		'ok '*) pass "${line#ok }" ;;
		'not ok '*) fail "${line#not ok }" ;;
		esac
	done <drive.out
	if [ $status -gt 1 ] || grep -q Traceback drive.err; then fail 'page.py itself' "$(cat drive.err)"; fi
	contains 'page.py came to its end' drive.out 'nor in the big one'
else
	skip 'what the page looks like and does' 'no Chromium'
fi
finish
