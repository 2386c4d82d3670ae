#!/bin/sh
# The action where no release is listed for it: builds what stands in its folder, and leaves nothing there.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

mkdir action runner
(cd "$PROJECT" && git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null |
	tar -cf - -T -) | tar -xf - -C action
sums() { find action -type f -exec sha256sum {} + | sort; }
sums >before
! command -v ccache >/dev/null || export CMAKE_C_COMPILER_LAUNCHER=ccache

export RUNNER_TEMP="$TMPDIR/runner" GITHUB_OUTPUT="$TMPDIR/output"
export GOBUDGET_REPOSITORY=gobudget/gobudget GOBUDGET_VERSION=''
: >output
run_ok 'builds' action/action/install
contains 'says what takes so long' "$OUT" 'from its source'
program=$(sed -n 's/^gobudget=//p' output)
run_ok 'what was built starts' "$program" --version
case $program in
"$RUNNER_TEMP"/*) pass 'it stands in RUNNER_TEMP' ;;
*) fail 'it stands in RUNNER_TEMP' "$program" ;;
esac
run_ok 'a second use of the action in the job' action/action/install
sums >after
run_ok "the action's folder stays as it was" cmp before after
finish
