# shellcheck shell=sh
# lib.sh - what the end-to-end tests share.  POSIX sh; sourced as
#
#	#!/bin/sh
#	set -eu
#	. "$PROJECT/tests/e2e/lib.sh"
#	gb 1 check ./...                  # runs, exit status must be 1; $OUT and $ERR are files
#	contains 'names the line' "$OUT" 'store/cache.go:41'
#	finish
#
# Every assertion prints `ok NAME` or `not ok NAME` with what it saw, and goes on;
# finish prints how many there were and exits 1 if one failed, 77 if one was skipped.

checks=0 failures=0 skips=0
OUT=$TMPDIR/.out ERR=$TMPDIR/.err
go_label=''
own_toolchain=${GOTOOLCHAIN-}

pass() {
	checks=$((checks + 1))
	echo "ok $1${go_label:+ ($go_label)}"
}

fail() { # NAME [WHAT WAS SEEN]
	checks=$((checks + 1)) failures=$((failures + 1))
	echo "not ok $1${go_label:+ ($go_label)}"
	[ -z "${2-}" ] || printf '%s\n' "$2" | head -n 40 | sed 's/^/    /'
}

skip() { # NAME WHY: something this machine cannot do; never for something that fails
	skips=$((skips + 1))
	echo "skipped $1: $2"
}

skip_all() { # WHY
	echo "skipped: $1"
	exit 77
}

# gb STATUS ARGS...: runs gobudget, which must exit with STATUS (ANY: whatever).
gb() {
	want=$1 status=0
	shift
	"$GOBUDGET" "$@" >"$OUT" 2>"$ERR" </dev/null || status=$?
	if [ "$want" = ANY ] || [ "$status" -eq "$want" ]; then
		pass "exit $status: gobudget $*"
	else
		fail "exit $status, not $want: gobudget $*" "$(tail -n 20 "$OUT" "$ERR")"
	fi
}

run_ok() { # NAME COMMAND...
	name=$1
	shift
	if "$@" >"$OUT" 2>"$ERR"; then pass "$name"; else fail "$name" "$(tail -n 20 "$OUT" "$ERR")"; fi
}

run_fails() { # NAME COMMAND...
	name=$1
	shift
	if "$@" >"$OUT" 2>"$ERR"; then fail "$name" "it succeeded"; else pass "$name"; fi
}

equal() { # NAME GOT WANT
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got $2, want $3"; fi
}

contains() { # NAME FILE FIXED-STRING
	if grep -qF -e "$3" "$2"; then pass "$1"; else fail "$1" "no \"$3\" in:
$(cat "$2")"; fi
}

lacks() { # NAME FILE FIXED-STRING
	if grep -qF -e "$3" "$2"; then fail "$1" "$(grep -nF -e "$3" "$2")"; else pass "$1"; fi
}

matches() { # NAME FILE EXTENDED-REGEXP
	if grep -qE -e "$3" "$2"; then pass "$1"; else fail "$1" "nothing matches /$3/ in:
$(cat "$2")"; fi
}

at_most() { # NAME GOT LIMIT (integers)
	if [ "$2" -le "$3" ]; then pass "$1"; else fail "$1" "got $2, limit $3"; fi
}

json() { # NAME FILE JQ-EXPRESSION: the expression must be true
	if jq -e "$3" "$2" >/dev/null 2>"$ERR"; then pass "$1"; else fail "$1" "not true: $3
$(jq "(${3%%==*})?" "$2" 2>&1 | head -n 20)$(cat "$ERR")"; fi
}

module() { # NAME [PATH]: an empty module in a folder of its own; cd there
	mkdir -p "$TMPDIR/$1"
	cd "$TMPDIR/$1" || exit
	printf 'module %s\n\ngo 1.21\n' "${2:-example.com/$1}" >go.mod
}

# each_go FUNCTION: once per toolchain of E2E_GO_VERSIONS ("go1.21.13 go1.27.3"; default:
# local, the one on PATH), each in a folder of its own.
each_go() {
	for version in ${E2E_GO_VERSIONS:-local}; do
		go_label=$version
		mkdir -p "$TMPDIR/$version"
		cd "$TMPDIR/$version" || exit
		if [ "$version" != local ]; then
			export GOTOOLCHAIN="$version"
		elif [ "$own_toolchain" ]; then
			export GOTOOLCHAIN="$own_toolchain"
		else
			unset GOTOOLCHAIN
		fi
		if go version >"$OUT" 2>"$ERR"; then
			"$1"
		else
			fail "toolchain $version" "$(cat "$ERR")"
		fi
	done
	go_label=''
	if [ "$own_toolchain" ]; then export GOTOOLCHAIN="$own_toolchain"; else unset GOTOOLCHAIN; fi
	cd "$TMPDIR" || exit
}

# What all versions do alike is looked at under the newest, and at night (E2E_ALL) under each.
newest_go() { # FUNCTION
	newest=${E2E_GO_VERSIONS:-local}
	[ "${E2E_ALL-}" ] || E2E_GO_VERSIONS=${newest##* }
	each_go "$1"
}

go_minor() { # of the toolchain in use: 21 for go1.21.13
	go env GOVERSION | sed -E 's/.*go1\.([0-9]+).*/\1/'
}

finish() {
	echo "1..$checks"
	[ "$failures" -eq 0 ] || { echo "$failures of $checks failed"; exit 1; }
	[ "$skips" -eq 0 ] || exit 77
	[ "$checks" -gt 0 ]
	exit
}
