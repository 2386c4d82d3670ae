#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# GOROOT behind a symlink, with a space in its name, set by the user, read-only.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

measured() { # NAME
	json "$1: measured" report.json \
		'[.packages[].tests[] | select(.name == "TestRoot")
			| .metrics.goroutines.in_order.max, .metrics.goroutines_created.in_order.max] == [3, 3]'
	rm -f report.json
}

roots() {
	cp -R "$PROJECT/tests/e2e/modules/rootonly" module
	cd module
	root=$(go env GOROOT) path=$PATH toolchain=${GOTOOLCHAIN-}
	export GOTOOLCHAIN=local

	for link in link 'go root'; do
		ln -s "$root" "../$link"
		PATH=$PWD/../$link/bin:$path
		gb 0 check --json report.json ./...
		measured "GOROOT is $link, found by PATH"
		PATH=$path
		export GOROOT="$PWD/../$link"
		PATH=$root/bin:$path
		gb 0 check --json report.json ./...
		measured "GOROOT is $link, set by the user"
		PATH=$path
		unset GOROOT
	done

	PATH=$root/bin:$path
	if [ "$(id -u)" = 0 ]; then
		read_only
	elif [ ! -w "$root/src/runtime" ]; then
		gb 0 check --json report.json ./...
		measured 'GOROOT is read-only'
	else
		skip 'GOROOT is read-only' 'it is writable, and only root can become somebody else'
	fi
	PATH=$path
	if [ "$toolchain" ]; then export GOTOOLCHAIN="$toolchain"; else unset GOTOOLCHAIN; fi
}

# As root every folder is writable: a private mount of GOROOT is not.
read_only() {
	status=0
	# shellcheck disable=SC2016
	GOROOT_RO=$root unshare -m sh -c 'mount --bind "$GOROOT_RO" "$GOROOT_RO" &&
		mount -o remount,ro,bind "$GOROOT_RO" && ! touch "$GOROOT_RO/src/x" 2>/dev/null &&
		exec "$GOBUDGET" check --json report.json ./...' >"$OUT" 2>"$ERR" </dev/null || status=$?
	if grep -qE '^(mount|unshare):' "$ERR"; then
		skip 'GOROOT is read-only' "$(cat "$ERR")"
	else
		equal 'GOROOT is read-only: exit status' "$status" 0
		measured 'GOROOT is read-only'
	fi
}

# What is compiled names the GOROOT it was compiled in: kept out of the common cache, which makes
# this slow.
export GOCACHE="$TMPDIR/cache"
[ "${E2E_ALL-}" ] || E2E_GO_VERSIONS=local
each_go roots
finish
