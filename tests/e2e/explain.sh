#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# explain: the first place is the guilty line, for every pattern of the sample; with a base
# only what changed is told, and nothing of the user's is touched.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

marked() { # FILE MARKER: number of the line that ends in it
	grep -nF -e "// $2" "$1" | cut -d: -f1
}

# The first place of the module that is named below the numbers.
first_place() {
	sed -n '/^\(left behind\|allocated\|still reachable\|goroutines started\)/,$p' "$OUT" |
		grep -oE '(^|[ (])[a-z_]+/[a-z_]+\.go:[0-9]+' | grep -v '^ *http/' | head -n 1 |
		tr -d ' ('
}

names() { # PATTERN PACKAGE TEST FILE MARKER
	gb 0 explain "$3" "./$2"
	equal "($1) the first place of $3" "$(first_place)" "$4:$(marked "$4" "$5")"
}

patterns() {
	cp -R "$PROJECT/tests/sample" sample
	cd sample
	[ "$(go_minor)" != 21 ] || sed -i.old 's/^go 1.22/go 1.21/' go.mod
	names a scheduler TestPool scheduler/pool.go 'bug: (a)'
	names c handlers TestLoadTariff handlers/tariff.go 'site: (c)'
	names d events TestBus events/bus.go 'bug: (d)'
	names e store TestImport store/batch.go 'bug: (e)'
	names f cache TestLabels cache/cache.go 'site: (f)'
	names g report TestCost report/report.go 'bug: (g)'
	names h metrics TestTransit metrics/metrics.go 'bug: (h)'
	names i handlers TestRender handlers/render.go 'site: (i)'
	names j webhook TestSender webhook/webhook.go 'bug: (j)'
	names k carrier TestPoller carrier/poller.go 'bug: (k) ticker'
	names k carrier TestHealthy carrier/client.go 'bug: (k) body'
	cd legacy
	names b feeds TestFollow feeds/feeds.go 'bug: (b)'
	cd ../..
}

# A module whose second commit adds lines above everything, and one allocation in a closure.
two_commits() {
	mkdir changed
	cd changed
	cat >go.mod <<'END'
module example.com/changed

go 1.21
END
	cat >shelf.go <<'END'
package changed

type Shelf struct{ books []*[128]byte }

func (s *Shelf) Put() { s.books = append(s.books, new([128]byte)) }
END
	cat >shelf_test.go <<'END'
package changed

import "testing"

func TestShelf(t *testing.T) {
	s := &Shelf{books: make([]*[128]byte, 0, 64)}
	for i := 0; i < 50; i++ {
		s.Put()
	}
}
END
	git init -q -b main .
	git add .
	git commit -qm one
	cat >shelf.go <<'END'
package changed

// Marks are kept
// for later.
var marks = map[int]func() int{}

type Shelf struct{ books []*[128]byte }

func (s *Shelf) Put() {
	page := len(s.books)
	marks[page] = func() int { return page }
	s.books = append(s.books, new([128]byte))
}
END
}

state() { # of everything that is the user's
	find . -type f -exec cksum {} + | sort -k 3
	git status --porcelain
}

base() {
	two_commits
	state >../before
	gb 0 explain TestShelf --base main --json report.json
	contains 'the new line is told' "$OUT" 'shelf.go:11'
	equal 'and first' "$(sed -n '/^allocated/,$p' "$OUT" | grep -oE '[a-z]+\.go:[0-9]+' | head -n 1)" shelf.go:11
	contains 'with its text' "$OUT" '11 | marks[page] = func() int { return page }'
	lacks 'what only moved is no news' "$OUT" 'at shelf.go:12'
	json 'moved lines weigh what they weighed' report.json \
		'[.packages[].tests[] | select(.name == "TestShelf") | .evidence.places[]
			| select(.kind == "allocated" and .at.line == 12) | .now == .base] == [true]'
	json 'the new one weighs fifty closures' report.json \
		'[.packages[].tests[] | select(.name == "TestShelf") | .evidence.places[]
			| select(.kind == "allocated" and .at.line == 11)][0]
			| .now.objects - .base.objects >= 50'
	contains 'the base has its numbers' "$OUT" 'at the base'
	rm report.json
	state >../after
	run_ok 'work tree and repository are as they were' cmp ../before ../after
	gb 3 explain TestShelf --base nowhere
	contains 'a base that is not there' "$ERR" 'no commit "nowhere"'
	gb 2 explain TestNothing
	contains 'a test that is not there' "$ERR" 'declares TestNothing'
	gb 3 explain TestNothing .
	gb 2 explain
	printf 'package changed\n\nfunc broken( {\n' >broken.go
	gb 3 explain TestShelf
	contains 'the compiler says why' "$OUT" 'broken.go:3'
	rm broken.go

	gb 0 record .
	git checkout -q shelf.go
	gb 0 record --tighten .
	git add -A
	git commit -qm two
	git commit -q --allow-empty -m three
	sed -i 's/\[128\]byte/[192]byte/' shelf.go shelf_test.go
	gb 1 check --base main .
	contains 'check tells the line' "$OUT" 'at shelf.go:5'
	contains 'and the difference' "$OUT" '+3,200 B (6,400 B in 50 objects → 9,600 B in 50 objects)'
	contains 'and quotes it' "$OUT" '5 | func (s *Shelf) Put() {'
	cd ..
}

# A value that newly moves to the heap explains what its line newly allocates.
escapes() {
	mkdir escapes
	cd escapes
	printf 'module example.com/escapes\n\ngo 1.21\n' >go.mod
	cat >sum.go <<'END'
package escapes

type page [512]byte

func fill(p *page, b byte) int {
	for i := range p {
		p[i] = b
	}
	return len(p)
}

func Sum() int {
	var p page
	return fill(&p, 1)
}
END
	cat >sum_test.go <<'END'
package escapes

import "testing"

func TestSum(t *testing.T) {
	for i := 0; i < 100; i++ {
		Sum()
	}
}
END
	git init -q -b main .
	gb 0 record .
	git add .
	git commit -qm one
	printf '\nvar last *page\n' >>sum.go
	sed -i 's/^\treturn fill/\tlast = \&p\n&/' sum.go
	gb 1 check --base main .
	contains 'the line' "$OUT" 'at sum.go:13, escapes.Sum'
	contains 'by how much' "$OUT" '+50.0 KiB in 100 objects'
	contains 'the escape, which is new' "$OUT" 'newly on the heap: p stored in last'
	gb 0 explain TestSum --base main
	contains 'with its flow' "$OUT" 'last = &p (assign) at sum.go:14'
	cd ..
}

newest_go patterns
newest_go base
newest_go escapes
finish
