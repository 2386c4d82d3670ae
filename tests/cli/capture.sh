# capture: what is refused before anybody is asked; real services are in tests/e2e/capture.sh.
unset GOBUDGET_CAPTURE_TOKEN GOBUDGET_CAPTURE_USER GOBUDGET_CAPTURE_PASSWORD
try() {
	printf '%s\n' "--- gobudget capture $*"
	gobudget capture "$@" || echo "exit $?"
}
try
try one two
try localhost:6060
try http://
try ftp://localhost/
try http://user:secret@localhost:6060
try --count 0 http://localhost
try --count 101 http://localhost
try --interval soon http://localhost
try --count 2 --interval 0s http://localhost
try --json - --markdown - http://localhost
try --ca none http://localhost
try --unix-socket none http://localhost
try --header-file none http://localhost
printf '# nothing\n' >headers
try --header-file headers http://localhost
printf 'No header at all\n' >headers
try --header-file headers http://localhost
printf 'X-A: \033[31m\n' >headers
try --header-file headers http://localhost
try --budget none.json http://localhost
mkdir budgets
echo '{"goroutines": 1, "live_heep": 1}' >budgets/_service.json
try http://localhost
echo '{"growth": {"goroutines": 1}}' >budgets/_service.json
try --count 1 http://localhost
echo '{"blocked": {"longer": "5m", "goroutines": 0}}' >budgets/_service.json
try --no-stacks http://localhost
export GOBUDGET_CAPTURE_TOKEN=a GOBUDGET_CAPTURE_USER=b
try http://localhost
GOBUDGET_CAPTURE_USER='' GOBUDGET_CAPTURE_TOKEN="$(printf 'a\nX: b')" try http://localhost
