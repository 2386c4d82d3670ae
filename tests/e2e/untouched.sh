#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Whatever happens to gobudget, it leaves the work tree, the git state and GOROOT as they were,
# and no process and no file behind: success, failure, Ctrl-C, SIGTERM, kill -9.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

mark=GB_UNTOUCHED=$$-$(date +%s)
goroot=$(go env GOROOT)
export TMPDIR="$TMPDIR"
work=$TMPDIR/work
scratch=$TMPDIR/scratch
mkdir -p "$work" "$scratch"

repository() {
	cp -R "$PROJECT/tests/e2e/modules/shapes/." "$work"
	rm -rf "$work/cleanup" "$work/reexec"
	mkdir "$work/lingers"
	cat >"$work/lingers/lingers_test.go" <<-'EOF'
		package lingers

		import (
			"os/exec"
			"testing"
			"time"
		)

		func TestLingers(t *testing.T) {
			cmd := exec.Command("sleep", "300")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(4 * time.Second)
			cmd.Process.Kill()
			cmd.Wait()
		}
	EOF
	git init -q
	git add .
	git commit -qm first
	echo 'a change of mine' >notes.txt
	git status --short >/dev/null
}

state() { # every file with its contents, mode and name, .git among them
	find . ! -type d -exec sha256sum {} + | sort
	find . -printf '%M %p %T@\n' | sort
}

survivors() { # pids of processes that descend from the gobudget we started
	grep -lzxF -e "$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 || :
}

gone() { # within ten seconds
	n=0
	while [ -n "$(survivors)" ] && [ "$n" -lt 100 ]; do
		sleep 0.1
		n=$((n + 1))
	done
	# shellcheck disable=SC2046
	[ -z "$(survivors)" ] || { ps -o pid,args -p $(survivors | paste -sd,); return 1; }
}

untouched() { # NAME
	run_ok "$1: no process is left" gone
	state >"$TMPDIR/after"
	equal "$1: work tree and git state" "$(diff "$TMPDIR/before" "$TMPDIR/after" | head -n 5)" ''
	equal "$1: GOROOT" "$(find "$goroot/" -newer "$TMPDIR/stamp" -o -cnewer "$TMPDIR/stamp" |
		head -n 5)" ''
}

no_files() { # NAME: nothing in the folder for temporary files
	# go's own work folders are go's: it cannot remove them when it is killed.
	equal "$1: no file is left" "$(find "$scratch" -mindepth 1 -maxdepth 1 | head -n 5)" ''
}

run() { # COMMAND...: with the mark and the scratch folder; $status
	status=0
	env "$mark" TMPDIR="$scratch" "$@" >"$OUT" 2>"$ERR" </dev/null || status=$?
}

env "$mark" sleep 1 &
sleep 0.2
equal 'a process that is left would be found' "$(survivors)" $!
wait

cd "$work"
repository
touch "$TMPDIR/stamp"
sleep 0.1
state >"$TMPDIR/before"

begun=$(date +%s)
run "$GOBUDGET" check ./...
equal 'it passes' $status 0
untouched 'success'
no_files 'success'
run "$GOBUDGET" check ./... # caches are warm now
seconds=$(($(date +%s) - begun))
begun=$(date +%s)
run "$GOBUDGET" check ./...
seconds=$(($(date +%s) - begun))

run "$GOBUDGET" check ./... -- -run=TestNobody
equal 'nothing ran' $status 3
untouched 'nothing ran'
no_files 'nothing ran'

for signal in INT TERM HUP; do
	for whom in '' --foreground; do
		# shellcheck disable=SC2086
		run timeout $whom --preserve-status -k 30 -s $signal 3 "$GOBUDGET" check ./...
		what="SIG$signal to ${whom:+it alone}"
		[ "$whom" ] || what="SIG$signal to its group"
		if [ "$status" -ne 0 ]; then pass "$what: exit $status"; else fail "$what: exit 0"; fi
		at_most "$what: not killed" $status 136
		untouched "$what"
		no_files "$what"
	done
done

seed=$(date +%s)
echo "# seed $seed, a run takes $seconds s"
k=0
while [ $k -lt 10 ]; do
	moment=$(awk -v seed="$seed" -v k=$k -v s="$seconds" \
		'BEGIN { srand(seed + k); printf "%.2f", 0.05 + rand() * s }')
	run timeout --foreground -s KILL "$moment" "$GOBUDGET" check ./...
	untouched "kill -9 after $moment s"
	k=$((k + 1))
done

run "$GOBUDGET" check ./...
equal 'it passes again' $status 0
equal 'it has swept away what killed ones left' \
	"$(find "$scratch" -mindepth 1 -maxdepth 1 -name '*gobudget*' | head -n 5)" ''
untouched 'afterwards'
finish
