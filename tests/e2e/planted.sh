#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# Bugs planted in public modules: explain --base names the planted line first.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

# plant MODULE@VERSION: a work tree of it below here, committed; cd there.
fetch() {
	dir=$(go mod download -json "$1" 2>"$ERR" | jq -r .Dir) || dir=''
	[ -d "$dir" ] || { fail "fetch $1" "$(cat "$ERR")"; return 1; }
	cp -R "$dir" planted
	chmod -R u+w planted
	cd planted
	git init -q -b main .
	git add -Af .
	git commit -qm 'as published'
}

planted() { # FILE: number of the planted line
	grep -nF '// planted' "$1" | head -n 1 | cut -d: -f1
}

# The first place that is told below the numbers.
first_place() {
	sed -n '/^\(left behind\|allocated\|still reachable\|goroutines started\)/,$p' "$OUT" |
		grep -oE '[a-z_]+\.go:[0-9]+' | head -n 1
}

names() { # TEST FILE
	gb 0 explain "$1" . --base main
	equal "$1: the first place is the planted line" "$(first_place)" "$2:$(planted "$2")"
	cp "$OUT" ../explained
}

# A map of funcs in a method that is called often: each keeps its key.
lru() {
	fetch github.com/hashicorp/golang-lru/v2@v2.0.7 || return 0
	awk '{ print } /^func \(c \*Cache\[K, V\]\) Add\(/ {
		print "\thistory := map[int]func() K{}"
		print "\thistory[len(history)] = func() K { return key } // planted"
	}' lru.go >lru.new
	mv lru.new lru.go
	names TestLRU lru.go
	contains 'by how much' ../explained '+6,144 B in 256 objects at lru.go'
	cd ..
	rm -rf planted
}

# A goroutine per command that waits for what nobody sends.
cobra() {
	fetch github.com/spf13/cobra@v1.8.0 || return 0
	awk '{ print } /^func \(c \*Command\) ExecuteC\(/ {
		print "\tdone := make(chan struct{})"
		print "\tgo func() { <-done }() // planted"
	}' command.go >command.new
	mv command.new command.go
	names TestSingleCommand command.go
	contains 'what it does' ../explained 'chan receive'
	cd ..
	rm -rf planted
}

# A list of everything that was ever sent.
websocket() {
	fetch github.com/gorilla/websocket@v1.5.3 || return 0
	awk '{ print } /^func \(c \*Conn\) WriteMessage\(/ {
		print "\tsent = append(sent, append([]byte(nil), data...)) // planted"
	}' conn.go >conn.new
	mv conn.new conn.go
	printf '\nvar sent [][]byte\n' >>conn.go
	names TestWriteBufferPoolSync conn.go
	contains 'it stays' ../explained 'still reachable'
	cd ..
	rm -rf planted
}

lru
cobra
websocket
finish
