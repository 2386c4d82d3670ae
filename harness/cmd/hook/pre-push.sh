#!/bin/sh
# gobudget pre-push hook, version 1: `gobudget hook uninstall` takes it away.
gobudget=$(command -v gobudget) || gobudget='@SELF@'
before=$0.gobudget-before
if [ -x "$before" ]; then
	# The hook that was here first, with the same words and the same lines.
	refs=$(cat && echo .)
	refs=${refs%.}
	printf %s "$refs" | "$before" "$@" || exit $?
fi
if [ ! -x "$gobudget" ]; then
	echo "gobudget is gone: nothing is checked before this push ($0)" >&2
	exit 0
fi
if [ -x "$before" ]; then
	printf %s "$refs" | "$gobudget" hook run "$@"
else
	exec "$gobudget" hook run "$@"
fi
