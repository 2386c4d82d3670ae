// What the agent in package testing asks of the agent in package runtime.

package testing

import (
	"os"
	"runtime"
	"strings"
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
func gobudgetEnter(parent uintptr) uintptr

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

// gobudgetSettle waits while goroutines that tests left behind may still end.
//
// It returns at once when there are none; and as soon as nothing in the process
// can move any more: no goroutine runs, no timer is due, and IO within the
// process has had time to arrive.  Goroutines that only compute get a fifth of the
// window without one of them ending.  Otherwise it waits for the window; longer, up
// to five windows, only while goroutines keep ending or a one-shot timer (a sleep, a
// timeout) is pending that may end one.
//
//go:norace
func gobudgetSettle(window time.Duration) {
	live := gobudgetLive()
	if live == 0 {
		return
	}
	var st gobudgetState
	gobudgetScan(nil, nil, 0, &st)
	start := st.now
	limit, last := start+int64(window), start+5*int64(window)
	changed, stirred := start, start
	quiet, pause := 0, time.Millisecond
	for {
		time.Sleep(pause)
		if pause < 10*time.Millisecond {
			pause *= 2
		}
		gobudgetScan(nil, nil, last, &st)
		if now := gobudgetLive(); now != live {
			live, changed = now, st.now
		}
		if live == 0 {
			return
		}
		idle := st.now - changed
		if st.calling+st.soon > 0 {
			stirred = st.now
		}
		if st.running+st.calling+st.soon > 0 {
			quiet = 0
		} else if quiet++; quiet >= 4 && (st.io == 0 || quiet >= 10) {
			return
		}
		// What a timer has just woken runs as well, and needs its time.
		if idle > int64(window)/5 && st.now-stirred > int64(window)/5 {
			return
		}
		if st.now < limit {
			continue
		}
		switch {
		case st.now >= last:
			return
		case idle < int64(window):
			limit = changed + int64(window)
		case st.oneShot > 0:
			limit = st.oneShot + int64(50*time.Millisecond)
			last = limit
		default:
			return
		}
	}
}

// gobudgetGroup is a set of goroutines with the same owner, creator, state and stack.
type gobudgetGroup struct {
	block   uintptr
	gopc    uintptr
	startpc uintptr
	kind    string
	state   string
	pcs     []uintptr
	creator []uintptr // its ancestors' stacks, where those are known
	count   int64
}

// gobudgetAll lists the goroutines there are, with their stacks.
func gobudgetAll() ([]gobudgetG, []uintptr) {
	var st gobudgetState
	n := gobudgetScan(nil, nil, 0, &st) + 64
	gs := make([]gobudgetG, n)
	pcs := make([]uintptr, 64*n+64)
	n = gobudgetScan(gs, pcs, 0, &st)
	if n > len(gs) {
		n = len(gs)
	}
	return gs[:n], pcs
}

// gobudgetGroups returns the group lines of everything left behind, and takes
// goroutines out of the counts that are never a test's to blame.
//
//go:norace
func gobudgetGroups() []byte {
	var st gobudgetState
	live := gobudgetLive()
	pkg := gobudgetCounts(0, false).live
	if live+pkg == 0 {
		gobudgetScan(nil, nil, 0, &st) // brings the package's row up to date
		return nil
	}
	proven := make(map[uint64]bool)
	for i := 0; i < 2; i++ { // one that was found can be missed the next time
		if live > 0 && gobudgetFindLeaks() {
			gs, _ := gobudgetAll()
			for i := range gs {
				if gs[i].leaked {
					proven[gs[i].id] = true
				}
			}
		}
	}
	gs, pcs := gobudgetAll()
	for i := range gs {
		gs[i].leaked = proven[gs[i].id]
	}
	return gobudgetGrouped(gs, pcs, nil)
}

//go:norace
func gobudgetGrouped(gs []gobudgetG, pcs []uintptr, hung map[uintptr]bool) []byte {
	index := make(map[string]*gobudgetGroup)
	var order []*gobudgetGroup
	for i := range gs {
		g := &gs[i]
		if !g.counted && !hung[g.block] {
			continue
		}
		if gobudgetNobodys(g.startpc) {
			gobudgetDisown(g.id)
			continue
		}
		stack := pcs[g.first : g.first+g.n]
		key := make([]byte, 0, 8*(len(stack)+3))
		for _, pc := range append([]uintptr{g.block, g.gopc}, stack...) {
			for s := 0; s < 64; s += 8 {
				key = append(key, byte(uint64(pc)>>s))
			}
		}
		key = append(key, g.state...)
		if g.leaked {
			key = append(key, '!')
		}
		p := index[string(key)]
		if p == nil {
			p = &gobudgetGroup{block: g.block, gopc: g.gopc, startpc: g.startpc, state: g.state, pcs: stack, kind: "left",
				creator: pcs[g.first+g.n : g.first+g.n+g.creator]}
			if hung[g.block] {
				p.kind = "hung"
			} else if g.leaked {
				p.kind = "proven"
			}
			index[string(key)] = p
			order = append(order, p)
		}
		p.count++
	}
	var out []byte
	for _, p := range order {
		if p.block == 0 {
			out = gobudgetGroupLine(out, 0, p)
			continue
		}
		for t := gobudgetOf(p.block); t != nil; t = t.parent {
			out = gobudgetGroupLine(out, t.id, p)
			if p.kind == "hung" {
				break // the innermost test is the one to look at
			}
		}
	}
	return out
}

//go:norace
func gobudgetOf(block uintptr) *gobudgetTest {
	for t := gobudgetAgent.last; t != nil; t = t.next {
		if t.block == block {
			return t
		}
	}
	return nil
}

// gobudgetNobodys tells the library's own lasting goroutines by their function.
func gobudgetNobodys(startpc uintptr) bool {
	f := runtime.FuncForPC(startpc)
	if f == nil {
		return false
	}
	switch f.Name() {
	case "os/signal.loop", "runtime/pprof.profileWriter", "runtime/trace.Start.func1",
		"runtime.ensureSigM.func1", "testing.runExample.func1":
		return true
	}
	return false
}

func gobudgetGroupLine(b []byte, id int, p *gobudgetGroup) []byte {
	b = gobudgetInt(append(b, "group"...), int64(id))
	b = gobudgetField(b, p.kind)
	b = gobudgetInt(b, p.count)
	b = gobudgetField(b, p.state)
	if f := runtime.FuncForPC(p.gopc); f != nil && f.Name() == "time.goFunc" {
		// A timer's function: its creator is gone, the function itself says where it stands.
		b = gobudgetEntry(b, p.startpc)
	} else {
		b = gobudgetFrames(b, []uintptr{p.gopc}, 1, false)
	}
	b = gobudgetFrames(b, p.pcs, 64, true)
	if len(p.creator) > 0 {
		b = gobudgetFrames(b, p.creator, 32, true)
	}
	return append(b, '\n')
}

// gobudgetFrames appends function, file and line of at most max frames,
// their number first where counted.
func gobudgetFrames(b []byte, pcs []uintptr, max int, counted bool) []byte {
	var text []byte
	n := 0
	if len(pcs) > 0 && pcs[0] != 0 {
		frames := runtime.CallersFrames(pcs)
		for n < max {
			f, more := frames.Next()
			// The runtime's own frames above the blocking line differ from one
			// Go version to the next; the state says what they do.
			if f.Function != "" && f.Function != "runtime.goexit" &&
				!(counted && n == 0 && (strings.HasPrefix(f.Function, "runtime.") ||
					strings.HasPrefix(f.Function, "internal/runtime/"))) {
				text = gobudgetField(text, f.Function)
				text = gobudgetField(text, f.File)
				text = gobudgetInt(text, int64(f.Line))
				n++
			}
			if !more {
				break
			}
		}
	}
	if counted {
		b = gobudgetInt(b, int64(n))
	} else if n == 0 {
		text = append(text, "\t\t\t0"...)
	}
	return append(b, text...)
}

// gobudgetForeign says that something which is no goroutine may still wake one:
// a thread that C code started, or a child process.
func gobudgetForeign() bool {
	cgo, ours := gobudgetThreads()
	if runtime.GOOS != "linux" {
		return cgo
	}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil || cgo && len(tasks) > ours {
		return true
	}
	for _, t := range tasks {
		children, err := os.ReadFile("/proc/self/task/" + t.Name() + "/children")
		if err == nil && len(children) > 0 {
			return true
		}
	}
	return false
}

// gobudgetHang is called when the whole process stands still: names the tests
// that can no longer move, writes down all there is, and ends the process.
//
//go:norace
func gobudgetHang() bool {
	if gobudgetForeign() {
		return false
	}
	gs, pcs := gobudgetAll()
	hung := make(map[uintptr]bool)
	var ids []int
	for t := gobudgetAgent.last; t != nil; t = t.next {
		if t.ended || t.open > 0 {
			continue
		}
		for i := range gs {
			g := &gs[i]
			if g.id == t.goid && !gobudgetParked(gobudgetNames(pcs[g.first:g.first+g.n])) {
				hung[t.block] = true
				t.hung = true
				ids = append(ids, t.id)
			}
		}
	}
	if len(ids) == 0 {
		return false
	}
	gobudgetFinals(gobudgetGrouped(gs, pcs, hung))
	for _, id := range ids {
		gobudgetWrite(gobudgetAgent.fd, append(gobudgetInt([]byte("hang"), int64(id)), '\n'))
	}
	os.Exit(86)
	return true
}

// gobudgetNames is a stack as function names, each followed by a tab.
func gobudgetNames(pcs []uintptr) string {
	var b []byte
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		b = append(append(b, f.Function...), '\t')
		if !more {
			return string(b)
		}
	}
}
