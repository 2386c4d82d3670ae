// The testing-only accounting: what can be known without the runtime's help.
//
// Used where the runtime's source is not one the agent knows.  Bytes and
// objects are what the whole process allocated between a test's begin and end,
// so tests run one at a time (T.Parallel has no effect).  Goroutines are those
// of a full stack dump that were not there when the test began.  How many were
// created, and how many lived at once, is not known and written as "-".

package testing

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

const gobudgetAccounting = "testing"

// gobudgetWindow is what one test's block is here.
type gobudgetWindow struct {
	parent           uintptr
	bytes, objects   uint64 // of the process when it began; its own once it ended
	subBytes, subObj uint64 // of its subtests
	before           map[string]bool
	left             map[string]bool
	ended            bool
}

var (
	gobudgetWindows []*gobudgetWindow
	gobudgetMutex   sync.Mutex
	gobudgetEnv     = gobudgetTakeEnv()
	gobudgetMain    map[string]bool // goroutines of the package, before any test
)

func gobudgetTakeEnv() string {
	s := os.Getenv("GOBUDGET_AGENT")
	os.Unsetenv("GOBUDGET_AGENT")
	return s
}

func gobudgetConfig() string    { return gobudgetEnv }
func gobudgetOff()              {}
func gobudgetOn()               {}
func gobudgetSwap(uint8) uint8  { return 0 }
func gobudgetSet(uintptr)       {}
func gobudgetLock()             { gobudgetMutex.Lock() }
func gobudgetUnlock()           { gobudgetMutex.Unlock() }
func gobudgetTimer(*time.Timer) {}
func gobudgetBoot()             { gobudgetMain = gobudgetIDs(gobudgetDump()) }
func gobudgetSiteLines() []byte { return nil }

func gobudgetExplained() string { return "" }
func gobudgetHeapBefore()       {}
func gobudgetGoid() uint64      { return 0 }
func gobudgetHeapMark() uint64  { return gobudgetStats().HeapAlloc }
func gobudgetHeapPeak() uint64  { return gobudgetStats().HeapAlloc }

func gobudgetWrite(_ uintptr, p []byte) { gobudgetAgent.file.Write(p) }

func gobudgetRead(uintptr, bool) (live, peak, created int64, bytes, objects uint64) { return }

// The process's totals without what the agent itself allocated between
// gobudgetBusy and gobudgetIdle, under the mutex.
var (
	gobudgetMem                          runtime.MemStats
	gobudgetOwnBytes, gobudgetOwnObjects uint64
)

func gobudgetStats() *runtime.MemStats {
	runtime.ReadMemStats(&gobudgetMem)
	return &gobudgetMem
}

// gobudgetCollector: the worst pause is that of the last 256 collections, all that are remembered.
func gobudgetCollector() (collections, pauses, worst uint64) {
	m := gobudgetStats()
	for _, ns := range m.PauseNs {
		if ns > worst {
			worst = ns
		}
	}
	return uint64(m.NumGC), m.PauseTotalNs, worst
}

func gobudgetCollect() uint64 {
	runtime.GC()
	runtime.GC()
	return gobudgetStats().HeapAlloc
}

// gobudgetForget drops what is only of use while groups are made.
func gobudgetForget() { gobudgetBefore = nil }

func gobudgetBusy() (bytes, objects uint64) {
	gobudgetMutex.Lock()
	m := gobudgetStats()
	return m.TotalAlloc - gobudgetOwnBytes, m.Mallocs - gobudgetOwnObjects
}

func gobudgetIdle(bytes, objects uint64) {
	m := gobudgetStats()
	gobudgetOwnBytes = m.TotalAlloc - bytes
	gobudgetOwnObjects = m.Mallocs - objects
	gobudgetMutex.Unlock()
}

func gobudgetEnter(parent uintptr, _ bool) uintptr {
	bytes, objects := gobudgetBusy()
	w := &gobudgetWindow{parent: parent, before: gobudgetIDs(gobudgetDump()), bytes: bytes, objects: objects}
	gobudgetWindows = append(gobudgetWindows, w)
	block := uintptr(len(gobudgetWindows))
	gobudgetIdle(bytes, objects)
	return block
}

type gobudgetNumbers struct {
	live           int64
	bytes, objects uint64
	known          bool
}

// gobudgetCounts closes a test's window the first time it is asked to flush.
func gobudgetCounts(block uintptr, flush bool) (c gobudgetNumbers) {
	if block == 0 {
		return c
	}
	bytes, objects := gobudgetBusy()
	defer gobudgetIdle(bytes, objects)
	w := gobudgetWindows[block-1]
	if flush && !w.ended {
		w.ended = true
		all, objs := bytes-w.bytes, objects-w.objects
		if w.parent != 0 {
			p := gobudgetWindows[w.parent-1]
			p.subBytes += all
			p.subObj += objs
		}
		w.bytes, w.objects = all-w.subBytes, objs-w.subObj
		w.left = gobudgetIDs(gobudgetDump())
		for id := range w.before {
			delete(w.left, id)
		}
		w.before = nil
	}
	if w.ended {
		c = gobudgetNumbers{int64(len(w.left)), w.bytes, w.objects, true}
	}
	return c
}

func (c *gobudgetNumbers) append(b []byte) []byte {
	b = append(gobudgetInt(b, c.live), "\t-\t-"...)
	if !c.known {
		return append(b, "\t-\t-"...)
	}
	b = gobudgetInt(b, int64(c.bytes))
	return gobudgetInt(b, int64(c.objects))
}

// gobudgetDump is all goroutines but the caller's, as text.
func gobudgetDump() []string {
	buf := make([]byte, 1<<16)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= 64<<20 {
			return strings.Split(strings.TrimSpace(string(buf[:n])), "\n\n")[1:]
		}
		buf = make([]byte, 4*len(buf))
	}
}

// gobudgetIDs are the numbers of the goroutines that somebody could have left:
// the framework's own, and those that the library keeps for good, are not among them.
func gobudgetIDs(dump []string) map[string]bool {
	ids := make(map[string]bool)
	for _, g := range dump {
		if gobudgetOwnText(g) {
			continue
		}
		if id, _, ok := strings.Cut(strings.TrimPrefix(g, "goroutine "), " "); ok {
			ids[id] = true
		}
	}
	return ids
}

func gobudgetOwnText(g string) bool {
	for _, own := range []string{"testing.tRunner(", "testing.fRunner(", "testing.(*B).launch(",
		"testing.(*B).run1.func", "testing.(*M).Run(", "testing.runExample.func", "os/signal.loop(",
		"runtime/pprof.profileWriter(", "runtime/trace.Start.func"} {
		if strings.Contains(g, own) {
			return true
		}
	}
	return false
}

// gobudgetBefore is every goroutine as it stood when settling began.
var gobudgetBefore map[string]bool

// gobudgetStanding is a goroutine's text without how long it has waited.
func gobudgetStanding(g string) string {
	head, rest, _ := strings.Cut(g, "\n")
	head, _, _ = strings.Cut(head, ",")
	return strings.TrimSuffix(head, "]:") + "\n" + rest
}

// gobudgetSettle waits until what tests left has ended, for one window at most.
func gobudgetSettle(window time.Duration) {
	gobudgetBefore = make(map[string]bool)
	for _, g := range gobudgetDump() {
		gobudgetBefore[gobudgetStanding(g)] = true
	}
	for end := time.Now().Add(window); ; time.Sleep(5 * time.Millisecond) {
		alive := gobudgetIDs(gobudgetDump())
		n := 0
		gobudgetMutex.Lock()
		for _, w := range gobudgetWindows {
			for id := range w.left {
				if !alive[id] {
					delete(w.left, id)
				}
			}
			n += len(w.left)
		}
		gobudgetMutex.Unlock()
		if n == 0 || time.Now().After(end) {
			return
		}
	}
}

// gobudgetGroups returns the group lines of everything left behind.
func gobudgetGroups() []byte {
	index := make(map[string]int64)
	still := make(map[string]int64)
	var order []string
	for _, g := range gobudgetDump() {
		head, rest, _ := strings.Cut(g, "\n")
		id, state, _ := strings.Cut(strings.TrimPrefix(head, "goroutine "), " ")
		state = strings.Trim(state, "[]:")
		state, _, _ = strings.Cut(state, ",")
		text := gobudgetTextGroup(state, rest)
		for t := gobudgetAgent.last; t != nil; t = t.next {
			if t.block == 0 || !gobudgetWindows[t.block-1].left[id] {
				continue
			}
			key := strconv.Itoa(t.id) + "\x00" + text
			if index[key] == 0 {
				order = append(order, key)
			}
			index[key]++
			if gobudgetBefore[gobudgetStanding(g)] {
				still[key]++
			}
		}
	}
	var out []byte
	for _, key := range order {
		id, text, _ := strings.Cut(key, "\x00")
		out = append(append(out, "group\t"...), id...)
		out = gobudgetInt(append(out, "\tleft"...), index[key])
		out = append(append(out, text...), "\t0"...)
		out = append(gobudgetInt(out, still[key]), '\n')
	}
	return out
}

// gobudgetTextGroup makes the fields behind the count out of a stack's text:
// pairs of a function's line and a "\tfile:line +0x1b" line, the creator's last.
func gobudgetTextGroup(state, stack string) string {
	lines := strings.Split(stack, "\n")
	creator := []byte("\t\t\t0")
	var frames []byte
	n := 0
	for i := 0; i+1 < len(lines); i += 2 {
		name, at := lines[i], strings.TrimPrefix(lines[i+1], "\t")
		at, _, _ = strings.Cut(at, " +0x")
		colon := strings.LastIndexByte(at, ':')
		if colon < 0 {
			break
		}
		line, _ := strconv.Atoi(at[colon+1:])
		if rest, ok := strings.CutPrefix(name, "created by "); ok {
			rest, _, _ = strings.Cut(rest, " in goroutine ")
			creator = gobudgetInt(gobudgetField(gobudgetField(nil, rest), at[:colon]), int64(line))
			break
		}
		if open := strings.LastIndexByte(name, '('); open > 0 {
			name = name[:open]
		}
		if n == 64 || n == 0 && strings.HasPrefix(name, "runtime.") {
			continue
		}
		frames = gobudgetInt(gobudgetField(gobudgetField(frames, name), at[:colon]), int64(line))
		n++
	}
	b := append(gobudgetField(nil, state), creator...)
	return string(append(gobudgetInt(b, int64(n)), frames...))
}
