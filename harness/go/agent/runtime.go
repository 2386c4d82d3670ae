// The agent inside package runtime: who is charged for what.
//
// This file is never compiled by itself.  Its declarations are appended to
// runtime/proc.go by the overlay, whose imports it uses; the hooks that call it
// are in runtime.edits.
//
// Every goroutine points to the counter block of its test and inherits the
// pointer from the goroutine that starts it.  Blocks live outside the Go heap,
// so they cost no allocation, no collection and no write barrier.  Bytes and
// objects are counted in the goroutine itself and added to the block when it
// ends or is read: a shared atomic would cost parallel tests 25 ns each.
//
// Block 0 is the package: what belongs to no test.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// gobudgetBlock counts for one test.  live, peak and created take in subtests,
// bytes and objects do not: those are added up when records are written.
type gobudgetBlock struct {
	parent  uintptr
	live    int64
	peak    int64
	created int64
	bytes   uint64
	objects uint64
	explain bool // its sites are to be told
}

// gobudgetG is a goroutine as package testing sees it (same layout there).
type gobudgetG struct {
	id      uint64
	block   uintptr
	gopc    uintptr
	startpc uintptr
	state   string
	first   int // pcs[first : first+n] is its stack
	n       int
	creator int // ... followed by so many of its ancestors', where those are known
	counted bool
	leaked  bool // known to wait for what nobody can reach
}

// gobudgetState is what stands still and what may still move (same layout in testing).
type gobudgetState struct {
	now     int64 // nanotime
	running int   // user goroutines that run or could run
	calling int   // ... that are in a system call
	io      int   // ... that wait for IO
	busy    bool  // os/signal is in use, or the collector holds a goroutine back
	timers  int   // pending timers, those of the test alarm and of the agent left out
	soon    int   // ... that fire before `until`
	oneShot int64 // when the last one-shot timer due before `until` fires; 0: none
}

var (
	gobudgetPackage gobudgetBlock
	gobudgetSetting string  // value of GOBUDGET_AGENT
	gobudgetNames   string  // value of GOBUDGET_EXPLAIN: tests whose sites are to be told, a line each
	gobudgetAlarmAt uintptr // the testing package's alarm timer
	gobudgetPeak    uint64  // highest heapLive before a collection, since gobudgetHeapMark
	gobudgetWatcher *g
	gobudgetLocked  uint32
)

// gobudgetEnv takes the agent's variables out of the environment before any
// other code can see it, so that a test binary that starts itself does not
// record as if it were its parent.
func gobudgetEnv() {
	gobudgetNames = gobudgetTake("GOBUDGET_EXPLAIN=")
	gobudgetSetting = gobudgetTake("GOBUDGET_AGENT=")
	gobudgetExplain(gobudgetSetting)
}

func gobudgetTake(name string) (value string) {
	for i, s := range envs {
		if len(s) > len(name) && s[:len(name)] == name {
			value = s[len(name):]
			copy(envs[i:], envs[i+1:])
			envs = envs[:len(envs)-1]
			break
		}
	}
	return value
}

//go:linkname gobudgetConfig
func gobudgetConfig() string { return gobudgetSetting }

//go:linkname gobudgetExplained
func gobudgetExplained() string { return gobudgetNames }

func gobudgetAt(b uintptr) *gobudgetBlock {
	if b == 0 {
		return &gobudgetPackage
	}
	return (*gobudgetBlock)(unsafe.Pointer(b))
}

// gobudgetCount adds a live goroutine to a block and all above it, or takes it away.
func gobudgetCount(b uintptr, started int64, delta int64) {
	for {
		p := gobudgetAt(b)
		atomic.Xaddint64(&p.created, started)
		live := atomic.Xaddint64(&p.live, delta)
		for {
			peak := atomic.Loadint64(&p.peak)
			if live <= peak || atomic.Cas64((*uint64)(unsafe.Pointer(&p.peak)), uint64(peak), uint64(live)) {
				break
			}
		}
		if p.parent == 0 {
			return
		}
		b = p.parent
	}
}

// gobudgetSpawn lets a new goroutine inherit from its creator.  Where there is
// none (a timer's function) the scheduler's own g carries the timer's block.
func gobudgetSpawn(newg, from *g) {
	if from == nil {
		from = getg()
	}
	newg.gobudget = from.gobudget
	if from.gobudgetOff == 0 {
		newg.gobudgetCounted = true
		gobudgetCount(newg.gobudget, 1, 1)
		if gobudgetSites != nil {
			gobudgetSpawnSite(newg.gobudget, newg.gopc)
		}
	}
}

// gobudgetExit settles with a goroutine that ends; live goes down last, so
// that a block whose live is 0 is complete.
func gobudgetExit(gp *g) {
	gobudgetFlush(gp)
	if gp.gobudgetCounted {
		gobudgetCount(gp.gobudget, 0, -1)
	}
	gp.gobudget = 0
	gp.gobudgetTiny = 0
	gp.gobudgetOff = 0
	gp.gobudgetCounted = false
}

func gobudgetFlush(gp *g) {
	b := gobudgetAt(gp.gobudget)
	atomic.Xadd64(&b.bytes, int64(gp.gobudgetBytes))
	atomic.Xadd64(&b.objects, int64(gp.gobudgetObjects))
	gp.gobudgetBytes = 0
	gp.gobudgetObjects = 0
}

// gobudgetAlloc charges one object of the goroutine that allocates.  Tiny
// objects are charged as if each goroutine had a tiny block of its own: the
// real one is shared by all goroutines of a P and dropped at each collection,
// so that who pays for it is chance.
func gobudgetAlloc(gp *g, size, elemsize uintptr, noscan bool) {
	if gp.gobudgetOff != 0 {
		return
	}
	gp.gobudgetObjects++
	if noscan && size < 16 && !raceenabled {
		off := uintptr(gp.gobudgetTiny)
		if size&7 == 0 {
			off = alignUp(off, 8)
		} else if size&3 == 0 {
			off = alignUp(off, 4)
		} else if size&1 == 0 {
			off = alignUp(off, 2)
		}
		if gp.gobudgetTiny != 0 && off+size <= 16 {
			gp.gobudgetTiny = uint8(off + size)
			if gobudgetSites != nil {
				gobudgetSite(gp.gobudget, 0)
			}
			return
		}
		if gp.gobudgetTiny == 0 || size < uintptr(gp.gobudgetTiny) {
			gp.gobudgetTiny = uint8(size)
		}
		elemsize = 16
	}
	gp.gobudgetBytes += uint64(elemsize)
	if gobudgetSites != nil {
		gobudgetSite(gp.gobudget, elemsize)
	}
}

// Caches of the runtime that are filled on a user's goroutine are nobody's.

func gobudgetHold() { getg().gobudgetOff++ }
func gobudgetGo()   { getg().gobudgetOff-- }

// A timer made by package time carries the block of its creator in seq, which
// time itself never uses, marked so that the poller's own numbers stay apart.

const gobudgetMark = uintptr(1) << (8*unsafe.Sizeof(uintptr(0)) - 1)

func gobudgetOwner(isChan bool) uintptr {
	gp := getg()
	if gp.m.curg != nil {
		gp = gp.m.curg
	}
	if isChan || gp.gobudget == 0 || unsafe.Sizeof(uintptr(0)) < 8 {
		return 0
	}
	return gp.gobudget | gobudgetMark
}

func gobudgetFire(seq uintptr) {
	if unsafe.Sizeof(uintptr(0)) == 8 && seq&gobudgetMark != 0 {
		getg().gobudget = seq &^ gobudgetMark
	}
}

func gobudgetFired() {
	if gp := getg(); gp != gp.m.curg {
		gp.gobudget = 0
	}
}

// Entry points of package testing.

// gobudgetEnter makes a block below parent and moves the calling goroutine
// into it, uncounted: a test's own goroutine is nobody's leftover.
//
//go:linkname gobudgetEnter
func gobudgetEnter(parent uintptr, explain bool) uintptr {
	b := (*gobudgetBlock)(persistentalloc(unsafe.Sizeof(gobudgetBlock{}), 64, &memstats.other_sys))
	b.parent = parent
	b.explain = explain
	gobudgetSet(uintptr(unsafe.Pointer(b)))
	return uintptr(unsafe.Pointer(b))
}

// gobudgetSet moves the calling goroutine to a block, uncounted.
//
//go:linkname gobudgetSet
func gobudgetSet(block uintptr) {
	gp := getg()
	gobudgetFlush(gp)
	if gp.gobudgetCounted {
		gobudgetCount(gp.gobudget, -1, -1)
		gp.gobudgetCounted = false
	}
	gp.gobudget = block
	gp.gobudgetTiny = 0
}

//go:linkname gobudgetBlockOf
func gobudgetBlockOf() uintptr { return getg().gobudget }

// gobudgetOff stops charging the calling goroutine for what it does; it nests.
//
//go:linkname gobudgetOff
func gobudgetOff() { getg().gobudgetOff++ }

//go:linkname gobudgetOn
func gobudgetOn() { getg().gobudgetOff-- }

// gobudgetSwap sets how deep the calling goroutine is switched off and returns what it was.
//
//go:linkname gobudgetSwap
func gobudgetSwap(depth uint8) uint8 {
	gp := getg()
	old := gp.gobudgetOff
	gp.gobudgetOff = depth
	return old
}

//go:linkname gobudgetRead
func gobudgetRead(block uintptr, flush bool) (live, peak, created int64, bytes, objects uint64) {
	if flush {
		gobudgetFlush(getg())
	}
	b := gobudgetAt(block)
	return atomic.Loadint64(&b.live), atomic.Loadint64(&b.peak), atomic.Loadint64(&b.created),
		atomic.Load64(&b.bytes), atomic.Load64(&b.objects)
}

//go:linkname gobudgetGoid
func gobudgetGoid() uint64 { return getg().goid }

// gobudgetDisown takes a goroutine that is never the user's to blame out of the counts.
//
//go:linkname gobudgetDisown
func gobudgetDisown(id uint64) {
	gobudgetStop()
	for _, gp := range allgs {
		if gp.goid == id && gp.gobudgetCounted {
			gobudgetCount(gp.gobudget, -1, -1)
			gp.gobudgetCounted = false
		}
	}
	gobudgetStart()
}

// gobudgetWrite appends to the record without package os or syscall: those
// would tell the race detector that tests are ordered which are not.
//
//go:linkname gobudgetWrite
func gobudgetWrite(fd uintptr, p []byte) {
	for len(p) > 0 {
		n := write(fd, unsafe.Pointer(&p[0]), int32(len(p)))
		if n <= 0 {
			return
		}
		p = p[n:]
	}
}

// gobudgetLock is a lock that the race detector does not see.  Its holder is
// not preempted, so that a waiter may spin.
//
//go:linkname gobudgetLock
func gobudgetLock() {
	acquirem()
	for !atomic.Cas(&gobudgetLocked, 0, 1) {
		osyield()
	}
}

//go:linkname gobudgetUnlock
func gobudgetUnlock() {
	atomic.Store(&gobudgetLocked, 0)
	releasem(getg().m)
}

//go:linkname gobudgetAlarm
func gobudgetAlarm(timer uintptr) { gobudgetAlarmAt = timer }

// gobudgetIsAlarm tells a timer that lies inside the testing package's time.Timer.
func gobudgetIsAlarm(t *timer) bool {
	p := uintptr(unsafe.Pointer(t))
	return gobudgetAlarmAt != 0 && p >= gobudgetAlarmAt && p < gobudgetAlarmAt+unsafe.Sizeof(timer{})
}

// gobudgetHeapLive keeps the highest heap: heapLive only falls when a
// collection ends, so its value there is a local maximum.
func gobudgetHeapLive(live uint64) {
	if live > gobudgetPeak {
		gobudgetPeak = live
	}
}

//go:linkname gobudgetHeapMark
func gobudgetHeapMark() uint64 {
	gobudgetPeak = 0
	return gcController.heapLive.Load()
}

//go:linkname gobudgetHeapPeak
func gobudgetHeapPeak() uint64 {
	gobudgetHeapLive(gcController.heapLive.Load())
	return gobudgetPeak
}
