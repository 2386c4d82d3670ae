#!/bin/sh
# The agent on arm64, under emulation: the counts are those of this machine, to the goroutine and to
# the byte, and a hung test is noticed.  On arm64 itself every other script says so.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

[ "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" = linux/amd64 ] || skip_all 'only on linux/amd64'
# Debian's package would teach the machine a foreign binary format: only its program is wanted.
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || {
	mkdir qemu
	(cd qemu && apt-get -qq -o APT::Sandbox::User=root download qemu-user-static &&
		dpkg-deb --fsys-tarfile qemu-user-static_*.deb | tar -xf - ./usr/bin/qemu-aarch64-static) >/dev/null 2>&1 || :
	qemu=$PWD/qemu/usr/bin/qemu-aarch64-static
	PATH=$PATH:${qemu%/*}
}
[ -x "$qemu" ] || skip_all 'no qemu-aarch64-static'
export CGO_ENABLED=0

module far
cat >far_test.go <<'EOT'
package far

import (
	"sync"
	"testing"
	"time"
)

var (
	block = make(chan int)
	kept  []byte
	tiny  *byte
)

func TestLeft(t *testing.T) {
	for i := 0; i < 3; i++ {
		go func() { <-block }()
	}
}

func TestProven(t *testing.T) {
	c := make(chan int)
	go func() { c <- 1 }()
}

func TestParallel(t *testing.T) {
	for _, size := range []int{1 << 10, 5 << 10, 100 << 10} {
		size := size
		t.Run("", func(t *testing.T) {
			t.Parallel()
			var wg sync.WaitGroup
			var mu sync.Mutex
			var mine []byte
			for i := 0; i < 4; i++ {
				wg.Add(1)
				go func() {
					mu.Lock()
					mine = make([]byte, size)
					mu.Unlock()
					wg.Done()
				}()
			}
			wg.Wait()
			_ = mine
		})
	}
}

func TestLarge(t *testing.T) { kept = make([]byte, 1<<20) }

func TestTiny(t *testing.T) {
	for i := 0; i < 1000; i++ {
		tiny = new(byte)
	}
}

func TestTimer(t *testing.T) {
	done := make(chan bool)
	time.AfterFunc(time.Millisecond, func() {
		go func() { <-block }()
		close(done)
	})
	<-done
}
EOT

mkdir hung
cat >hung/hung_test.go <<'EOT'
package hung

import "testing"

func TestHung(t *testing.T) { <-make(chan int) }
func TestNext(t *testing.T) {}
EOT

gb 0 record .
export GOARCH=arm64
gb 0 record . -- -exec "$qemu"
json 'a block for each of the two' budgets/_root.json \
	'[.environments[].env.platform] == ["linux/amd64", "linux/arm64"]'
json 'what is known of each test' budgets/_root.json '.environments[1].tests |
	[.TestLeft.goroutines, .TestProven.goroutines, .TestTimer.goroutines, .TestLarge.alloc_space,
	.TestTiny.alloc_objects, ."TestParallel/#02".goroutines] == [3, 1, 1, 1048576, 1000, 0]'
json 'to the byte what it is here' budgets/_root.json \
	'[.environments[].tests | del(.TestParallel) | map_values(.measured)] | .[0] == .[1]'

# As go test does it where there is no -exec.
mkdir bin
printf '#!/bin/sh\nexec "%s" "$@"\n' "$qemu" >bin/go_linux_arm64_exec
chmod +x bin/go_linux_arm64_exec
export PATH="$PWD/bin:$PATH"
gb 1 check --json report.json ./...
json 'judged by its own block' report.json '.environment.platform == "linux/arm64" and
	.environment.accounting == "runtime" and .totals.incomparable == 0 and .totals.over == 2'
contains 'what can never run again is proven' "$OUT" 'created at far_test.go:23, chan send, can never run again'
contains 'a hung test is noticed, not waited for' "$OUT" 'TestHung hung'
contains 'and the next one runs' "$OUT" hung.TestNext
finish
