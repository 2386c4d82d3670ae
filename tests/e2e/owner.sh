#!/bin/sh
# shellcheck disable=SC1091 # a file beside this one
# A repository of another user, as in a container job: git decides whether it is safe.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"
. "$PROJECT/tests/e2e/repo.sh"

if [ "$(id -u)" = 0 ]; then
	as_root=
elif sudo -n true 2>"$ERR"; then
	as_root='sudo -n'
else
	skip_all 'nobody but root can give files away'
fi

repository theirs
$as_root chown -R 1234 .
gb 3 check --affected --base HEAD~1 ./...
contains 'said' "$ERR" 'the repository of . belongs to another user'
contains 'with what to do' "$ERR" "git config --global --add safe.directory '$PWD'"
gb 3 history
contains 'by history, too' "$ERR" 'belongs to another user'
gb 1 check --repeats 0 ./...
contains 'judged by what is here, and said' "$OUT" 'no base: the repository of . belongs to another user'

export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$PWD"
sees 'safe by the environment'
unset GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
export GIT_CONFIG_GLOBAL="$TMPDIR/gitconfig"
git config --global safe.directory '*'
sees 'safe by the configuration'
finish
