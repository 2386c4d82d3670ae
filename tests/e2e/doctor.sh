#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# doctor: tells what is in place, and notices a gate that cannot fire.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

healthy() {
	mkdir healthy
	cd healthy
	printf 'module example.com/healthy\n\ngo 1.21\n' >go.mod
	gb 0 doctor
	matches 'the toolchain' "$OUT" '^ok +go +go1\.'
	matches 'exact accounting' "$OUT" '^ok +counting +exact'
	matches 'the gate fires' "$OUT" '^ok +gate +fires: a planted goroutine and a planted megabyte were found'
	matches 'no budgets yet is no fault' "$OUT" '^warn +budgets'
	equal 'nothing is left here' "$(ls)" go.mod
	cd ..
}

broken_budgets() {
	module broken
	mkdir budgets
	echo '{"package": "example.com/broken", "environments": [}' >budgets/_root.json
	gb 1 doctor
	matches 'the file and the line' "$OUT" '^fail +budgets +.*budgets/_root.json:1'
	rm budgets/_root.json
}

# A go command that drops our overlay: nothing is counted, so nothing can fail.
deaf() {
	real=$(command -v go)
	mkdir "$TMPDIR/bin"
	cat >"$TMPDIR/bin/go" <<END
#!/bin/sh
if [ "\$1" = test ]; then
	for arg; do
		shift
		case \$arg in
		-overlay=*) ;;
		*) set -- "\$@" "\$arg" ;;
		esac
	done
fi
exec "$real" "\$@"
END
	chmod +x "$TMPDIR/bin/go"
	PATH=$TMPDIR/bin:$PATH gb 1 doctor
	matches 'a gate that cannot fire' "$OUT" '^fail +gate +DOES NOT FIRE: .*NOT FOUND'
}

each_go healthy
broken_budgets
deaf
gb 2 doctor now
finish
