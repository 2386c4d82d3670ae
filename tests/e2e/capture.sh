#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# A real service with the sample's leaks, under load: what capture shows and judges, how it
# authenticates, and what it says of servers that answer otherwise.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GOBUDGET_CAPTURE_TOKEN GOBUDGET_CAPTURE_USER GOBUDGET_CAPTURE_PASSWORD
service=''
stop() {
	[ -z "$service" ] || { kill "$service" 2>/dev/null || :; wait "$service" 2>/dev/null || :; }
	service=''
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

start() { # with the leak profile where this Go can have it
	experiment=''
	[ "$(go_minor)" != 26 ] || experiment=goroutineleakprofile
	cp -R "$PROJECT/tests/sample" sample
	cp -R "$PROJECT/tests/e2e/capture" src
	# Nothing of the sample needs the Go that its module asks for.
	sed -i.bak 's/^go 1\..*/go 1.21/' sample/go.mod src/go.mod
	run_ok 'the service builds' env GOEXPERIMENT="$experiment" go -C src build -o ../service .
	mkdir at
	./service at >service.log 2>&1 &
	service=$!
	tries=0
	until [ -f at/http ]; do
		if [ "$tries" -ge 600 ] || ! kill -0 "$service" 2>/dev/null; then
			fail 'the service starts' "$(cat service.log)"
			return 1
		fi
		tries=$((tries + 1))
		sleep 0.1
	done
	url=$(cat at/http)
}

budget() { # JSON
	mkdir -p budgets
	printf '%s\n' "$1" >budgets/_service.json
}

shown() {
	rm -rf budgets
	if [ "$(go_minor)" -ge 26 ]; then
		gb 1 capture "$url" --json all.json --markdown all.md --save kept
		matches 'proven leaks are over' "$OUT" 'over .*proven: [0-9]+ is over the budget of 0'
		json 'as many as the pools have' all.json '.captures[0].proven >= 100'
		json 'with their place' all.json '[.profiles[] | select(.profile == "goroutineleak").places[] |
			select(.site.function == "example.com/sample/scheduler.NewPool.func1").last] | add >= 100'
	else
		gb 0 capture "$url" --json all.json --markdown all.md --save kept
		matches 'no leak profile is told once' "$OUT" '^note: no goroutineleak profile \(404\)'
	fi
	contains 'no budget is told' "$OUT" 'there is no budgets/_service.json'
	matches 'a pool' "$OUT" '^ +100  chan receive +scheduler.NewPool .*sample/scheduler/pool.go:19$'
	matches 'its worker' "$OUT" '^ +in scheduler.NewPool.func1 .*sample/scheduler/pool.go:[0-9]+$'
	matches 'a subscriber' "$OUT" '^ +50  chan receive +events.\(\*Bus\).Subscribe .*events/bus.go:32$'
	json 'goroutines' all.json '.captures | length == 1 and .[0].goroutines > 150 and .[0].live_heap > 0'
	# shellcheck disable=SC2016 # jq's variable
	json 'groups are all goroutines' all.json '([.goroutines[].count[0]] | add) as $n |
		($n - .captures[0].goroutines) | . >= -5 and . <= 5'
	matches 'Markdown has the pool' all.md '^\| 100 \| .*<code>scheduler.*NewPool'
	if python3 -c 'import jsonschema' 2>"$ERR"; then
		equal 'JSON as the schema has it' \
			"$("$PROJECT/tests/e2e/schema/valid" "$PROJECT/budgets/schema/capture.json" all.json)" valid
	else
		skip 'JSON as the schema has it' 'python3-jsonschema is not installed'
	fi
	for name in goroutine goroutine-stacks heap allocs mutex block; do
		if [ -s "kept/01-$name.pb.gz" ] || [ -s "kept/01-$name.txt" ]; then
			pass "kept: $name"
		else
			fail "kept: $name" "$(ls kept)"
		fi
	done
	gb 0 profile top --sample inuse_space kept/01-heap.pb.gz
}

judged() {
	budget '{"goroutines": 100000, "live_heap": "1 GiB", "proven": 100000,
		"growth": {"goroutines": 1000000000, "live_heap": "900 GB"},
		"sites": [{"created_by": "example.com/sample/scheduler.NewPool", "goroutines": 1000}]}'
	gb 0 capture "$url" --interval 50ms
	contains 'three captures, for growth' "$OUT" 'in 3 captures'
	budget '{"goroutines": 10, "live_heap": "1 KiB", "proven": 100000,
		"growth": {"goroutines": 1, "live_heap": "1 B"},
		"sites": [{"created_by": "example.com/sample/scheduler.NewPool", "goroutines": 4, "reason": "one pool"}]}'
	gb 1 capture "$url/grow" --count 4 --interval 50ms --json grown.json
	for name in goroutines live_heap growth.goroutines growth.live_heap; do
		matches "$name is over" "$OUT" "^over +$name: .* is over the budget of "
	done
	matches 'a site is over' "$OUT" \
		'^over +goroutines created by example.com/sample/scheduler.NewPool: 1[0-9][0-9] is over the budget of 4'
	json 'it grew by four with each capture' grown.json '.goroutines[0] |
		.created.function == "example.com/sample/scheduler.NewPool" and .count[3] - .count[0] == 12'
	json 'the heap by a MiB' grown.json '[.profiles[] | select(.profile == "heap").places[] |
		select(.site.function == "main.grow") | .last - .first] | max >= 3145728 and max < 3150000'
	gb 2 capture "$url" --count 1
	contains 'one capture is no growth' "$ERR" 'growth cannot be judged by one capture'
	gb 2 capture "$url" --no-stacks
	budget '{"goroutines": 100000, "proven": 100000}'
	gb 0 capture "$url" --no-stacks -q
	equal 'quiet is one line' "$(wc -l <"$OUT")" 1

	budget '{"blocked": {"longer": "5m", "goroutines": 0}}'
	gb 1 capture "$url/waited"
	matches 'waiting is counted in minutes' "$OUT" '^over +blocked: 2 is over the budget of 0 \(\+2\)$'
	matches 'how long' "$OUT" 'chan receive, 12m +store.Open '
	matches 'for a day' "$OUT" 'sync.Mutex.Lock, 25h00m +http.\(\*Server\).Serve '
	budget '{"blocked": {"longer": "5m", "goroutines": 1},
		"sites": [{"created_by": "example.com/shop/store.Open", "waits": true}]}'
	gb 0 capture "$url/waited"
	budget '{"live_heap": "1 GiB"}'
	gb 3 capture "$url/waited"
	contains 'what is not told cannot be judged' "$ERR" 'live_heap cannot be judged: the service has not told'
	budget '{"gorutines": 1}'
	gb 2 capture "$url"
	contains 'mistakes have file and line' "$ERR" 'budgets/_service.json:1: gorutines: unknown key'
	rm -rf budgets
}

# The file lies beside those of packages and is none of theirs.
beside() {
	budget '{"goroutines": 100}'
	printf 'module example.com/m\n\ngo 1.21\n' >go.mod
	printf 'package m\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' >m_test.go
	gb 0 check .
	gb 0 record -q .
	gb 0 check .
	rm -rf budgets go.mod m_test.go
}

authenticated() {
	budget '{"proven": 100000}'
	gb 3 capture "$url/auth"
	contains '401' "$ERR" '/auth/debug/pprof/goroutine answers 401'
	contains 'and the way in' "$ERR" 'hint: GOBUDGET_CAPTURE_TOKEN'
	GOBUDGET_CAPTURE_TOKEN=sesame gb 0 capture -q "$url/auth"
	GOBUDGET_CAPTURE_TOKEN=wrong gb 3 capture -q "$url/auth"
	lacks 'a token is not shown' "$ERR" wrong
	GOBUDGET_CAPTURE_USER=prometheus GOBUDGET_CAPTURE_PASSWORD='fire: thief' gb 0 capture -q "$url/auth"
	printf '# the key\r\nX-Key: open\n' >headers
	gb 0 capture -q "$url/auth" --header-file headers
	printf 'X-Key open\n' >headers
	gb 2 capture -q "$url/auth" --header-file headers
	gb 2 capture -q "$url" --header-file none
	gb 2 capture -q "http://user:secret@${url#http://}"
	lacks 'a password is not shown' "$ERR" secret

	gb 2 capture -q "$(cat at/https)"
	contains 'a stranger' "$ERR" 'cannot be trusted'
	contains 'and how it becomes known' "$ERR" 'hint: --ca FILE'
	gb 0 capture -q "$(cat at/https)" --ca at/ca.pem
	gb 2 capture -q "$(cat at/https)" --ca headers
	gb 2 capture -q "$(cat at/https)" --ca none.pem
	gb 0 capture -q http://localhost --unix-socket at/socket
	gb 2 capture -q http://localhost --unix-socket at/none
}

hostile() {
	for row in \
		'none|answers 404' 'forbidden|answers 403' 'broken|answers 500' \
		'elsewhere|sends us to another origin, evil.example: not followed' \
		'loop|redirects more than 5 times' 'endless|the answer of 127.0.0.1 is too large' \
		'page|' 'empty|' 'bomb|'; do
		path=${row%%|*}
		gb ANY capture -q "$url/$path"
		equal "$path could not be measured" "$status" 3
		contains "$path: why" "$ERR" "${row#*|}"
		at_most "$path: in a line and a hint" "$(wc -l <"$ERR")" 2
		equal "$path: nothing on standard output" "$(wc -c <"$OUT")" 0
	done
	gb 3 capture -q "$url/slow" --timeout 300ms
	contains 'slow' "$ERR" '127.0.0.1 gave no whole answer in time'
	gb 0 capture -q "$url/moved"
	port=${url##*:}
	stop
	gb 3 capture -q "$url"
	contains 'nobody there' "$ERR" "no answer from 127.0.0.1"
	gb 2 capture "127.0.0.1:$port"
}

one_version() {
	start || return 0
	shown
	judged
	beside
	authenticated
	hostile
	stop
}

each_go one_version
finish
