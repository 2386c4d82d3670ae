# report: a saved report told again, in other forms; what is no report.
sample=$PROJECT/tests/fuzz/corpus/report/sample.json
try() {
	printf '%s\n' "--- gobudget report $*" | sed "s|$PROJECT/||"
	status=0
	gobudget report "$@" || status=$?
	echo "exit $status"
}
export COLUMNS=100
try
try a.json b.json
try none.json
echo '{}' >a.json
try a.json
echo '{"gobudget": "9", "version": 2}' >a.json
try a.json
sed 's/"gomaxprocs":2/"gomaxprocs":-2/' "$sample" >a.json
try a.json
head -c 5000 "$sample" >a.json
try a.json 2>&1 | cut -c 1-80
try "$sample" --markdown report.md --junit -
head -n 3 report.md
try -q "$sample" --json again.json
gobudget report again.json --json third.json >/dev/null || cmp again.json third.json && echo the same
