# shellcheck shell=sh disable=SC2034 # used by those who source it
# lib.sh - what quickstart and test share: installing what is missing, finding Go.
#
# Sourced under set -eu.  BUILD is where to build, if not build/ of the source tree.  Everything here is safe to run twice and says nothing about
# what is there already.  Nothing is removed, no apt source is added.

root=$(cd "$(dirname "$0")/.." && pwd -P)
build=${BUILD:-$root/build}
go_least=21 # Go 1.21

work=$(mktemp -d "${TMPDIR:-/tmp}/gobudget-ci-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

say() { printf '%s\n' "$*"; }

die() {
	printf '%s: %s\n' "$(basename "$0")" "$1" >&2
	[ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
	exit 1
}

# quietly COMMAND...: its output is shown only if it fails.
quietly() {
	if ! "$@" >"$work/quiet.log" 2>&1; then
		cat "$work/quiet.log" >&2
		return 1
	fi
}

# need_root WHAT FOR: before something is done as_root.
need_root() {
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		die "must be root to install $1" "install sudo, or run this once as root"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# need_packages PACKAGE...
need_packages() {
	if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
		say "no apt here: taking for granted what Debian calls $*"
		return
	fi
	missing=''
	for package; do
		installed "$package" || missing="$missing $package"
	done
	[ "$missing" ] || return 0
	need_root "${missing# }"
	say "installing:$missing"
	quietly apt_get update || say "apt-get update failed, trying with what apt knows"
	# shellcheck disable=SC2086 # a list of words
	quietly apt_get install -y --no-install-recommends $missing || die "apt-get install failed"
}

# The minor version of a go program (23 for go1.23.5), 0 if it is none.
go_minor() {
	minor=$(cd / && GOTOOLCHAIN=local "$1" version 2>/dev/null |
		sed -n 's/.*go1\.\([0-9][0-9]*\).*/\1/p')
	echo "${minor:-0}"
}

# Puts the first Go that is new enough on PATH: PATH's own, go.dev's usual place, Debian's.
find_go() {
	for go in "$(command -v go || :)" /usr/local/go/bin/go \
		$(printf '%s\n' /usr/lib/go-1.*/bin/go | sort -t. -k2 -rn); do
		if [ -x "$go" ] && [ "$(go_minor "$go")" -ge "$go_least" ]; then
			[ "$go" = "$(command -v go || :)" ] || PATH=$(dirname "$go"):$PATH
			export PATH
			return 0
		fi
	done
	return 1
}

# The name of the newest package of Go that apt could install, if new enough.  Without
# any Go, golang-go, which puts `go` on everybody's PATH; beside an old one, a package
# that leaves `go` what it is.  Arguments: options of apt-cache.
go_package() {
	if ! command -v go >/dev/null; then
		minor=$(apt-cache "$@" policy golang-go | sed -n 's/^  Candidate: 2:1\.\([0-9]*\).*/\1/p')
		[ "${minor:-0}" -lt "$go_least" ] || { echo golang-go; return; }
	fi
	# shellcheck disable=SC2046 # a list of words
	apt-cache "$@" policy $(apt-cache "$@" pkgnames golang-1. | grep -x 'golang-1\.[0-9]*-go') |
		awk -F '[-.: ]' -v least="$go_least" '
			/^golang/ { minor = $3 }
			/^  Candidate: [0-9]/ && minor > best { best = minor }
			END { if (best >= least) print "golang-1." best "-go" }'
}

# apt's own sources and the backports of the same mirror, for one run of apt: prints the
# options that say so.  Nothing under /etc changes.
with_backports() {
	# shellcheck disable=SC2016 # apt's own variable
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
		"Codename: $codename" 'Component: main' | head -n 1)
	[ "$mirror" ] || return 1
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$work/apt"
	cp /etc/apt/sources.list.d/* "$work/apt/" 2>/dev/null || :
	[ -e "$keys" ] && options="[signed-by=$keys] " || options=''
	echo "deb $options$mirror $codename-backports main" >"$work/apt/backports.list"
	chmod -R a+rX "$work"
	echo "-oDir::Etc::SourceParts=$work/apt -oAPT::Get::List-Cleanup=0" \
		"-oAPT::Default-Release=$codename-backports"
}

# What apt has of this release of Debian, for an apt of our own: a line for each suite, without the
# word deb or deb-src.  Wants $codename.
debian_suites() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' \
		'Origin: Debian' 'Component: main' | sort -u | while read -r uri name; do
		case $name in
		"$codename" | "$codename-security" | "$codename-updates")
			echo "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $name main"
			;;
		esac
	done
}

need_go() {
	find_go || install_go
	# Debian's Go stays with the version it has; the sample and the tests name others.
	if [ "$(cd / && go env GOTOOLCHAIN)" = local ] && [ -z "${GOTOOLCHAIN-}" ] &&
		! grep -qs '^GOTOOLCHAIN=' "$(go env GOENV)"; then
		export GOTOOLCHAIN=auto
	fi
}

install_go() {
	hint="install Go 1.$go_least or newer from https://go.dev/dl and put it on PATH"
	command -v apt-get >/dev/null || die "no Go 1.$go_least or newer here" "$hint"
	need_root "Go 1.$go_least or newer"
	quietly apt_get update || :
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	options='' origin=''
	package=$(go_package) || :
	if [ -z "$package" ] && options=$(with_backports); then
		# shellcheck disable=SC2086 # options without blanks
		quietly apt_get $options update || :
		# shellcheck disable=SC2086
		package=$(go_package $options) || :
		origin=" from $codename-backports (for this once: no apt source is added)"
	fi
	[ "$package" ] || die "apt knows no Go 1.$go_least or newer" "$hint"
	say "installing: $package$origin"
	# shellcheck disable=SC2086
	quietly apt_get $options install -y --no-install-recommends "$package" ||
		die "apt-get install $package failed" "$hint"
	hash -r
	find_go || die "$package is installed, but no Go 1.$go_least or newer is found" "$hint"
	case $(command -v go) in
	/usr/bin/go) ;;
	*) say "Go is $(command -v go): put $(dirname "$(command -v go)") on PATH to use it yourself" ;;
	esac
}

# The tests that the sample's README says are over, without those of the module in legacy/.
sample_over() {
	sed -n '/^| (b)/d; s/^| (.*| \(Test[A-Za-z]*\) | [a-z_]* |.*/\1/p' "$root/tests/sample/README.md"
}

# sample_gate GOBUDGET FOLDER: checks tests/sample, shows the verdict, and is true if the gate
# fired: exit status 1, every test that is meant to be over is named, no fixed twin is.
sample_gate() {
	status=0
	(cd "$root/tests/sample" && "$1" check ./...) >"$2/sample.txt" 2>&1 || status=$?
	cat "$2/sample.txt"
	fired=0
	[ "$status" -eq 1 ] || { say "exit status $status, not 1"; fired=1; }
	for test in $(sample_over); do
		grep -qw "$test" "$2/sample.txt" || { say "$test is not named"; fired=1; }
	done
	! grep -w 'TestFixed[A-Za-z]*' "$2/sample.txt" || { say "a fixed twin is named"; fired=1; }
	return $fired
}

# What building takes, and what the tests take on top.
build_packages="ca-certificates cmake gcc git libc6-dev libcjson-dev libcurl4-openssl-dev libdeflate-dev
	libgit2-dev libssl-dev ninja-build pkg-config uthash-dev"
test_packages="clang clang-format clang-tidy cmark-gfm cppcheck dpkg-dev file gcovr graphviz jq
	libclang-rt-dev libcmocka-dev openssl procps python3 python3-jsonschema ruby ruby-html-pipeline
	ruby-rinku ruby-sanitize scdoc shellcheck strace"
# Any browser of the family will do: 400 MB are only worth it where there is none.
for browser in chromium chromium-browser google-chrome google-chrome-stable ''; do
	[ "$browser" ] || test_packages="$test_packages chromium"
	! command -v "$browser" >/dev/null || break
done
# Whoever has a node of another origin has its npm as well, and Debian's would not go beside it.
for tool in node:nodejs npm:npm; do
	command -v "${tool%:*}" >/dev/null || test_packages="$test_packages ${tool#*:}"
done
