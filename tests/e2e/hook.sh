#!/bin/sh
# The pre-push hook on real pushes to a bare repository: what stops, what goes on, what is left alone.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :
export TERM=dumb GOBUDGET_CACHE="$TMPDIR/cache"
bin=$(dirname "$GOBUDGET")
export PATH="$bin:$PATH"

# push STATUS ARGS...: git push, which must succeed (0) or be stopped by the hook (1).
push() {
	want=$1 status=0
	shift
	git push "$@" >"$OUT" 2>"$ERR" </dev/null || status=$?
	if [ $((status != 0)) -eq "$want" ]; then
		pass "$status: git push $*"
	else
		fail "$status, not $want: git push $*" "$(tail -n 20 "$ERR")"
	fi
}

# All that is the user's: files with their modes, index, references, configuration, hooks.
state() {
	git status --porcelain --ignored
	git for-each-ref
	git stash list
	cat .git/HEAD .git/config
	find . -path ./.git/objects -prune -o -path ./.git/logs -prune -o -type f -printf '%p %m %s\n' |
		sort
	sha256sum .git/index
	git worktree list
}

write_leak() { # WHAT
	cat >store/store.go <<END
package store

func Keep(n int) []byte { return make([]byte, n) }

func Start() {$1}
END
}

git init -q --bare -b main origin.git
git clone -q origin.git work 2>"$ERR"
cd work
git checkout -q -b main 2>"$ERR" || :
mkdir store api
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
write_leak ''
cat >store/store_test.go <<'END'
package store

import "testing"

var sink []byte

func TestKeep(*testing.T) {
	sink = Keep(4096)
	Start()
}
END
printf 'package api\n' >api/api.go
printf 'package api\n\nimport "testing"\n\nfunc TestAPI(*testing.T) {}\n' >api/api_test.go
gb 0 init --yes --no-workflow --no-hook
git add -A
git commit -qm one

gb 1 hook status
gb 0 hook install
gb 0 hook status
contains 'it says where' "$OUT" '.git/hooks/pre-push'

push 0 origin main
contains 'a new branch of a new remote: all of it' "$ERR" 'the remote has nothing to compare it with'
contains 'two packages' "$ERR" '2 packages'
git remote set-head origin main

echo '// more' >>api/api.go
git commit -qam 'more of api'
push 0
contains 'only what changed' "$ERR" 'against what origin has of main'
contains 'one package' "$ERR" 'in 1 package'

# A dirty work tree is not what is pushed.
echo 'package broken here' >>store/store.go
echo 'not tracked' >store/new.go
echo '// still more' >>api/api.go
git add api/api.go
git commit -qm 'api again'
git add store/store.go
state >"$TMPDIR/before"
push 0
state >"$TMPDIR/after"
for file in before after; do
	grep -v -e refs/remotes/origin -e ./.git/refs/remotes "$TMPDIR/$file" >"$TMPDIR/$file.own"
done
run_ok 'nothing of the user is touched' diff "$TMPDIR/before.own" "$TMPDIR/after.own"
equal 'nothing is left in the cache' "$(find "$TMPDIR/cache/push" -mindepth 1 ! -name '*.lock')" ''
git reset -q --hard
rm -f store/new.go

# A leak.
write_leak ' go func() { select {} }() '
git commit -qam 'start something'
push 1
contains 'the line that leaks' "$ERR" 'store/store.go:5'
contains 'and what it was' "$ERR" 'goroutines  0 → 1'
equal '--no-verify is named once' "$(grep -c -e --no-verify "$ERR")" 1
push 1 origin main:elsewhere
contains 'as another branch, too' "$ERR" "against origin's default branch"
push 1 origin HEAD:refs/tags/v0
git tag -a -m tag v1
push 1 origin v1
push 1 --atomic origin main v1
equal 'a commit is checked once' "$(grep -c 'gobudget: checking' "$ERR")" 1
push 0 --dry-run --no-verify

# Somebody else's leak is no business of later pushes.
push 0 --no-verify
echo '// four' >>store/store.go
git commit -qam 'a comment'
push 0
contains 'inherited is told' "$ERR" 'inherited'

# Fixed, then pushed by force without what was pushed; deleted; tags of what is there.
write_leak ''
git commit -qam fix
push 0
git tag v2
push 0 origin v2
lacks 'a tag of what is there: nothing to do' "$ERR" gobudget
push 0 origin HEAD~1:refs/heads/old
lacks 'nor a branch' "$ERR" gobudget
push 0 --delete origin old
lacks 'nor a deletion' "$ERR" gobudget
push 0 --force origin HEAD~1:main
lacks 'nor what goes back' "$ERR" gobudget
git checkout -q -b topic origin/main~1
write_leak ' go func() { select {} }() '
git commit -q --allow-empty -am 'leak again'
push 0 --no-verify origin topic
git checkout -q main
git checkout -q -B topic
echo '// topic' >>api/api.go
git commit -qam 'topic, rebased'
push 0 --force origin topic
contains 'rebased and forced: against the nearest' "$ERR" 'gobudget: checking topic'
lacks 'not blamed for what it is rebased on' "$ERR" 'over budget'
git checkout -q main
push 0 origin main

# Another commit than HEAD, from below the top.
git checkout -q -b bad
write_leak ' go func() { select {} }() '
git commit -qam 'bad'
git checkout -q main
cd api
push 1 origin bad
contains 'the pushed commit, not HEAD' "$ERR" 'store/store.go:5'
cd ..

# Bytes, in an environment that has budgets, and in one that has none.
grow() { sed -i "s/Keep(.*)$/Keep($1)/" store/store_test.go; }
git checkout -q -b grow
grow 65536
git commit -qam 'grow'
push 1 origin grow
contains 'bytes over budget' "$ERR" 'alloc_space'

git checkout -q -b elsewhere main
sed -i 's/"go": "1\.[0-9]*"/"go": "1.5"/' budgets/*.json
git commit -qam 'budgets of another environment'
push 0 --no-verify origin elsewhere
echo '// same' >>store/store.go
git commit -qam 'no more than before'
push 0 origin elsewhere
contains 'no budgets here: beside the base' "$ERR" 'not comparable'
grow 65536
git commit -qam 'more than before'
push 1 origin elsewhere
contains 'what got worse fails' "$ERR" 'at the base, measured here'

# What does not build, or fails.
git checkout -q -b nobuild main
echo 'package store; var x int = "x"' >store/x.go
git add -A
git commit -qm nobuild
push 1 origin nobuild
contains 'the base builds' "$ERR" 'the base does not have that'
push 0 --no-verify origin nobuild
git branch -q --set-upstream-to=origin/nobuild
echo '// more' >>api/api.go
echo '// more' >>store/store.go
git commit -qam 'more'
push 0 origin nobuild
contains 'the base does not build either' "$ERR" "not this push's doing"
git checkout -q -b fails main
printf 'package api\n\nimport "testing"\n\nfunc TestNo(t *testing.T) { t.Fatal("no") }\n' >api/no_test.go
git add -A
git commit -qm fails
push 1 origin fails
contains 'a test that fails' "$ERR" 'TestNo: fail'
push 0 --no-verify origin fails
echo '// more' >>api/api.go
git commit -qam 'more'
push 0 origin fails
contains 'it failed before' "$ERR" "not this push's doing"
git checkout -q -b brokenpolicy main
echo '{"settle": 5}' >budgets/_policy.json
git commit -qam 'broken policy'
push 1 origin brokenpolicy
contains 'a broken policy' "$ERR" 'settle'
git checkout -q main

# No Go here.
mkdir -p "$TMPDIR/nogo"
for tool in git sh cat; do ln -sf "$(command -v $tool)" "$TMPDIR/nogo/$tool"; done
git checkout -q -b nogo
echo '// nogo' >>api/api.go
git commit -qam nogo
status=0
env PATH="$TMPDIR/nogo" git push origin nogo >"$OUT" 2>"$ERR" || status=$?
equal 'no Go: the push goes on' "$status" 0
contains 'without Go the push goes on' "$ERR" 'no go command'
git checkout -q main

# The time is over.
git checkout -q -b slow
cat >api/slow_test.go <<'END'
package api

import (
	"testing"
	"time"
)

func TestSlow(*testing.T) { time.Sleep(time.Minute) }
END
printf '{"hook": {"time": "3s"}}\n' >budgets/_policy.json
git add -A
git commit -qm slow
push 0 origin slow:slow1
contains 'what was not measured is named' "$ERR" 'not measured: example.com/shop/api'
contains 'and the policy' "$ERR" 'hook.time'
printf '{"hook": {"time": "3s", "on_timeout": "block"}}\n' >budgets/_policy.json
git commit -qam block
push 1 origin slow:slow2
contains 'the policy may block' "$ERR" 'the push is stopped'
git checkout -q main

# Hooks of others.
gb 0 hook uninstall
run_fails 'no hook is left' test -e .git/hooks/pre-push
cat >.git/hooks/pre-push <<'END'
#!/bin/sh
echo "first $1 $2" >>before.log
cat >>before.log
test ! -e .git/refuse
END
chmod 711 .git/hooks/pre-push
cp -p .git/hooks/pre-push "$TMPDIR/mine"
gb 0 hook install
echo '// chained' >>api/api.go
git commit -qam chained
push 0
contains 'the other hook has its words' before.log "first origin $TMPDIR/origin.git"
contains 'and its lines' before.log "refs/heads/main $(git rev-parse HEAD) refs/heads/main"
contains 'and ours ran' "$ERR" 'gobudget: checking main'
touch .git/refuse
echo '// refused' >>api/api.go
git commit -qam refused
push 1
lacks 'refused by the other: ours does not run' "$ERR" gobudget
rm .git/refuse
gb 0 hook uninstall
run_ok 'the same bytes are back' cmp .git/hooks/pre-push "$TMPDIR/mine"
equal 'and the mode' "$(stat -c %a .git/hooks/pre-push)" 711
rm .git/hooks/pre-push

git config core.hooksPath tools/hooks
gb 0 hook install
push 0
contains 'core.hooksPath' "$ERR" 'gobudget: checking main'
gb 0 hook uninstall
run_ok 'nothing left there' test ! -e tools/hooks/pre-push
git config --unset core.hooksPath

# A linked work tree has the hooks of all.
gb 0 hook install
git worktree add -q ../linked -b linked 2>"$ERR"
cd ../linked
gb 0 hook status
write_leak ' go func() { select {} }() '
git commit -qam 'leak in a linked work tree'
push 1 origin linked
contains 'a linked work tree' "$ERR" 'store/store.go:5'
cd ../work

# A shallow clone, whose base is its end.
git clone -q --depth 1 "file://$TMPDIR/origin.git" ../shallow 2>"$ERR"
cd ../shallow
gb 0 hook install
write_leak ' go func() { select {} }() '
git commit -qam 'leak in a shallow clone'
push 1
contains 'a shallow clone has a base, too' "$ERR" 'against what origin has of main'
cd ../work

# husky, as its version 9 lays itself out.
mkdir -p .husky/_
cat >.husky/_/pre-push <<'END'
#!/usr/bin/env sh
. "${0%/*}/h"
END
cat >.husky/_/h <<'END'
#!/usr/bin/env sh
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n
[ ! -f "$s" ] && exit 0
sh -e "$s" "$@"
c=$?
[ $c != 0 ] && echo "husky - $n script failed (code $c)"
exit $c
END
chmod +x .husky/_/*
git config core.hooksPath .husky/_
gb 0 hook install
gb 0 hook status
echo '// husky' >>api/api.go
git commit -qam husky
push 0
contains 'husky runs it' "$ERR" 'gobudget: checking main'
gb 0 hook uninstall
git config --unset core.hooksPath
rm -r .husky

# Two modules: those with budgets.
git checkout -q -b modules
mkdir other
printf 'module example.com/other\n\ngo 1.21\n' >other/go.mod
printf 'package other\n\nimport "testing"\n\nfunc TestTool(t *testing.T) { t.Fail() }\n' >other/t_test.go
git add -A
git commit -qm other
push 0 origin modules
contains 'only the module with budgets' "$ERR" 'in 2 packages'
git checkout -q main

# Killed: the next push takes away what is left.
echo '// killed' >>api/api.go
git commit -qam killed
rev=$(git rev-parse HEAD)
state >"$TMPDIR/before"
printf 'refs/heads/main %s refs/heads/main %s\n' "$rev" "$(git rev-parse origin/main)" >"$TMPDIR/lines"
"$GOBUDGET" hook run origin "$TMPDIR/origin.git" <"$TMPDIR/lines" >"$OUT" 2>"$ERR" &
pid=$!
n=0
while [ -z "$(find "$TMPDIR/cache/push" -name go.mod)" ] && [ $n -lt 100 ]; do
	sleep 0.1
	n=$((n + 1))
done
kill -KILL $pid
wait $pid 2>/dev/null || :
state >"$TMPDIR/after"
run_ok 'killed: nothing of the user is touched' diff "$TMPDIR/before" "$TMPDIR/after"
push 0
equal 'and what was left is gone' "$(find "$TMPDIR/cache/push" -mindepth 1 ! -name '*.lock')" ''

# gobudget is gone.
sed -i "s|^gobudget=.*|gobudget=/nonexistent/gobudget|" .git/hooks/pre-push
echo '// gone' >>api/api.go
git commit -qam gone
push 0
contains 'gone: a warning' "$ERR" 'gobudget is gone'

# Interrupted: nothing is left.
git checkout -q -b intr slow
gb 0 hook install
printf '{"hook": {"time": "1h"}}\n' >budgets/_policy.json
git commit -qam hour
rev=$(git rev-parse HEAD)
printf 'refs/heads/intr %s refs/heads/intr %040d\n' "$rev" 0 >"$TMPDIR/lines"
"$GOBUDGET" hook run origin "$TMPDIR/origin.git" <"$TMPDIR/lines" >"$OUT" 2>"$ERR" &
pid=$!
n=0
while [ -z "$(find "$TMPDIR/cache/push" -name go.mod)" ] && [ $n -lt 100 ]; do
	sleep 0.1
	n=$((n + 1))
done
kill -INT $pid
status=0
wait $pid || status=$?
equal 'interrupted' "$status" 3
equal 'nothing is left after it' "$(find "$TMPDIR/cache/push" -mindepth 1 ! -name '*.lock')" ''
finish
