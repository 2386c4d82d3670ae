# publish: mistakes, and what it tells without a GitHub.
try() {
	printf '%s\n' "--- gobudget publish $*"
	status=0
	gobudget publish "$@" || status=$?
	echo "exit $status"
}
unset GITHUB_TOKEN GH_TOKEN GITHUB_REPOSITORY GITHUB_STEP_SUMMARY GITHUB_OUTPUT || :
cp "$PROJECT/tests/fuzz/corpus/report/sample.json" report.json
try
try one two
try report.json -- x
try --comment sometimes report.json
try --key 'a b' report.json
try --dir ../up report.json
try --pull 0 report.json
try --alarms --check-run report.json
try --alarms --most 0 report.json
try --alarms report.json
try --alarms missing.json
try missing.json
try --pull 7 report.json

export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary GITHUB_OUTPUT=output
try --comment always --key unit report.json | sed 's/[0-9a-f]\{8\}-[0-9a-f-]*/UUID/'
head -n 3 summary
sed 's/ghadelimiter_.*/ghadelimiter_UUID/' output
GITHUB_REPOSITORY=../../etc try report.json
export GITHUB_REPOSITORY=octo/shop
GITHUB_TOKEN='a b' try --pull 7 --no-annotations report.json | grep -e ::warning -e exit
GITHUB_API_URL=http://api.example.com GITHUB_TOKEN=x try --pull 7 --no-annotations report.json |
	grep -e ::warning -e exit

# Alarms of trends: the log, the summary, outputs.
cp "$PROJECT/tests/fuzz/corpus/alarms/all.json" trends.json
rm -f summary output
unset GITHUB_REPOSITORY GITHUB_API_URL GITHUB_TOKEN || :
try --alarms trends.json | grep -v '^::warning'
cat summary
sed 's/ghadelimiter_.*/ghadelimiter_UUID/' output
