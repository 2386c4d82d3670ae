#!/bin/sh
# shellcheck disable=SC2016,SC2317 # templates of go list; functions that are called by name
# check --affected: never less than what a change can move, and no more where Go code changed.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

unset GITHUB_ACTIONS GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_BASE_REF GITHUB_REF || :

# Of packages with a test, and the rest, what each is made of: build IDs, which the go command
# makes of contents.
ids() { # FILE
	go list -test -export -deps -f '{{if not .Standard}}{{.ImportPath}}{{"\t"}}{{.BuildID}}{{end}}' \
		./... 2>"$ERR" >ids.tmp || fail 'go list -export' "$(cat "$ERR")"
	# The program that runs tests has no build ID: that of what it links stands for it.
	go list -test -f '{{if .Deps}}{{.ImportPath}}{{"\t"}}{{range .Deps}}{{.}}{{"|"}}{{end}}{{end}}' \
		./... >deps.tmp
	awk -F '\t' 'NR == FNR { id[$1] = $2; next }
		$1 !~ / / {
			all = id[$1]
			n = split($2, dep, "|")
			for (i = 1; i <= n; i++)
				all = all " " id[dep[i]]
			package = $1
			sub(/\.test$/, "", package)
			of[package] = of[package] all
		}
		END { for (p in of) print p "\t" of[p] }' ids.tmp deps.tmp | sort >"$1"
	rm ids.tmp deps.tmp
}

moved() { # BEFORE AFTER: packages whose IDs differ
	join -t "$(printf '\t')" -a 2 "$1" "$2" | awk -F '\t' '$2 != $3 { print $1 }' | sort
}

# The packages that --affected takes, and those of them that only look elsewhere; --escapes-only
# compiles instead of running tests.  A change may break a package: that is 3.
taken() { # OPTIONS...
	"$GOBUDGET" check --affected --escapes-only -v --json "$TMPDIR/report.json" "$@" ./... \
		>"$OUT" 2>"$ERR" </dev/null || :
	jq -r '.packages[].path' "$TMPDIR/report.json" | sort >"$TMPDIR/taken"
	jq -r '.notes[] | select(test(" looks at files elsewhere")) | split(":")[0]' \
		"$TMPDIR/report.json" | sort >"$TMPDIR/roaming"
}

git_all() {
	git init -q -b main
	git add -A
	git commit -qm base
}

same() { # NAME WANT...: exactly these packages are taken
	what=$1
	shift
	taken --base HEAD
	equal "$what" "$(tr '\n' ' ' <"$TMPDIR/taken")" "$(printf '%s ' "$@" | sed 's/^ $//')"
}

# Each Go file's package in turn: a new symbol in one of its files.
mutate_all() { # NAME
	name=$1
	ids "$TMPDIR/before"
	: >"$TMPDIR/less"
	: >"$TMPDIR/more"
	n=0
	go list -f '{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{break}}{{end}}{{range .TestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{break}}{{end}}{{range .XTestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{break}}{{end}}' \
		./... | grep . >"$TMPDIR/files"
	while read -r file; do
		cp "$file" "$TMPDIR/kept"
		printf '\nvar GobudgetPlanted = len("%s")\n' "$n" >>"$file"
		ids "$TMPDIR/after"
		taken --base HEAD
		moved "$TMPDIR/before" "$TMPDIR/after" >"$TMPDIR/truth"
		[ -s "$TMPDIR/truth" ] || echo "$file: the truth is empty" >>"$TMPDIR/less"
		comm -23 "$TMPDIR/truth" "$TMPDIR/taken" | sed "s|^|$file: |" >>"$TMPDIR/less"
		comm -13 "$TMPDIR/truth" "$TMPDIR/taken" | comm -23 - "$TMPDIR/roaming" |
			sed "s|^|$file: |" >>"$TMPDIR/more"
		cp "$TMPDIR/kept" "$file"
		n=$((n + 1))
	done <"$TMPDIR/files"
	equal "$name: never less, in $n mutations" "$(cat "$TMPDIR/less")" ''
	equal "$name: never more, in $n mutations" "$(cat "$TMPDIR/more")" ''
}

# A module of all that can be a dependency: own, test, external test, embedded, data, C.
shop() {
	mkdir "$TMPDIR/$1" && cd "$TMPDIR/$1"
	mkdir -p api store/testdata/src/x store/assets plain far ext budgets docs
	printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
	printf 'package shop\n' >shop.go
	printf 'package plain\n\nfunc One() int { return 1 }\n' >plain/plain.go
	printf 'package plain\n\nimport "testing"\n\nfunc TestOne(t *testing.T) { One() }\n' >plain/plain_test.go
	cat >store/store.go <<'END'
package store

import (
	"embed"

	"example.com/shop/plain"
)

//go:embed assets
var Assets embed.FS

func Two() int { return plain.One() + 1 }
END
	printf 'package store\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) { Two() }\n' >store/store_test.go
	echo asset >store/assets/a.txt
	echo asset >store/assets/b.txt
	echo data >store/testdata/data.txt
	printf 'package x\n' >store/testdata/src/x/x.go
	printf 'package api\n\nimport "example.com/shop/store"\n\nvar N = store.Two()\n' >api/api.go
	printf 'package api\n\nimport "testing"\n\nfunc TestN(t *testing.T) { _ = N }\n' >api/api_test.go
	printf 'package ext\n' >ext/ext.go
	printf 'package ext_test\n\nimport (\n\t"testing"\n\n\t"example.com/shop/plain"\n)\n\nfunc TestP(t *testing.T) { plain.One() }\n' >ext/ext_test.go
	printf 'package far\n' >far/far.go
	cat >far/far_test.go <<'END'
package far

import (
	"os"
	"testing"
)

func TestDocs(t *testing.T) {
	if _, err := os.ReadFile("../docs/page.txt"); err != nil {
		t.Fatal(err)
	}
}
END
	echo page >docs/page.txt
	printf '*.tmp\n' >.gitignore
	git_all
}

back() {
	git reset -q --hard
	git clean -qfdx
}

s=example.com/shop

cases() {
	shop shop
	same 'nothing changed'
	contains 'and it is said' "$OUT" 'nothing that the change can move: 0 of 6 packages'
	gb 0 check --affected --base HEAD ./...
	contains 'no test ran for that' "$OUT" 'nothing that the change can move'
	gb 0 check --affected --base HEAD --json r.json --markdown r.md --html r.html --junit r.xml ./...
	json 'the report is there' r.json '.exit_status == 0 and (.packages | length) == 0'
	back

	echo '// edited' >>plain/plain.go
	same 'a package and its dependents' $s/api $s/ext $s/far $s/plain $s/store
	contains 'with the reason' "$OUT" "$s/api: depends on $s/plain: plain/plain.go changed"
	contains 'of those that roam, too' "$OUT" "$s/far: it looks at files elsewhere, and plain/plain.go changed"
	git commit -qam edited
	taken --base HEAD~1
	equal 'the same once committed' "$(wc -l <"$TMPDIR/taken")" 5
	gb 0 check --affected --base HEAD~1 ./...
	contains 'tests of what is left ran' "$OUT" 'affected: 5 of 6 packages'
	lacks 'and nothing is gone' "$OUT" 'gone'
	git reset -q --hard HEAD~1

	echo '// edited' >>plain/plain_test.go
	same 'a test file' $s/far $s/plain
	back
	echo '// edited' >>ext/ext_test.go
	same 'an external test file' $s/ext $s/far
	back
	echo '// edited' >>store/assets/a.txt
	same 'an embedded file' $s $s/api $s/far $s/store
	back
	rm store/assets/b.txt
	same 'an embedded file that is gone' $s $s/api $s/far $s/store
	back
	echo new >store/assets/c.txt
	same 'an embedded file that git does not know' $s $s/api $s/far $s/store
	back
	echo more >>store/testdata/data.txt
	same 'testdata' $s $s/far $s/store
	back
	echo '// edited' >>store/testdata/src/x/x.go
	same 'Go below testdata' $s $s/far $s/store
	back
	printf 'package plain\n\nvar New = 1\n' >plain/new.go
	same 'an untracked source' $s/api $s/ext $s/far $s/plain $s/store
	back
	git mv plain/plain.go plain/moved.go
	same 'a renamed source' $s/api $s/ext $s/far $s/plain $s/store
	back
	printf 'package store\n\nvar Gone = 1\n' >store/gone.go
	git add store/gone.go
	git commit -qm gone
	rm store/gone.go
	same 'a source that is gone' $s/api $s/far $s/store
	git reset -q --hard HEAD~1
	printf '//go:build never\n\npackage store\n' >store/tagged.go
	same 'a source that its tags leave out' $s/api $s/far $s/store
	back
	git rm -q plain/plain_test.go
	same 'the only test file is gone' $s/far $s/plain
	back
	git rm -qr ext
	same 'a package is gone' $s/far
	back
	echo more >>docs/page.txt
	taken --base HEAD
	equal 'a file that some test reads from afar' "$(tr '\n' ' ' <"$TMPDIR/taken")" "$s $s/far "
	back
	printf '\ngodebug default=go1.21\n' >>go.mod
	taken --base HEAD
	contains 'more than versions in go.mod: everything' "$OUT" 'all of 6 packages; the first: '
	back
	mkdir -p budgets
	printf '{"raise": "allow"}\n' >budgets/_policy.json
	taken --base HEAD
	contains 'the policy: everything' "$OUT" 'all of 6 packages'
	back
	gb ANY record ./store
	same "a budget file: its own package" $s/store
	contains 'and that is said' "$OUT" 'its budget file budgets/store.json changed'
	back
	echo junk >store/junk.tmp
	same 'what git ignores does not count'
	back
	printf 'plain/made.go\n' >>.gitignore
	git commit -qam ignore
	printf 'package plain\n\nvar Made = 1\n' >plain/made.go
	same 'but where go list names it' $s/api $s/ext $s/plain $s/store
	contains 'and that is said' "$OUT" 'git ignores plain/made.go'
	back
	echo '// edited' >>plain/plain.go
	"$GOBUDGET" check --affected --base HEAD --escapes-only ./api ./ext >"$OUT" 2>"$ERR" || :
	contains 'only of what is asked for' "$OUT" 'all of 2 packages'
	"$GOBUDGET" check --affected --base HEAD --escapes-only -v ./api >"$OUT" 2>"$ERR" || :
	contains 'by what is not' "$OUT" "depends on $s/plain"
	back
	echo more >>docs/page.txt
	gb 0 check --affected --base HEAD ./plain
	contains 'no package holds the file' "$OUT" 'docs/page.txt changed'
	back
	gb 2 check --affected --base HEAD -- ./...
	gb 0 check --affected ./plain
	contains 'no base: everything' "$OUT" 'affected: everything is measured: no base'
	gb 0 check --affected --base HEAD ./plain -- -coverpkg=./...
	contains 'coverpkg: everything' "$OUT" '-coverpkg links every package'
	gb 3 check --affected --base HEAD ./nowhere
}

# C and assembly include what they like.
native() {
	shop native
	mkdir -p asm include
	printf 'package asm\n\nfunc F()\n' >asm/asm.go
	printf 'TEXT ·F(SB), 0, $0-0\n\tRET\n' >asm/asm_amd64.s
	cp asm/asm_amd64.s asm/asm_arm64.s
	printf '#define N 1\n' >include/n.h
	git add -A
	git commit -qm asm
	printf '#define N 2\n' >include/n.h
	taken --base HEAD
	contains 'a header elsewhere' "$OUT" "$s/asm: it is not only Go, and may include include/n.h, which changed"
	cd "$TMPDIR"
}

vendoring() {
	mkdir "$TMPDIR/vendored" && cd "$TMPDIR/vendored"
	mkdir -p a b vendor/example.com/lib
	printf 'module example.com/v\n\ngo 1.21\n\nrequire example.com/lib v1.0.0\n' >go.mod
	printf '# example.com/lib v1.0.0\n## explicit; go 1.21\nexample.com/lib\n' >vendor/modules.txt
	printf 'package lib\n\nvar N = 1\n' >vendor/example.com/lib/lib.go
	printf 'package a\n\nimport "example.com/lib"\n\nvar A = lib.N\n' >a/a.go
	printf 'package b\n' >b/b.go
	git_all
	echo '// edited' >>vendor/example.com/lib/lib.go
	same 'vendor' example.com/v/a
	git checkout -q .
	echo '# more' >>vendor/modules.txt
	taken --base HEAD
	contains 'vendor/modules.txt: everything' "$OUT" 'all of 2 packages; the first: example.com/v/a: vendor/modules.txt changed'
	git checkout -q .
}

# Two modules of a workspace, and one that a replace directive finds in the repository.
workspace() {
	mkdir "$TMPDIR/ws" && cd "$TMPDIR/ws"
	mkdir -p one two lib/deep
	printf 'go 1.21\n\nuse (\n\t./one\n\t./two\n)\n' >go.work
	printf 'module example.com/one\n\ngo 1.21\n' >one/go.mod
	printf 'package one\n\nvar One = 1\n' >one/one.go
	printf 'module example.com/two\n\ngo 1.21\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../lib\n' >two/go.mod
	printf 'package two\n\nimport (\n\t"example.com/lib/deep"\n\t"example.com/one"\n)\n\nvar Two = one.One + deep.D\n' >two/two.go
	printf 'module example.com/lib\n\ngo 1.21\n' >lib/go.mod
	printf 'package deep\n\nvar D = 1\n' >lib/deep/deep.go
	git_all
	in_ws() { # NAME WANT
		"$GOBUDGET" check --affected --base HEAD --escapes-only --json "$TMPDIR/report.json" \
			./one/... ./two/... >"$OUT" 2>"$ERR" </dev/null || :
		equal "$1" "$(jq -r '.packages[].path' "$TMPDIR/report.json" | tr '\n' ' ')" "$2"
		git checkout -q .
	}
	echo '// edited' >>one/one.go
	in_ws 'workspace: the other module' 'example.com/one example.com/two '
	echo '// edited' >>two/two.go
	in_ws 'workspace: not the other module' 'example.com/two '
	echo '// edited' >>lib/deep/deep.go
	in_ws 'a replaced module in the repository' 'example.com/two '
	echo '// edited' >>lib/go.mod
	in_ws 'its go.mod: everything' 'example.com/one example.com/two '
	echo '// edited' >>go.work
	in_ws 'go.work: everything' 'example.com/one example.com/two '

	# Outside of the repository nothing can be compared.
	mv lib "$TMPDIR/outside"
	sed -i 's|\.\./lib|../../outside|' two/go.mod
	git add -A
	git commit -qm outside
	in_ws 'a replaced module outside' 'example.com/two '
}

# Source files that are symlinks, a module below the top, a folder that is reached by a symlink.
links() {
	mkdir "$TMPDIR/links" && cd "$TMPDIR/links"
	mkdir -p mod/a mod/b shared
	printf 'module example.com/l\n\ngo 1.21\n' >mod/go.mod
	printf 'package a\n\nvar A = 1\n' >shared/common.txt
	ln -s ../../shared/common.txt mod/a/a.go
	printf 'package b\n' >mod/b/b.go
	git_all
	ln -s "$TMPDIR/links/mod" "$TMPDIR/way"
	cd "$TMPDIR/way"
	printf 'package a\n\nvar A = 2\n' >"$TMPDIR/links/shared/common.txt"
	taken --base HEAD
	contains 'where a symlink leads' "$TMPDIR/taken" 'example.com/l/a'
	git -C "$TMPDIR/links" checkout -q .
	echo '// edited' >>b/b.go
	taken --base HEAD
	equal 'by a symlink, below the top' "$(cat "$TMPDIR/taken")" example.com/l/b
}

# A proxy of our own, with versions of modules that one test needs: PATH VERSION FILE TEXT...
publish() {
	path=$1 version=$2
	shift 2
	at="$TMPDIR/zip/$path@$version"
	mkdir -p "$at" "$TMPDIR/proxy/$path/@v"
	printf 'module %s\n\ngo 1.21\n' "$path" >"$at/go.mod"
	while [ $# -gt 0 ]; do
		mkdir -p "$(dirname "$at/$1")"
		printf '%b' "$2" >"$at/$1"
		shift 2
	done
	cp "$at/go.mod" "$TMPDIR/proxy/$path/@v/$version.mod"
	printf '{"Version":"%s"}' "$version" >"$TMPDIR/proxy/$path/@v/$version.info"
	echo "$version" >>"$TMPDIR/proxy/$path/@v/list"
	# Files only: the go command refuses entries of folders.
	(cd "$TMPDIR/zip" && find . -type f | sed 's|^./||' | python3 -c 'import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], "w")
for name in sys.stdin.read().split():
    z.write(name)
z.close()' "$TMPDIR/proxy/$path/@v/$version.zip")
	rm -rf "$TMPDIR/zip"
}

# Which versions go.mod chooses, against build IDs.
versions() {
	GOMODCACHE="$TMPDIR/modcache" GOPROXY="file://$TMPDIR/proxy" GONOSUMDB='*' GOFLAGS=-modcacherw
	export GOMODCACHE GOPROXY GONOSUMDB GOFLAGS
	publish example.com/lib v1.0.0 lib.go 'package lib\n\nvar N = 1\n' deep/deep.go 'package deep\n\nvar D = 1\n'
	publish example.com/lib v1.1.0 lib.go 'package lib\n\nvar N = 2\n'
	publish example.com/lib/deep v1.0.0 deep.go 'package deep\n\nvar D = 2\n'
	publish example.com/other v1.0.0 other.go 'package other\n\nvar O = 1\n'
	publish example.com/other v1.0.1 other.go 'package other\n\nvar O = 2\n'
	mkdir "$TMPDIR/versions" && cd "$TMPDIR/versions"
	mkdir a b c d e local
	printf 'module example.com/v\n\ngo 1.21\n' >go.mod
	printf 'package a\n\nimport "example.com/lib"\n\nvar A = lib.N\n' >a/a.go
	printf 'package b\n\nimport "example.com/v/a"\n\nvar B = a.A\n' >b/b.go
	printf 'package c\n' >c/c.go
	printf 'package c\n\nimport "testing"\nimport "example.com/other"\n\nfunc TestC(t *testing.T) { _ = other.O }\n' >c/c_test.go
	printf 'package d\n\nimport "example.com/lib/deep"\n\nvar D = deep.D\n' >d/d.go
	printf 'package e\n' >e/e.go
	printf 'package lib\n\nvar N = 3\n' >local/lib.go
	printf 'module example.com/lib\n\ngo 1.21\n' >local/go.mod
	run_ok 'versions: fetched' go get example.com/lib@v1.0.0 example.com/other@v1.0.0
	run_ok 'versions: tidy' go mod tidy
	git_all
	moves() { # NAME WANT COMMAND: and not less than the truth
		ids "$TMPDIR/before"
		sh -euc "$3" >"$ERR" 2>&1 || fail "versions: $1" "$(cat "$ERR")"
		ids "$TMPDIR/after"
		moved "$TMPDIR/before" "$TMPDIR/after" >"$TMPDIR/truth"
		taken --base HEAD
		equal "versions: $1" "$(sed 's|.*/||' "$TMPDIR/taken" | tr '\n' ' ')" "$2"
		equal "versions: $1: never less" "$(comm -23 "$TMPDIR/truth" "$TMPDIR/taken")" ''
		git reset -q --hard
		git clean -qfd
	}
	moves 'one is newer' 'c ' 'go get example.com/other@v1.0.1'
	contains 'with the reason' "$OUT" \
		'example.com/v/c: depends on example.com/other, whose module is another in go.mod'
	moves 'and another takes a package over' 'a b d ' \
		'go get example.com/lib@v1.1.0 example.com/lib/deep@v1.0.0'
	moves 'replaced' 'a b d ' 'go mod edit -replace example.com/lib=./local
		mkdir local/deep && printf "package deep\n\nvar D = 1\n" >local/deep/deep.go'
	moves 'one that nothing needs' '' 'printf "\nexclude example.com/other v1.0.1\n" >>go.mod'
	moves 'a line of go.sum' '' \
		'echo "example.com/other v1.0.1/go.mod h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" >>go.sum'
	moves 'another language' 'a b c d e ' 'go mod edit -go=1.22'
	unset GOMODCACHE GOPROXY GONOSUMDB GOFLAGS
}

real() {
	mkdir "$TMPDIR/sample"
	cp -R "$PROJECT/tests/sample/." "$TMPDIR/sample"
	cd "$TMPDIR/sample"
	git_all
	mutate_all sample
	mkdir "$TMPDIR/get" && cd "$TMPDIR/get"
	printf 'module example.com/get\n\ngo 1.21\n' >go.mod
	if go mod download github.com/spf13/cobra@v1.10.2 2>"$ERR"; then
		cp -R "$(go env GOMODCACHE)/github.com/spf13/cobra@v1.10.2" "$TMPDIR/cobra"
		chmod -R u+w "$TMPDIR/cobra"
		cd "$TMPDIR/cobra"
		git_all
		mutate_all cobra
	else
		skip cobra 'it cannot be fetched'
	fi
}

cases
native
vendoring
workspace
links
versions
real
finish
