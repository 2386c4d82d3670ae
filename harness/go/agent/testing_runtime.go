// What the agent in package testing asks of the agent in package runtime.

package testing

import (
	"runtime"
	"time"
	"unsafe"
)

const gobudgetAccounting = "runtime"

// The same layouts as in package runtime.

type gobudgetG struct {
	id      uint64
	block   uintptr
	gopc    uintptr
	startpc uintptr
	state   string
	first   int
	n       int
	creator int
	counted bool
	leaked  bool
}

type gobudgetState struct {
	now     int64
	running int
	calling int
	io      int
	busy    bool
	timers  int
	soon    int
	oneShot int64
}

//go:linkname gobudgetConfig runtime.gobudgetConfig
func gobudgetConfig() string

//go:linkname gobudgetEnter runtime.gobudgetEnter
func gobudgetEnter(parent uintptr, explain bool) uintptr

//go:linkname gobudgetExplained runtime.gobudgetExplained
func gobudgetExplained() string

//go:linkname gobudgetSet runtime.gobudgetSet
func gobudgetSet(block uintptr)

//go:linkname gobudgetOff runtime.gobudgetOff
func gobudgetOff()

//go:linkname gobudgetOn runtime.gobudgetOn
func gobudgetOn()

//go:linkname gobudgetSwap runtime.gobudgetSwap
func gobudgetSwap(depth uint8) uint8

//go:linkname gobudgetRead runtime.gobudgetRead
func gobudgetRead(block uintptr, flush bool) (live, peak, created int64, bytes, objects uint64)

//go:linkname gobudgetGoid runtime.gobudgetGoid
func gobudgetGoid() uint64

//go:linkname gobudgetDisown runtime.gobudgetDisown
func gobudgetDisown(id uint64)

//go:linkname gobudgetWrite runtime.gobudgetWrite
func gobudgetWrite(fd uintptr, p []byte)

//go:linkname gobudgetAlarm runtime.gobudgetAlarm
func gobudgetAlarm(timer uintptr)

//go:linkname gobudgetHeapMark runtime.gobudgetHeapMark
func gobudgetHeapMark() uint64

//go:linkname gobudgetHeapPeak runtime.gobudgetHeapPeak
func gobudgetHeapPeak() uint64

//go:linkname gobudgetCollector runtime.gobudgetCollector
func gobudgetCollector() (collections, pauses, worst uint64)

//go:linkname gobudgetCollect runtime.gobudgetCollect
func gobudgetCollect() uint64

// gobudgetForget drops what is only of use while groups are made.
func gobudgetForget() { gobudgetBefore = nil }

//go:linkname gobudgetScan runtime.gobudgetScan
func gobudgetScan(gs []gobudgetG, pcs []uintptr, until int64, st *gobudgetState) int

//go:linkname gobudgetWatch runtime.gobudgetWatch
func gobudgetWatch(hook func() bool)

//go:linkname gobudgetFindLeaks runtime.gobudgetFindLeaks
func gobudgetFindLeaks() bool

//go:linkname gobudgetThreads runtime.gobudgetThreads
func gobudgetThreads() (cgo bool, n int)

//go:linkname gobudgetLock runtime.gobudgetLock
func gobudgetLock()

//go:linkname gobudgetUnlock runtime.gobudgetUnlock
func gobudgetUnlock()

type gobudgetNumbers struct {
	live, peak, created int64
	bytes, objects      uint64
}

func gobudgetCounts(block uintptr, flush bool) (c gobudgetNumbers) {
	c.live, c.peak, c.created, c.bytes, c.objects = gobudgetRead(block, flush)
	return c
}

func (c *gobudgetNumbers) append(b []byte) []byte {
	b = gobudgetInt(b, c.live)
	b = gobudgetInt(b, c.peak)
	b = gobudgetInt(b, c.created)
	b = gobudgetInt(b, int64(c.bytes))
	return gobudgetInt(b, int64(c.objects))
}

// gobudgetBoot runs once the record is open.
//
//go:norace
func gobudgetBoot() {
	gobudgetWatch(gobudgetHang)
}

// gobudgetTimer tells which timer is the test alarm: it is pending all the
// time and means nothing.
func gobudgetTimer(t *time.Timer) {
	if t != nil {
		gobudgetAlarm(uintptr(unsafe.Pointer(t)))
	}
}

// gobudgetLive is how many goroutines tests have left so far.
//
//go:norace
func gobudgetLive() (n int64) {
	for t := gobudgetAgent.last; t != nil; t = t.next {
		if t.parent == nil {
			n += gobudgetCounts(t.block, false).live
		}
	}
	return n
}
